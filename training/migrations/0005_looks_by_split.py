"""Looks are counted for the test split itself, and every release says which look judged it or why none did."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datasets", "0005_brief_decided_is_final"), ("training", "0004_endpoint_error")]

    operations = [
        migrations.RemoveConstraint(model_name="testlook", name="test_look_numbered"),
        migrations.AddField(
            model_name="testlook",
            name="split_of",
            field=models.ForeignKey(
                db_comment="version whose test split was looked at first; splits that share items with it are the "
                "same split",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="datasets.datasetversion",
            ),
        ),
        migrations.AddField(
            model_name="endpointrelease",
            name="test_look",
            field=models.ForeignKey(
                db_comment="by which it was judged",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="releases",
                to="training.testlook",
            ),
        ),
        migrations.AddField(
            model_name="endpointrelease",
            name="test_look_note",
            field=models.TextField(blank=True, db_comment="a sentence: why there is no look at the test split", default=""),
            preserve_default=False,
        ),
    ]
