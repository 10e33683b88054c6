from django.db import models


class DueTime(models.Model):
    """When a periodic task is due next; claimed by conditional update, so two schedulers do no harm."""

    name = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
