"""From the judged items to the number about production, its interval, and the sentence that says it."""

from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from auditing.estimation.stratified import StratifiedEstimate, stratified_proportion, tally_strata
from auditing.models import Audit, AuditItem, AuditKind
from auditing.services.audit_answers import gather_answers
from auditing.services.audit_classes import class_report
from common.numerics.estimate import Estimate
from common.said import Phrase, Said

LEVEL = 0.95

HARD = Phrase(
    "audit.hard",
    "{wrong:,} of {judged:,} hard samples were wrong. They were chosen for looking wrong: this is not a rate.",
)
CANNOT = Phrase("audit.cannot", "The accuracy cannot be computed yet: {reason}.")
RESULT = Phrase(
    "audit.result",
    "Of {population:,} predictions, about {wrong:,} are wrong (95% interval {least:,} to {most:,}): the accuracy in "
    "production is {value:.1%} ({low:.1%} to {high:.1%}), judged on {n:,}.",
)
NO_INPUT = Phrase("audit.noInput", "Nobody can tell about {n:,} more, whose input was not kept.")
REASONS = {"no answers yet": Phrase("audit.noAnswers", "no answers yet")}


@transaction.atomic
def refresh_estimate(audit: Audit) -> Audit:
    """Take in new answers and compute the result again. The audit's row is locked, so that two refreshes agree."""
    locked = (
        Audit.objects.select_for_update(of=("self",)).select_related("queue", "model_version__run").get(pk=audit.pk)
    )
    gather_answers(locked)
    items = list(AuditItem.objects.filter(audit=locked).order_by("request_id"))
    locked.result = random_result(locked, items) if locked.kind == AuditKind.RANDOM else targeted_result(items)
    locked.result_at = timezone.now()
    locked.save(update_fields=["result", "result_at"])
    return locked


def targeted_result(items: list[AuditItem]) -> dict[str, Any]:
    """Counts only: hard samples were chosen for looking wrong, so their share of errors says nothing of production."""
    judged = [item for item in items if item.truth is not None]
    wrong = sum(item.truth != item.predicted for item in judged)
    return {
        "kind": "targeted",
        "asked": len(items),
        "judged": len(judged),
        "undecidable": sum(item.undecidable for item in items),
        "waiting": waiting(items),
        "wrong": wrong,
        **_told(HARD(wrong=wrong, judged=len(judged))),
    }


def random_result(audit: Audit, items: list[AuditItem]) -> dict[str, Any]:
    """The estimate from the inclusion probabilities stored with the items: each stands for 1 / pi of its stratum."""
    strata = audit.design["strata"]
    index = {stratum["name"]: number for number, stratum in enumerate(strata)}
    place = np.array([index[item.stratum] for item in items], dtype=np.int64)
    right = np.array(
        [-1 if item.truth is None else int(item.truth == item.predicted) for item in items], dtype=np.int64
    )
    sizes = stratum_sizes(items, place, len(strata))
    tally = tally_strata(place, right, len(strata))
    found = stratified_proportion(sizes, *tally, level=LEVEL)
    as_evidence = stratified_proportion(sizes, *tally, level=LEVEL, target="process")
    judged = int((right >= 0).sum())
    return {
        "kind": "random",
        "asked": len(items),
        "judged": judged,
        "undecidable": sum(item.undecidable for item in items),
        "waiting": waiting(items),
        "missing": found.missing,
        "wrong": int((right == 0).sum()),
        "population": audit.population_size,
        "without_input": audit.design.get("without_input", 0),
        "accuracy": found.estimate.as_json(),
        "model_accuracy": as_evidence.estimate.as_json(),
        "error_rate": complement(found.estimate).as_json(),
        "assumption": found.assumption,
        "assumption_said": found.assumed.as_json(),
        "worst_case": found.worst_case,
        "strata": [
            {
                "name": strata[one.stratum]["name"],
                "population": one.population,
                "asked": one.asked,
                "answered": one.answered,
                "accuracy": one.estimate.as_json(),
            }
            for one in found.strata
        ],
        **class_report(items, place, sizes),
        **_told(result_said(found, audit.population_size, audit.design.get("without_input", 0))),
    }


def stratum_sizes(items: list[AuditItem], place: NDArray[np.int64], n_strata: int) -> NDArray[np.int64]:
    """Predictions of the population in each stratum, shape (n_strata,): the sum of 1 / pi of its items.

    Whole by design, pi being n / N in a stratum; the sum is rounded, since a quotient of two floats is not.
    """
    expansion = [1.0 / (item.inclusion_probability or 1.0) for item in items]
    return np.rint(np.bincount(place, weights=expansion, minlength=n_strata)).astype(np.int64)


def waiting(items: list[AuditItem]) -> int:
    """Drawn items about which people have not said anything that is settled; “cannot tell” is said."""
    return sum(item.truth is None and not item.undecidable for item in items)


def complement(estimate: Estimate) -> Estimate:
    """1 - p, with its interval."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return estimate
    return Estimate(
        value=1 - estimate.value,
        low=1 - estimate.high,
        high=1 - estimate.low,
        level=estimate.level,
        n=estimate.n,
        method=estimate.method,
        reason=estimate.reason,
    )


def result_said(found: StratifiedEstimate, population: int, without_input: int) -> Said:
    """The result in words, with what it does not speak of."""
    estimate = found.estimate
    if estimate.value is None or estimate.low is None or estimate.high is None:
        known = REASONS.get(estimate.reason or "")
        return CANNOT(reason=known() if known else estimate.reason)
    wrong, least, most = (round(population * (1 - share)) for share in (estimate.value, estimate.high, estimate.low))
    said = RESULT(
        population=population, wrong=wrong, least=least, most=most, n=estimate.n,
        value=estimate.value, low=estimate.low, high=estimate.high,
    )  # fmt: skip
    return said + NO_INPUT(n=without_input) if without_input else said


def _told(said: Said) -> dict[str, Any]:
    return {"sentence": said.sentence, "said": said.as_json()}
