from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0008_ceiling_when_shown")]
    operations = [
        migrations.AlterField(
            model_name="gaterun",
            name="threshold",
            field=models.FloatField(db_comment="with which the checks were made", null=True),
        ),
    ]
