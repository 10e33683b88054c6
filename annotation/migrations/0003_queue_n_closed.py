from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0002_storage")]
    operations = [
        migrations.AddField(
            model_name="queue",
            name="n_closed",
            field=models.IntegerField(db_comment="tasks closed before they had all their labels", default=0),
        ),
    ]
