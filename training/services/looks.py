"""Looks at the sealed test split: a ledger, and a job that does the looking."""

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from accounts.services.audit_trail import record
from accounts.services.jobs import create_job
from common.problems import DomainError
from datasets.selectors.versions import rows
from training.models import ModelLine, ModelVersion, TestLook

LOOK_JOB = "training.evaluate_test"
SHORTEST_REASON = 15


class TestSplitSealed(DomainError):
    __test__ = False
    code = "test-split-sealed"
    title = "The test split is sealed"


class NoTestRows(DomainError):
    code = "no-test-rows"
    title = "There is no test split"


def has_test_rows(model: ModelVersion) -> bool:
    """Whether the version of the model has a test split."""
    return next(rows(model.run.version, split="test"), None) is not None


@transaction.atomic
def look_at_test(*, model: ModelVersion, by: User | None, reason: str = "") -> TestLook:
    """Take a look at the test split: a row in the ledger and the job that evaluates.

    The first look of a line is free. Every further one spoils the split a little more, so it needs a written reason.
    Raises TestSplitSealed without one, NoTestRows for a version without a test split.
    """
    if not has_test_rows(model):
        raise NoTestRows(f"{model.run.version} has no test rows to look at. Freeze a version with a test split.")
    ModelLine.objects.select_for_update().get(pk=model.line_id)  # numbers of looks are drawn one after the other
    earlier = TestLook.objects.filter(line_id=model.line_id)
    number = (earlier.aggregate(highest=Max("number"))["highest"] or 0) + 1
    if number > 1 and len(reason.strip()) < SHORTEST_REASON:
        last = earlier.select_related("model_version__line", "by").order_by("-number")[0]
        raise TestSplitSealed(
            f"The line “{model.line.name}” looked at the test split {_times(number - 1)}, last with "
            f"{last.model_version} on {last.created_at:%d %B %Y}. Each look makes its numbers less "
            f"believable: write down why another one is needed (at least {SHORTEST_REASON} characters), or "
            "judge by the validation split.",
            looks=number - 1,
        )
    look = TestLook.objects.create(
        project_id=model.project_id,
        line_id=model.line_id,
        number=number,
        model_version=model,
        by=by,
        reason=reason.strip(),
    )
    look.job = create_job(project=model.project, kind=LOOK_JOB, payload={"look_id": look.pk}, by=by)
    look.save(update_fields=["job"])
    record(
        project=model.project,
        actor=by,
        action="training.test_look",
        subject=str(model),
        data={"number": number, "reason": look.reason},
    )
    return look


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
