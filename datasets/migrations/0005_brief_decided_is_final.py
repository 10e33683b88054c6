"""A signed or stopped brief never changes: what a named person stood for is what one reads later."""

from django.db import migrations

COLUMNS = (
    "project_id", "revision", "template", "answers", "state", "task_kind", "class_of_concern", "positive_share",
    "cases_per_day", "lifetime_days", "signed_name", "decided_at", "decision_reason",
)  # fmt: skip


def _row(name: str) -> str:
    return f"({', '.join(f'{name}.{column}' for column in COLUMNS)})"


CREATE = f"""
CREATE TRIGGER datasets_brief_decided_is_final BEFORE UPDATE ON datasets_brief FOR EACH ROW
WHEN (OLD.state <> 'draft' AND {_row("OLD")} IS DISTINCT FROM {_row("NEW")})
EXECUTE FUNCTION datasets_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("datasets", "0004_sealed_versions")]
    operations = [migrations.RunSQL(CREATE, "DROP TRIGGER datasets_brief_decided_is_final ON datasets_brief;")]
