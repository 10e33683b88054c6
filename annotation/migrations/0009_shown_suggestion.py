"""What a model said, beside the answer of whoever saw it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("annotation", "0008_queue_features")]
    operations = [
        migrations.CreateModel(
            name="ShownSuggestion",
            fields=[
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="suggestion",
                        serialize=False,
                        to="annotation.submission",
                    ),
                ),
                ("model", models.UUIDField(db_comment="public id of the model version")),
                (
                    "classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), db_comment="what it said", size=None
                    ),
                ),
                ("probability", models.FloatField(db_comment="of that, as the model gave it")),
                ("confirmed", models.BooleanField(db_comment="the person gave the same answer")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(probability__gte=0, probability__lte=1), name="suggestion_probability"
                    )
                ],
            },
        ),
    ]
