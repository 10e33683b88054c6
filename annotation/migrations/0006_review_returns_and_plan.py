"""A reviewer sends answers back (assignments of a next round), and plans what is reviewed."""

import common.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_audit_trail_append_only"),
        ("annotation", "0005_submission_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewPlan",
            fields=[
                (
                    "queue",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="review_plan",
                        serialize=False,
                        to="annotation.queue",
                    ),
                ),
                ("share", models.FloatField(db_comment="of the finished tasks, drawn at random", default=0.0)),
                (
                    "agreement_below",
                    models.FloatField(
                        db_comment="tasks whose most frequent answer has a smaller share are reviewed; null: none for this",
                        null=True,
                    ),
                ),
                (
                    "seed",
                    models.CharField(
                        db_comment="secret: with it anybody could tell which tasks are drawn", max_length=32
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReviewReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("public_id", models.UUIDField(default=common.ids.uuid7, editable=False, unique=True)),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        db_comment="the case's first, second … time; several answers may share it"
                    ),
                ),
                ("destination", models.CharField(choices=[("annotator", "Annotator"), ("pool", "Pool")], max_length=9)),
                ("comment", models.TextField(blank=True, default="")),
                (
                    "x",
                    models.FloatField(
                        db_comment="pixels of the picture, from its left edge; null without a pin", null=True
                    ),
                ),
                ("y", models.FloatField(db_comment="pixels of the picture, from its top edge", null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_once_per_annotator",
        ),
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_answered_has_a_revision",
        ),
        migrations.RemoveConstraint(
            model_name="reviewcase",
            name="review_settled_has_an_answer",
        ),
        migrations.AddField(
            model_name="assignment",
            name="remark",
            field=models.JSONField(
                db_comment="comment and pin of the reviewer who sent the round before back", null=True
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="reserved_until",
            field=models.DateTimeField(db_comment="an ended lease waits for its annotator till then", null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="round",
            field=models.SmallIntegerField(db_comment="above 1: a reviewer sent the round before back", db_default=1),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="inclusion_probability",
            field=models.FloatField(
                db_comment="drawn at random with this probability; null: not in the random sample", null=True
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="n_returns",
            field=models.PositiveSmallIntegerField(db_comment="times that answers were sent back", default=0),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="sampled_at",
            field=models.DateTimeField(db_comment="answers given before are judged by the sample", null=True),
        ),
        migrations.AddField(
            model_name="taskpayload",
            name="remark",
            field=models.JSONField(db_comment="comment and pin of the reviewer who sent it to the pool", null=True),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="state",
            field=models.CharField(
                choices=[
                    ("leased", "Leased"),
                    ("submitted", "Submitted"),
                    ("skipped", "Skipped"),
                    ("returned", "Returned"),
                ],
                db_default="leased",
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="reviewcase",
            name="reason",
            field=models.CharField(
                choices=[
                    ("low_posterior", "Low Posterior"),
                    ("disagreement", "Disagreement"),
                    ("cannot_tell", "Cannot Tell"),
                    ("flagged", "Flagged"),
                    ("skipped", "Skipped"),
                    ("sampled", "Sampled"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="reviewcase",
            name="state",
            field=models.CharField(
                choices=[("open", "Open"), ("returned", "Returned"), ("settled", "Settled")],
                default="open",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("annotator", "task", "round"), name="assignment_once_per_annotator"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revision", 0), ("state", "leased")),
                    models.Q(("revision__gte", 1), ("state__in", ["submitted", "skipped", "returned"])),
                    _connector="OR",
                ),
                name="assignment_answered_has_a_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer__isnull", True), ("settled_at__isnull", True), ("state__in", ["open", "returned"])
                    ),
                    models.Q(("answer__isnull", False), ("settled_at__isnull", False), ("state", "settled")),
                    _connector="OR",
                ),
                name="review_settled_has_an_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("inclusion_probability__isnull", True), ("sampled_at__isnull", True)),
                    models.Q(
                        ("inclusion_probability__gt", 0),
                        ("inclusion_probability__lte", 1),
                        ("sampled_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="review_sampled_with_a_probability",
            ),
        ),
        migrations.AddField(
            model_name="reviewplan",
            name="changed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reviewplan",
            name="job",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="accounts.job"
            ),
        ),
        migrations.AddField(
            model_name="reviewreturn",
            name="assignment",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="sent_back", to="annotation.assignment"
            ),
        ),
        migrations.AddField(
            model_name="reviewreturn",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="returns", to="annotation.reviewcase"
            ),
        ),
        migrations.AddField(
            model_name="reviewreturn",
            name="returned_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gte", 0), ("share__lte", 1)), name="review_plan_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreement_below__isnull", True),
                    models.Q(("agreement_below__gt", 0), ("agreement_below__lte", 1)),
                    _connector="OR",
                ),
                name="review_plan_agreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(("destination__in", ["annotator", "pool"])), name="return_destination"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("x__isnull", True), ("y__isnull", True)),
                    models.Q(("x__gte", 0), ("y__gte", 0)),
                    _connector="OR",
                ),
                name="return_pin_is_a_place",
            ),
        ),
    ]
