"""A schedule says how its audits are drawn and judged."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("auditing", "0004_suggestion_job")]

    operations = [
        migrations.AddField(
            model_name="auditschedule",
            name="strata_by",
            field=models.CharField(default="class_and_score", max_length=20),
        ),
        migrations.AddField(
            model_name="auditschedule",
            name="redundancy",
            field=models.PositiveSmallIntegerField(db_comment="people who judge each item", default=1),
        ),
        migrations.AddField(
            model_name="auditschedule",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10),
                blank=True,
                db_comment="annotator kinds admitted; empty: all",
                default=list,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="auditschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("strata_by__in", ["class", "score", "class_and_score", "none"])),
                name="audit_schedule_strata_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("redundancy__gte", 1), ("redundancy__lte", 9)),
                name="audit_schedule_redundancy_1_to_9",
            ),
        ),
    ]
