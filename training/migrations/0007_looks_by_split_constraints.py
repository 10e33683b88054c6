import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0006_number_looks_by_split")]

    operations = [
        migrations.AlterModelOptions(name="testlook", options={"ordering": ("split_of", "number")}),
        migrations.AlterField(
            model_name="testlook",
            name="split_of",
            field=models.ForeignKey(
                db_comment="version whose test split was looked at first; splits that share items with it are the "
                "same split",
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="datasets.datasetversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="testlook",
            constraint=models.UniqueConstraint(fields=("split_of", "number"), name="test_look_numbered"),
        ),
        migrations.AddConstraint(
            model_name="endpointrelease",
            constraint=models.CheckConstraint(
                condition=models.Q(("test_look__isnull", False), models.Q(("test_look_note", ""), _negated=True), _connector="OR"),
                name="endpoint_release_look_or_why_none",
            ),
        ),
    ]
