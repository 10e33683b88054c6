"""What an endpoint could not answer, counted by day and reason."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from training.models import Endpoint, EndpointError

UNREADABLE = "unreadable-picture"
MODEL_FAILED = "model-failed"
EMPTY = "endpoint-empty"


@transaction.atomic
def count_errors(*, endpoint: Endpoint, code: str, last: str, times: int = 1) -> None:
    """Add to the day's count; two requests at once both count."""
    now = timezone.now()
    row, _ = EndpointError.objects.get_or_create(endpoint=endpoint, day=now.date(), code=code)
    EndpointError.objects.filter(pk=row.pk).update(count=F("count") + times, last=last[:500], last_at=now)
