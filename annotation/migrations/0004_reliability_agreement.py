from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0003_queue_n_closed")]
    operations = [
        migrations.AddField(
            model_name="reliability",
            name="agreement",
            field=models.JSONField(
                db_comment="estimate: share of the others' labels on the same items that say the same", null=True
            ),
        ),
    ]
