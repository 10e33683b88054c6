"""How many predictions the log holds, by day: kept by the database itself, so that every way in and out counts."""

import django.db.models.deletion
from django.db import migrations, models

# Only rows that were really added are in the transition table: a repeat that met the primary key is not.
TRIGGERS = """
CREATE FUNCTION auditing_count_predictions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO auditing_predictioncount AS c (project_id, endpoint_id, day, count)
    SELECT project_id, endpoint_id, (predicted_at AT TIME ZONE 'UTC')::date, count(*)
    FROM added GROUP BY 1, 2, 3 ORDER BY 2, 3
    ON CONFLICT (endpoint_id, day) DO UPDATE SET count = c.count + excluded.count;
    RETURN NULL;
END $$;
CREATE FUNCTION auditing_uncount_predictions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE auditing_predictioncount c SET count = greatest(c.count - gone.count, 0)
    FROM (SELECT endpoint_id, (predicted_at AT TIME ZONE 'UTC')::date AS day, count(*) FROM removed GROUP BY 1, 2) gone
    WHERE c.endpoint_id = gone.endpoint_id AND c.day = gone.day;
    RETURN NULL;
END $$;
CREATE TRIGGER auditing_prediction_counted AFTER INSERT ON auditing_prediction
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION auditing_count_predictions();
CREATE TRIGGER auditing_prediction_uncounted AFTER DELETE ON auditing_prediction
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION auditing_uncount_predictions();
INSERT INTO auditing_predictioncount (project_id, endpoint_id, day, count)
SELECT project_id, endpoint_id, (predicted_at AT TIME ZONE 'UTC')::date, count(*)
FROM auditing_prediction GROUP BY 1, 2, 3;
"""
BACK = """
DROP TRIGGER auditing_prediction_counted ON auditing_prediction;
DROP TRIGGER auditing_prediction_uncounted ON auditing_prediction;
DROP FUNCTION auditing_count_predictions();
DROP FUNCTION auditing_uncount_predictions();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("training", "0001_initial"),
        ("auditing", "0005_schedule_design"),
    ]

    operations = [
        migrations.CreateModel(
            name="PredictionCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(db_comment="UTC day of predicted_at")),
                ("count", models.PositiveBigIntegerField()),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="training.endpoint"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.project"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="predictioncount",
            constraint=models.UniqueConstraint(fields=("endpoint", "day"), name="prediction_count_once_a_day"),
        ),
        migrations.RunSQL(TRIGGERS, BACK),
    ]
