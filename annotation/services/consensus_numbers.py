"""From answers to arrays, through the pure packages, and back to items and annotators."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from annotation.agreement.fleiss_kappa import fleiss_kappa
from annotation.agreement.krippendorff_alpha import krippendorff_alpha
from annotation.agreement.observed import agreement_with_others, observed_agreement
from annotation.consensus.consensus import Consensus
from annotation.consensus.dawid_skene import dawid_skene
from annotation.consensus.majority import majority
from annotation.consensus.responses import KeyedResponses, index_responses
from annotation.consensus.strength import choose_strength
from annotation.models import Queue
from annotation.reliability.model_based import model_reliability
from annotation.selectors.answers import CurrentAnswer
from common.numerics.estimate import Estimate
from datasets.labeling_schema.answers import NONE_KEY, answer_token
from datasets.selectors import schemas

KEPT_CLASSES = 20
SMALLEST_TOLD = 5e-7  # what six decimals would show as 0
CROSS_VALIDATE_UP_TO = 200_000  # responses, about 10 CPU seconds of 25 fits; above, the default strength is close
Keyed = KeyedResponses[Any, int, Any]


@dataclass(frozen=True, kw_only=True)
class ItemEstimate:
    """answer: canonical; distribution: token or class key to probability; entropy: nats; n: labels behind it."""

    item_id: int
    answer: dict[str, Any]
    distribution: dict[str, float]
    posterior: float
    entropy: float
    n: int


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What a run found. reliability, agreement: by annotator; how often right, how often the same as the others."""

    items: Sequence[ItemEstimate] = ()
    reliability: dict[int, Estimate] = field(default_factory=dict)
    agreement: dict[int, Estimate] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)


def compute(queue: Queue, answers: Sequence[CurrentAnswer], *, method: str, seed: int) -> Numbers:
    """Consensus, reliability and agreement. "Cannot tell" is an abstention: it is no label of any class.

    Gold answers teach how annotators err, and get no estimate. For several choices each class that somebody proposed
    for an item is one yes-or-no question, and the answer is what gets yes.
    """
    rng = np.random.default_rng(seed)
    votes = [one for one in answers if "cannot_tell" not in one.answer]
    question = schemas.question(queue.schema, queue.question)
    several = question.kind == "multiple_choice"
    keyed = _pairs(votes) if several else _tokens(votes)
    abstained = len(answers) - len(votes)
    if not votes:
        reason = "nobody has given a class yet"
        none = {name: Estimate.unknown(reason).as_json() for name in ("krippendorff_alpha", "fleiss_kappa", "observed")}
        return Numbers(summary={"agreement": none, "method": method, "n_abstained": abstained})
    fitted, settings = _fit(keyed, method, rng)
    gold = {one.item_id for one in answers if one.is_gold}
    agreeing = dict(zip(keyed.annotator_keys, agreement_with_others(keyed.responses, rng=rng), strict=True))
    return Numbers(
        items=_several(keyed, fitted, gold, question.allow_none) if several else _single(keyed, fitted, gold, votes),
        reliability=agreeing if method == "majority" else _reliability(keyed, fitted),
        agreement=agreeing,
        summary={
            "method": method,
            "settings": settings,
            "converged": bool(fitted.converged),
            "n_abstained": abstained,
            "agreement": _agreement(keyed, rng),
        },
    )


def _tokens(votes: Sequence[CurrentAnswer]) -> Keyed:
    return index_responses((one.item_id, one.annotator_id, answer_token(one.answer)) for one in votes)


def _pairs(votes: Sequence[CurrentAnswer]) -> Keyed:
    proposed: dict[int, set[str]] = defaultdict(set)
    for one in votes:
        proposed[one.item_id].update(one.answer.get("choices", (NONE_KEY,)))
    return index_responses(
        (
            ((one.item_id, key), one.annotator_id, key in one.answer.get("choices", (NONE_KEY,)))
            for one in votes
            for key in sorted(proposed[one.item_id])
        ),
        class_keys=(False, True),
    )


