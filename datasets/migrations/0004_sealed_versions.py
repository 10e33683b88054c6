"""A frozen version takes no further rows, and its summary, lineage and owner stay as they were.

The trigger that refuses rows looks once at each statement, not at each row: a million rows are copied in one.
"""

from django.db import migrations

CONDITION = (
    "(OLD.content_hash, OLD.name, OLD.number, OLD.recipe, OLD.manifest_key, OLD.schema_id, OLD.question{more})"
    " IS DISTINCT FROM (NEW.content_hash, NEW.name, NEW.number, NEW.recipe, NEW.manifest_key, NEW.schema_id,"
    " NEW.question{more_new})"
)
MORE = ("summary", "parent_id", "project_id", "created_at")


def _trigger(columns: tuple[str, ...]) -> str:
    condition = CONDITION.format(
        more="".join(f", OLD.{one}" for one in columns), more_new="".join(f", NEW.{one}" for one in columns)
    )
    return (
        "DROP TRIGGER datasets_datasetversion_immutable ON datasets_datasetversion;"
        "CREATE TRIGGER datasets_datasetversion_immutable BEFORE UPDATE ON datasets_datasetversion FOR EACH ROW"
        f" WHEN ({condition}) EXECUTE FUNCTION datasets_refuse_change();"
    )


SEAL = """
CREATE FUNCTION datasets_refuse_late_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM datasets_datasetversion v
        WHERE v.id IN (SELECT version_id FROM added) AND v.summary ? 'items'
        AND (SELECT count(*) FROM datasets_versionitem r WHERE r.version_id = v.id) > (v.summary ->> 'items')::bigint
    ) THEN
        RAISE EXCEPTION 'datasets_versionitem rows are immutable; a frozen version takes no further items'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER datasets_versionitem_sealed AFTER INSERT ON datasets_versionitem
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION datasets_refuse_late_rows();
"""
UNSEAL = """
DROP TRIGGER datasets_versionitem_sealed ON datasets_versionitem;
DROP FUNCTION datasets_refuse_late_rows();
"""


class Migration(migrations.Migration):
    dependencies = [("datasets", "0003_upload_taken_by")]
    operations = [
        migrations.RunSQL(_trigger(MORE), _trigger(())),
        migrations.RunSQL(SEAL, UNSEAL),
    ]
