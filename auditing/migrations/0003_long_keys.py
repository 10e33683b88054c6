import django.db.models.deletion
from django.db import migrations, models

# The log is read newest first, of an endpoint or of a project: both orders are indexes, so a page costs the same however
# long the log is.
INDEXES = """
DROP INDEX prediction_endpoint_time;
DROP INDEX prediction_project;
CREATE INDEX prediction_endpoint_time ON auditing_prediction (endpoint_id, predicted_at, request_id);
CREATE INDEX prediction_project_time ON auditing_prediction (project_id, predicted_at, request_id);
"""
BACK = """
DROP INDEX prediction_endpoint_time;
DROP INDEX prediction_project_time;
CREATE INDEX prediction_endpoint_time ON auditing_prediction (endpoint_id, predicted_at);
CREATE INDEX prediction_project ON auditing_prediction (project_id);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('annotation', '0001_initial'),
        ('auditing', '0002_prediction_log'),
    ]

    operations = [
        migrations.AlterField(
            model_name='audit',
            name='queue',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='annotation.queue'),
        ),
        migrations.AlterField(
            model_name='audititem',
            name='stratum',
            field=models.TextField(db_comment='name of the stratum in the design'),
        ),
        migrations.AlterField(
            model_name='audititem',
            name='predicted',
            field=models.TextField(db_comment='class key; keys joined by | for multiple choice'),
        ),
        migrations.AlterField(
            model_name='audititem',
            name='truth',
            field=models.TextField(db_comment='as predicted; empty: none of these', null=True),
        ),
        migrations.AlterField(
            model_name='hardsample',
            name='predicted',
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name='prediction',
            name='predicted',
            field=models.TextField(db_comment='class key; sorted keys joined by | for multiple choice'),
        ),
        migrations.AlterField(
            model_name='prediction',
            name='outcome',
            field=models.TextField(db_comment='class key that came by itself, later', null=True),
        ),
        migrations.AddConstraint(
            model_name='audititem',
            constraint=models.CheckConstraint(condition=models.Q(('truth__isnull', True), ('undecidable', False), _connector='OR'), name='audit_item_truth_or_undecidable'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(INDEXES, BACK)],
            state_operations=[
                migrations.RemoveIndex(model_name='prediction', name='prediction_endpoint_time'),
                migrations.AddIndex(
                    model_name='prediction',
                    index=models.Index(fields=['endpoint', 'predicted_at', 'request_id'], name='prediction_endpoint_time'),
                ),
                migrations.AddIndex(
                    model_name='prediction',
                    index=models.Index(fields=['project', 'predicted_at', 'request_id'], name='prediction_project_time'),
                ),
            ],
        ),
    ]
