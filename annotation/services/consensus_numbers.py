"""From answers to arrays, through the pure packages, and back to items and annotators."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from annotation.agreement.fleiss_kappa import fleiss_kappa
from annotation.agreement.krippendorff_alpha import krippendorff_alpha
from annotation.agreement.observed import agreement_with_others, observed_agreement
from annotation.consensus.consensus import Consensus
from annotation.consensus.dawid_skene import dawid_skene
from annotation.consensus.majority import majority
from annotation.consensus.questions import ItemParts, Vote, by_item, settle_by_question
from annotation.consensus.responses import KeyedResponses, index_responses
from annotation.consensus.strength import choose_strength
from annotation.reliability.model_based import model_reliability
from annotation.selectors.answers import CurrentAnswer
from common.numerics.estimate import Estimate
from datasets.labeling_schema.answers import NONE_KEY, answer_token
from datasets.labeling_schema.document import Question

KEPT_CLASSES = 20
SMALLEST_TOLD = 5e-7  # what six decimals would show as 0
CROSS_VALIDATE_UP_TO = 200_000  # responses, about 10 CPU seconds of 25 fits; above, the default strength is close
Keyed = KeyedResponses[Any, int, Any]


@dataclass(frozen=True, kw_only=True)
class ItemEstimate:
    """answer: canonical; distribution: token or class key to probability; entropy: nats; n: labels behind it.

    Of several questions: posterior that of the least sure, entropy the sum, n the most labels behind any; parts: each
    counted question by itself; unsettled: questions that are asked and have no answer.
    """

    item_id: int
    answer: dict[str, Any]
    distribution: dict[str, float]
    posterior: float
    entropy: float
    n: int
    parts: dict[str, dict[str, Any]] | None = None
    unsettled: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class People:
    """By annotator: how often right, how often the same as the others."""

    reliability: dict[int, Estimate] = field(default_factory=dict)
    agreement: dict[int, Estimate] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What a run found. people: by question; of one question alone the key is ""."""

    items: Sequence[ItemEstimate] = ()
    people: dict[str, People] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _OneQuestion:
    items: Sequence[ItemEstimate]
    people: People
    summary: dict[str, Any]


Compare = Callable[[Question, int, Sequence[dict[str, Any]]], dict[str, Any] | None]


