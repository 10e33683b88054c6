"""Who did what stays as it was written; only the person may be forgotten, when the account is deleted."""

from django.db import migrations

CREATE = """
CREATE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_auditentry_append_only BEFORE UPDATE ON accounts_auditentry FOR EACH ROW
WHEN (
  (OLD.project_id, OLD.action, OLD.subject, OLD.data, OLD.created_at)
  IS DISTINCT FROM (NEW.project_id, NEW.action, NEW.subject, NEW.data, NEW.created_at)
) EXECUTE FUNCTION accounts_refuse_change();
"""
DROP = """
DROP TRIGGER accounts_auditentry_append_only ON accounts_auditentry;
DROP FUNCTION accounts_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sign_in_count")]
    operations = [migrations.RunSQL(CREATE, DROP)]
