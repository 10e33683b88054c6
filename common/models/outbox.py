from django.db import models


class OutboxEvent(models.Model):
    """A fact that another app must hear of, written in the transaction that made it true."""

    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="outbox_undelivered", condition=models.Q(delivered_at=None)),
            models.Index(fields=["delivered_at"], name="outbox_delivered_at"),
        ]


class Receipt(models.Model):
    """A receiver has taken an event: what makes a second delivery harmless."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="receipts")
    task = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "task"], name="receipt_once_per_event_and_task")]
