"""What people said about the audited items, brought to the classes that the model knows."""

from django.db import transaction
from django.utils import timezone

from annotation.selectors.answers import Answer, settled_answers
from auditing.models import Audit, AuditItem
from datasets.selectors import schemas
from training.selectors.targets import Target, TargetClasses, target_classes

NONE_OF_THESE = ""  # a truth that no class of the model is right about
JOINED_BY = "|"  # as in the log: the sorted keys of a multiple-choice answer


def learned_classes(audit: Audit) -> TargetClasses:
    """The model's class for every label key it learned: it may have learned categories of what people label."""
    run = audit.model_version.run
    target = Target(
        question=run.question, level=run.target.get("level"), left_out=tuple(run.target.get("left_out", ()))
    )
    return target_classes(schemas.document(run.version.schema), target)


@transaction.atomic
def gather_answers(audit: Audit) -> int:
    """Copy settled answers to the audited items; returns how many rows changed. A later review replaces an answer.

    A class that the model did not learn, and “none of these”, become the empty truth: no prediction can be right.
    With multiple choice the truth is the whole set of classes, which may be empty, and all of it must be right.
    “Cannot tell” is kept as undecidable and counts as a missing answer.
    """
    if audit.queue is None:
        return 0
    rows = list(AuditItem.objects.select_for_update().filter(audit=audit).order_by("id"))
    settled = settled_answers(audit.queue, sorted({row.item_id for row in rows}))
    learned = learned_classes(audit)
    now = timezone.now()
    changed = []
    for row in rows:
        truth, undecidable = _truth(settled.get(row.item_id), learned)
        if (truth, undecidable) != (row.truth, row.undecidable):
            row.truth, row.undecidable = truth, undecidable
            row.judged_at = now if truth is not None or undecidable else None
            changed.append(row)
    AuditItem.objects.bulk_update(changed, ["truth", "undecidable", "judged_at"], batch_size=1000)
    return len(changed)


def _truth(answer: Answer | None, learned: TargetClasses) -> tuple[str | None, bool]:
    if answer is None:
        return None, False
    if answer.kind == "cannot_tell":
        return None, True
    if learned.is_multiple:  # a class that the model did not learn stays under its own key, which it cannot predict
        return JOINED_BY.join(sorted({learned.of_key.get(key, key) for key in answer.classes})), False
    classes = {learned.of_key.get(key, NONE_OF_THESE) for key in answer.classes}
    return (classes.pop() if len(classes) == 1 else NONE_OF_THESE), False
