"""How often data were looked at that must not be learned from."""

from typing import Any

from accounts.models import Project
from common.numerics.estimate import Estimate
from training.evaluation.looks import Looks, judge_looks
from training.models import Run, ValidationLook
from training.selectors.estimates import score_of
from training.selectors.sealed_splits import ledger_rows, sealed_split

SHOWN = 200


def validation_looks(version_id: int, question: str) -> Looks | None:
    """The judgement on the validation rows of a version, by the best score seen on them. None before the first look."""
    looks = ValidationLook.objects.filter(version_id=version_id, question=question)
    count = looks.count()
    if not count:
        return None
    scored = [run for run in Run.objects.filter(validation_look__in=looks).succeeded() if run.metrics]
    best = max(scored, key=lambda run: _value(score_of(run)), default=None)
    return None if best is None else judge_looks(count, score_of(best))


def _value(score: Estimate) -> float:
    return float("-inf") if score.value is None else score.value


def ledger(project: Project, version: Any = None) -> dict[str, Any]:
    """Every version that was looked at, with its judgement, and the ledger of test looks, the latest first.

    version: only this one; its test looks are all those at its test split, with models of whatever version.
    """
    pairs = ValidationLook.objects.filter(project=project).select_related("version")
    if version is None:
        tests = list(ledger_rows().filter(project=project).order_by("-id")[:SHOWN])
    else:
        pairs, tests = pairs.filter(version=version), list(reversed(sealed_split(version).looks))
    versions = {(look.version_id, look.question): str(look.version) for look in pairs.order_by("version_id")}
    judged = []
    for (found_id, question), name in versions.items():
        looks = validation_looks(found_id, question)
        if looks is not None:
            judged.append({"version": name, "question": question} | looks.as_json())
    return {"validation": judged, "test": tests}