def alike(question: Question, item: int, answers: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """What stands of answers that are not counted: the one that all gave, unless they all say "cannot tell"."""
    if "cannot_tell" in answers[0] or len({answer_token(answer) for answer in answers}) > 1:
        return None
    return answers[0]


def compute(
    asked: Sequence[Question],
    answers: Sequence[CurrentAnswer],
    *,
    method: str,
    seed: int,
    compare: Compare = alike,
    alive: Callable[[], None] = lambda: None,
) -> Numbers:
    """Consensus, reliability and agreement. "Cannot tell" is an abstention: it is no label of any class.

    Gold answers teach how annotators err, and get no estimate. For several choices each class that somebody proposed
    for an item is one yes-or-no question, and the answer is what gets yes. Several questions are counted one by one
    (`settle_by_question`); compare: says what stands of a question that is not counted; alive: called before each
    that is.
    """
    gold = {one.item_id for one in answers if one.is_gold}
    if len(asked) > 1:
        return _of_several(asked, answers, gold, method=method, seed=seed, compare=compare, alive=alive)
    votes = [
        Vote(item=one.item_id, annotator=one.annotator_id, answer=one.answer)
        for one in answers
        if "cannot_tell" not in one.answer
    ]
    found = _count(asked[0], votes, method=method, seed=seed)
    return Numbers(
        items=[one for one in found.items if one.item_id not in gold],
        people={"": found.people} if votes else {},
        summary={**found.summary, "method": method, "n_abstained": len(answers) - len(votes)},
    )


def _of_several(
    asked: Sequence[Question], answers: Sequence[CurrentAnswer], gold: set[int], *, method: str, seed: int,
    compare: Compare, alive: Callable[[], None],
) -> Numbers:  # fmt: skip
    counted: dict[str, _OneQuestion] = {}
    n_votes: dict[str, int] = {}

    def count(question: Question, votes: Sequence[Vote]) -> Mapping[int, ItemEstimate]:
        alive()
        counted[question.key] = _count(question, votes, method=method, seed=seed)
        n_votes[question.key] = len(votes)
        return {one.item_id: one for one in counted[question.key].items}

    rows = [(one.item_id, one.annotator_id, one.answer["answers"]) for one in answers if "answers" in one.answer]
    found = settle_by_question(asked, by_item(rows), count, compare)
    keys = [one.key for one in asked if one.is_choice]
    # An item of which nothing is counted, as when its classes hang on shapes that differ, has an estimate too: else it
    # would wait for the consensus for ever.
    compared = {one.key for one in asked} - set(keys)
    summaries = {
        key: {
            **(counted[key].summary if key in counted else _nothing()),
            "n_answers": n_votes.get(key, 0),
            "n_abstained": sum("cannot_tell" in parts.get(key, {}) for _, _, parts in rows),
        }
        for key in keys
    }
    return Numbers(
        items=[
            _whole(item, parts)
            for item, parts in found.items()
            if item not in gold and (parts.counted or compared.intersection(parts.unsettled))
        ],
        people={key: one.people for key, one in counted.items()},
        summary={
            "method": method,
            "n_abstained": sum(one["n_abstained"] for one in summaries.values()),
            "questions": summaries,
        },
    )


def _whole(item_id: int, parts: ItemParts) -> ItemEstimate:
    counted: dict[str, ItemEstimate] = {key: one for key, one in parts.counted.items() if isinstance(one, ItemEstimate)}
    return ItemEstimate(
        item_id=item_id,
        answer={"answers": dict(parts.answers)},
        distribution={},
        posterior=parts.posterior,
        entropy=sum(one.entropy for one in counted.values()),
        n=max((one.n for one in counted.values()), default=0),
        parts={
            key: {"posterior": one.posterior, "entropy": one.entropy, "n": one.n, "distribution": one.distribution}
            for key, one in counted.items()
        },
        unsettled=tuple(parts.unsettled),
    )


def _nothing() -> dict[str, Any]:
    reason = "nobody has given a class yet"
    names = ("krippendorff_alpha", "fleiss_kappa", "observed")
    return {"agreement": {name: Estimate.unknown(reason).as_json() for name in names}}


def _count(question: Question, votes: Sequence[Vote], *, method: str, seed: int) -> _OneQuestion:
    """One question over all its items. Every question has the same seed, so that their order is of no matter."""
    if not votes:
        return _OneQuestion(items=(), people=People(), summary=_nothing())
    rng = np.random.default_rng(seed)
    several = question.kind == "multiple_choice"
    keyed = _pairs(votes) if several else _tokens(votes)
    fitted, settings = _fit(keyed, method, rng)
    agreeing = dict(zip(keyed.annotator_keys, agreement_with_others(keyed.responses, rng=rng), strict=True))
    return _OneQuestion(
        items=_several(keyed, fitted, question.allow_none) if several else _single(keyed, fitted, votes),
        people=People(
            reliability=agreeing if method == "majority" else _reliability(keyed, fitted), agreement=agreeing
        ),
        summary={
            "settings": settings,
            "converged": bool(fitted.converged),
            "agreement": _agreement(keyed, rng),
        },
    )


def _tokens(votes: Sequence[Vote]) -> Keyed:
    return index_responses((one.item, one.annotator, answer_token(one.answer)) for one in votes)


def _pairs(votes: Sequence[Vote]) -> Keyed:
    proposed: dict[int, set[str]] = defaultdict(set)
    for one in votes:
        proposed[one.item].update(one.answer.get("choices", (NONE_KEY,)))
    return index_responses(
        (
            ((one.item, key), one.annotator, key in one.answer.get("choices", (NONE_KEY,)))
            for one in votes
            for key in sorted(proposed[one.item])
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


def _single(keyed: Keyed, fitted: Consensus, votes: Sequence[Vote]) -> list[ItemEstimate]:
    by_token = {answer_token(one.answer): one.answer for one in votes}
    summary, table = fitted.summary, fitted.sparse_posterior
    found = []
    for i, item_id in enumerate(keyed.item_keys):
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


def _several(keyed: Keyed, fitted: Consensus, allow_none: bool) -> list[ItemEstimate]:
    """Each proposed class is in or out by its own posterior; that of the whole answer is their product."""
    yes = fitted.sparse_posterior.tocsc()[:, [1]].toarray().ravel()
    by_item: dict[int, list[tuple[str, float, int]]] = defaultdict(list)
    for i, (item_id, key) in enumerate(keyed.item_keys):
        by_item[item_id].append((key, float(yes[i]), int(fitted.n_labels[i])))
    found = []
    for item_id, classes in by_item.items():
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
