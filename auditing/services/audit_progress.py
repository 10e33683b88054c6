"""An audit on its way: answers come in, its number moves, it ends."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.audit_trail import record
from annotation.services.queues import change_queue
from auditing.models import Audit, AuditState
from auditing.services.audit_estimate import refresh_estimate
from auditing.services.suggestions import consider
from common.problems import Conflict


@transaction.atomic
def take_in_answers(audit: Audit) -> Audit:
    """Take in what people answered since, compute the number again, and ask the rule about retraining.

    A cancelled audit stays as it was. A completed one follows a correction by a reviewer.
    """
    if Audit.objects.select_for_update().get(pk=audit.pk).state == AuditState.CANCELLED:
        return audit
    fresh = refresh_estimate(audit)
    consider(fresh)
    return fresh


@transaction.atomic
def end_audit(*, audit: Audit, state: AuditState, by: User | None) -> Audit:
    """Complete or cancel a running audit and close its queue; answers stay. Raises Conflict when it has ended.

    A completed audit takes in the last answers first; the missing ones stay missing, and the result says so.
    """
    locked = Audit.objects.select_for_update().get(pk=audit.pk)
    if locked.state != AuditState.RUNNING:
        raise Conflict("This audit has ended already. Look at its result, or start another one.")
    locked.state, locked.completed_at = state, timezone.now()
    locked.save(update_fields=["state", "completed_at"])
    if locked.queue is not None:
        change_queue(queue=locked.queue, changes={"state": "closed"}, by=by)
    record(project=locked.project, actor=by, action=f"audit.{state}", subject=str(locked.public_id))
    return locked if state == AuditState.CANCELLED else take_in_answers(locked)