def _fit(keyed: Keyed, method: str, rng: np.random.Generator) -> tuple[Consensus, dict[str, Any]]:
    if method == "majority":
        return majority(keyed.responses), {}
    if keyed.responses.n_responses > CROSS_VALIDATE_UP_TO:
        return dawid_skene(keyed.responses), {"strength_reason": "the default: too many labels to cross-validate"}
    choice = choose_strength(keyed.responses, rng=rng)
    fitted = dawid_skene(keyed.responses, strength=choice.strength)
    return fitted, {"strength": choice.strength, "strength_reason": choice.reason}


def _single(keyed: Keyed, fitted: Consensus, gold: set[int], votes: Sequence[CurrentAnswer]) -> list[ItemEstimate]:
    by_token = {answer_token(one.answer): one.answer for one in votes}
    summary, table = fitted.summary, fitted.sparse_posterior
    found = []
    for i, item_id in enumerate(keyed.item_keys):
        if item_id in gold:
            continue
        row = slice(table.indptr[i], table.indptr[i + 1])
        values, classes = table.data[row], table.indices[row]
        told = values >= SMALLEST_TOLD
        shares = sorted(zip(values[told], classes[told], strict=True), key=lambda pair: (-pair[0], pair[1]))
        found.append(
            ItemEstimate(
                item_id=item_id,
                answer=by_token[keyed.class_keys[summary.best_class[i]]],
                distribution={keyed.class_keys[c]: round(float(p), 6) for p, c in shares[:KEPT_CLASSES]},
                posterior=min(float(summary.confidence[i]), 1.0),
                entropy=max(float(summary.entropy[i]), 0.0),
                n=int(fitted.n_labels[i]),
            )
        )
    return found


def _several(keyed: Keyed, fitted: Consensus, gold: set[int], allow_none: bool) -> list[ItemEstimate]:
    """Each proposed class is in or out by its own posterior; that of the whole answer is their product."""
    yes = fitted.sparse_posterior.tocsc()[:, [1]].toarray().ravel()
    by_item: dict[int, list[tuple[str, float, int]]] = defaultdict(list)
    for i, (item_id, key) in enumerate(keyed.item_keys):
        by_item[item_id].append((key, float(yes[i]), int(fitted.n_labels[i])))
    found = []
    for item_id, classes in by_item.items():
        if item_id in gold:
            continue
        ranked = sorted(classes, key=lambda one: (-one[1], one[0]))
        chosen = sorted(key for key, p, _ in ranked if p > 0.5 and key != NONE_KEY)
        if not chosen and not allow_none:
            chosen = [ranked[0][0]]
        p = np.array([max(p, 1 - p) for _, p, _ in classes])
        q = np.clip(p, 1e-12, 1 - 1e-12)
        found.append(
            ItemEstimate(
                item_id=item_id,
                answer={"choices": chosen} if chosen else {"none": True},
                distribution={
                    key: round(p, 6) for key, p, _ in sorted(classes, key=lambda one: -one[1])[:KEPT_CLASSES]
                },
                posterior=float(p.prod()),
                entropy=max(float(-(q * np.log(q) + (1 - q) * np.log(1 - q)).sum()), 0.0),
                n=max(n for _, _, n in classes),
            )
        )
    return found


def _reliability(keyed: Keyed, fitted: Consensus) -> dict[int, Estimate]:
    return dict(zip(keyed.annotator_keys, model_reliability(keyed.responses, fitted), strict=True))


def _agreement(keyed: Keyed, rng: np.random.Generator) -> dict[str, Any]:
    return {
        "krippendorff_alpha": krippendorff_alpha(keyed.responses, rng=rng).as_json(),
        "fleiss_kappa": fleiss_kappa(keyed.responses, rng=rng).as_json(),
        "observed": observed_agreement(keyed.responses, rng=rng).as_json(),
    }
