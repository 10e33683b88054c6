"""What the product calls immutable is refused by the database itself, whoever writes.

A frozen version may only be archived and a label only superseded; schemas and rows of versions never change. Deleting
stays possible, for a whole project and for takedowns.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION datasets_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are immutable; make a new one instead', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

TRIGGERS = {
    "datasets_labelschema": "true",
    "datasets_versionitem": "true",
    "datasets_datasetversion": (
        "(OLD.content_hash, OLD.name, OLD.number, OLD.recipe, OLD.manifest_key, OLD.schema_id, OLD.question)"
        " IS DISTINCT FROM (NEW.content_hash, NEW.name, NEW.number, NEW.recipe, NEW.manifest_key, NEW.schema_id,"
        " NEW.question)"
    ),
    "datasets_label": (
        "(OLD.answer, OLD.item_id, OLD.schema_id, OLD.question, OLD.origin, OLD.posterior)"
        " IS DISTINCT FROM (NEW.answer, NEW.item_id, NEW.schema_id, NEW.question, NEW.origin, NEW.posterior)"
        " OR (NEW.is_current AND NOT OLD.is_current)"
    ),
}


def _create() -> str:
    return "".join(
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN ({condition}) EXECUTE FUNCTION datasets_refuse_change();\n"
        for table, condition in TRIGGERS.items()
    )


def _drop() -> str:
    return "".join(f"DROP TRIGGER {table}_immutable ON {table};\n" for table in TRIGGERS)


class Migration(migrations.Migration):
    dependencies = [("datasets", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION datasets_refuse_change();"),
        migrations.RunSQL(_create(), _drop()),
    ]
