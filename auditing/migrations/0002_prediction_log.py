import django.db.models.deletion
from django.db import migrations, models


# A unique request id alone is refused on a partitioned table, so the key starts with the day, which the request id
# (UUIDv7) contains: a repeat meets the same key. Partitions are made ahead by beat and at insert.
CREATE = """
CREATE TABLE auditing_prediction (
    day date NOT NULL,
    request_id uuid NOT NULL,
    project_id bigint NOT NULL REFERENCES accounts_project (id) DEFERRABLE INITIALLY DEFERRED,
    endpoint_id bigint NOT NULL REFERENCES training_endpoint (id) DEFERRABLE INITIALLY DEFERRED,
    model_version_id bigint NOT NULL REFERENCES training_modelversion (id) DEFERRABLE INITIALLY DEFERRED,
    item_id bigint NULL REFERENCES datasets_item (id) DEFERRABLE INITIALLY DEFERRED,
    predicted varchar(200) NOT NULL,
    score double precision NOT NULL CHECK (score >= 0 AND score <= 1),
    probabilities jsonb NOT NULL,
    attributes jsonb NOT NULL,
    latency_ms double precision NULL,
    outcome varchar(200) NULL,
    predicted_at timestamptz NOT NULL,
    PRIMARY KEY (day, request_id)
) PARTITION BY RANGE (day);
CREATE INDEX prediction_endpoint_time ON auditing_prediction (endpoint_id, predicted_at);
CREATE INDEX prediction_item ON auditing_prediction (item_id);
CREATE INDEX prediction_model_version ON auditing_prediction (model_version_id);
CREATE INDEX prediction_project ON auditing_prediction (project_id);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('auditing', '0001_initial'),
        ('datasets', '0002_immutability'),
        ('training', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CREATE, "DROP TABLE auditing_prediction")],
            state_operations=[
                migrations.CreateModel(
                    name='Prediction',
                    fields=[
                        ('pk', models.CompositePrimaryKey('day', 'request_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField()),
                        ('request_id', models.UUIDField()),
                        ('predicted', models.CharField(db_comment='class key', max_length=200)),
                        ('score', models.FloatField(db_comment='probability of the predicted class, 0 to 1')),
                        ('probabilities', models.JSONField(db_comment='class key to probability, the likeliest classes', default=dict)),
                        ('attributes', models.JSONField(default=dict)),
                        ('latency_ms', models.FloatField(null=True)),
                        ('outcome', models.CharField(db_comment='class key that came by itself, later', max_length=200, null=True)),
                        ('predicted_at', models.DateTimeField()),
                        ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.endpoint')),
                        ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='datasets.item')),
                        ('model_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.modelversion')),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.project')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['endpoint', 'predicted_at'], name='prediction_endpoint_time'), models.Index(fields=['item'], name='prediction_item')],
                    },
                ),
            ],
        ),
    ]
