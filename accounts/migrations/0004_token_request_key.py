"""A token remembers the key of the request that made it, so that a repeat makes no second one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_audit_trail_append_only")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="request_key",
            field=models.CharField(
                db_comment="Idempotency-Key it was asked for with: a repeat makes no second one",
                max_length=128,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.UniqueConstraint(fields=("user", "request_key"), name="token_once_per_request"),
        ),
    ]
