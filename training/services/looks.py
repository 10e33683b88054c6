"""Looks at the sealed test split: a ledger, and a job that does the looking."""

from django.db import transaction

from accounts.models import Project, User
from accounts.services.audit_trail import record
from accounts.services.jobs import create_job
from common.problems import DomainError
from training.models import ModelVersion, TestLook
from training.selectors.sealed_splits import SealedSplit, has_test_rows, sealed_split

LOOK_JOB = "training.evaluate_test"
SHORTEST_REASON = 15


class TestSplitSealed(DomainError):
    __test__ = False
    code = "test-split-sealed"
    title = "The test split is sealed"


class NoTestRows(DomainError):
    code = "no-test-rows"
    title = "There is no test split"


@transaction.atomic
def look_at_test(*, model: ModelVersion, by: User | None, reason: str = "") -> TestLook:
    """Take a look at the test split: a row in the ledger and the job that evaluates.

    The first look at a split is free. Every further one, with whatever model of whatever line or version that shares
    the split, spoils it a little more, so it needs a written reason.
    Raises TestSplitSealed without one, NoTestRows for a version without a test split.
    """
    if not has_test_rows(model):
        raise NoTestRows(f"{model.run.version} has no test rows to look at. Freeze a version with a test split.")
    return _look(model, _locked_split(model), by, reason.strip())


def look_for_release(
    *, model: ModelVersion, endpoint: str, by: User | None, reason: str = ""
) -> tuple[TestLook | None, str]:
    """The look by which a release is judged: the model's own, else the free first one, else one more for a reason.

    Returns (look, ""), or (None, sentence why no look was taken). Raises TestSplitSealed for too short a reason.
    """
    if not has_test_rows(model):
        return None, f"No look was taken: {model.run.version} has no test split."
    split = _locked_split(model)
    if (mine := split.of_model(model)) is not None:
        return mine, ""
    if not split.looks:
        return _look(model, split, by, f"Release to {endpoint}"), ""
    if reason.strip():
        return _look(model, split, by, reason.strip()), ""
    return None, (
        f"No look was taken: the test split was looked at {split.told()}, and a further look needs a written reason."
    )


def _locked_split(model: ModelVersion) -> SealedSplit:
    # Looks are numbered one after the other over all lines and versions, so the lock is the project's.
    Project.objects.select_for_update(no_key=True).get(pk=model.project_id)
    return sealed_split(model.run.version)


def _look(model: ModelVersion, split: SealedSplit, by: User | None, reason: str) -> TestLook:
    number = split.next_number
    if number > 1 and len(reason) < SHORTEST_REASON:
        raise TestSplitSealed(
            f"This test split was looked at {split.told()}. Each look makes its numbers less believable, whichever "
            f"line or version looks: write down why another one is needed (at least {SHORTEST_REASON} characters), or "
            "judge by the validation split.",
            looks=len(split.looks),
        )
    look = TestLook.objects.create(
        project_id=model.project_id,
        line_id=model.line_id,
        split_of_id=split.first,
        number=number,
        model_version=model,
        by=by,
        reason=reason,
    )
    look.job = create_job(project=model.project, kind=LOOK_JOB, payload={"look_id": look.pk}, by=by)
    look.save(update_fields=["job"])
    record(
        project=model.project,
        actor=by,
        action="training.test_look",
        subject=str(model),
        data={"number": number, "reason": reason, "split_of": str(look.split_of)},
    )
    return look
