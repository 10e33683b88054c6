"""Instructions with examples, revision by revision, and who has been shown which."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What annotators read until now becomes the revision that they have read.
KEEP = """
INSERT INTO annotation_guideline (created_at, queue_id, revision, instructions, note, created_by_id)
SELECT now(), id, instructions_revision, instructions, '', created_by_id FROM annotation_queue WHERE instructions <> ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0006_review_returns_and_plan"),
        ("datasets", "0005_brief_decided_is_final"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("revision", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Guideline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("revision", models.PositiveIntegerField()),
                ("instructions", models.TextField(blank=True, default="")),
                (
                    "note",
                    models.CharField(blank=True, db_comment="what changed, in a sentence", default="", max_length=300),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GuidelineExample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(db_comment="order on the page, from 0")),
                ("kind", models.CharField(choices=[("good", "Good"), ("bad", "Bad")], max_length=4)),
                (
                    "class_key",
                    models.CharField(
                        blank=True, db_comment="empty: of the question as a whole", default="", max_length=120
                    ),
                ),
                ("sentence", models.CharField(blank=True, default="", max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="annotator",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="annotation.annotator"
            ),
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="queue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="acknowledgements", to="annotation.queue"
            ),
        ),
        migrations.AddField(
            model_name="guideline",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="guideline",
            name="queue",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="guidelines",
                to="annotation.queue",
            ),
        ),
        migrations.AddField(
            model_name="guidelineexample",
            name="guideline",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="examples",
                to="annotation.guideline",
            ),
        ),
        migrations.AddField(
            model_name="guidelineexample",
            name="item",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="datasets.item"),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.UniqueConstraint(fields=("annotator", "queue", "revision"), name="acknowledged_once"),
        ),
        migrations.AddConstraint(
            model_name="guideline",
            constraint=models.UniqueConstraint(fields=("queue", "revision"), name="guideline_revision_once"),
        ),
        migrations.AddConstraint(
            model_name="guidelineexample",
            constraint=models.UniqueConstraint(fields=("guideline", "place"), name="example_place_once"),
        ),
        migrations.AddConstraint(
            model_name="guidelineexample",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["good", "bad"])), name="example_good_or_bad"
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
