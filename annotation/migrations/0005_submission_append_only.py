"""An answer stays as it was sent: a correction is the next revision, and the database refuses anything else."""

from django.db import migrations

CREATE = """
CREATE FUNCTION annotation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are append-only; a correction is a new revision', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER annotation_submission_append_only BEFORE UPDATE ON annotation_submission FOR EACH ROW
WHEN (
  (OLD.id, OLD.assignment_id, OLD.annotator_id, OLD.queue_id, OLD.revision, OLD.schema_version, OLD.answer, OLD.comment,
   OLD.flagged, OLD.body_hash)
  IS DISTINCT FROM
  (NEW.id, NEW.assignment_id, NEW.annotator_id, NEW.queue_id, NEW.revision, NEW.schema_version, NEW.answer, NEW.comment,
   NEW.flagged, NEW.body_hash)
) EXECUTE FUNCTION annotation_refuse_change();
"""
DROP = """
DROP TRIGGER annotation_submission_append_only ON annotation_submission;
DROP FUNCTION annotation_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("annotation", "0004_reliability_agreement")]
    operations = [migrations.RunSQL(CREATE, DROP)]
