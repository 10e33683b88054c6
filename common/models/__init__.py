from common.models.base import PublicIdModel, TimestampedModel
from common.models.due import DueTime
from common.models.outbox import OutboxEvent, Receipt

__all__ = ["DueTime", "OutboxEvent", "PublicIdModel", "Receipt", "TimestampedModel"]
