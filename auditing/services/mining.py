"""Find the production inputs that people should look at: uncertain, novel, wrong in an audit, and some at random."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import F, QuerySet
from numpy.typing import NDArray

from accounts.models import Project, User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, create_job
from auditing.mining.novelty import novelty
from auditing.mining.selection import RANDOM, Criterion, Selection, select_hard_samples
from auditing.models import AuditItem, Fate, HardSample, HardSampleBatch, Prediction, Reason
from auditing.selectors.production import Window, item_ids
from common.problems import InvalidInput
from datasets.selectors import vectors, versions
from training.selectors import models as training_models

if TYPE_CHECKING:
    from training.models import Endpoint

JOB_KIND = "auditing.mine"
MOST_CANDIDATES = 50_000  # predictions, the least certain ones, among which is chosen by rank
MOST_STRANGERS = 25_000  # items drawn among all others, since a sure answer about a strange picture is the worst kind
MOST_ITEMS = 5_000_000
NEIGHBOURS = 3  # of the training data; one odd picture in there makes nothing familiar
MOST_CHOSEN = 2_000
REASON_OF = {
    "uncertain": Reason.UNCERTAIN,
    "novel": Reason.NOVEL,
    "wrong in audit": Reason.WRONG_IN_AUDIT,
    RANDOM: Reason.RANDOM,
}


@dataclass(frozen=True, kw_only=True)
class MiningSettings:
    """How many for each reason.

    per_class: at most so many by rank with one predicted class, so that none floods the list. smallest_gap: least
    cosine distance between chosen pictures. A tenth or more is random: without a floor of purely random samples the
    next training set would only know what this model finds hard.
    """

    n_uncertain: int = 20
    n_novel: int = 20
    n_wrong: int = 20
    n_random: int = 10
    per_class: int = 8
    smallest_gap: float = 0.02
    seed: int = 0

    @property
    def total(self) -> int:
        return self.n_uncertain + self.n_novel + self.n_wrong + self.n_random


@dataclass(frozen=True, eq=False)
class Candidates:
    """One row an item, its least certain prediction; arrays of shape (n,). vectors: (n, d), or None without any.

    population: items of the whole window; drawn: rows that a random draw among all of them hit. novelty: -1 for an item
    without a vector; wrong: -1 for one that no audit found wrong. sent: people were asked about it before.
    """

    request_ids: list[UUID]
    item_ids: list[int]
    predicted: list[str]
    scores: NDArray[np.float64]
    population: int
    drawn: list[int]
    vectors: NDArray[np.float32] | None
    novelty: NDArray[np.float64] | None
    wrong: NDArray[np.float64]
    sent: NDArray[np.bool_]


@transaction.atomic
def request_mining(
    *, project: Project, endpoint: "Endpoint", window: Window, settings: MiningSettings, by: User | None
) -> HardSampleBatch:
    """The batch and its job. Raises InvalidInput for a plan that is too large, empty, or without a random floor."""
    if not 1 <= settings.total <= MOST_CHOSEN:
        raise InvalidInput(f"Choose 1 to {MOST_CHOSEN:,} samples in all.", errors={"n_uncertain": ["Out of range."]})
    if settings.n_random * 10 < settings.total:
        raise InvalidInput(
            "At least a tenth of the samples is chosen purely at random, so that the next version does not only know "
            "what this model finds hard. Raise the number of random ones.",
            errors={"n_random": ["Less than a tenth."]},
        )
    if window.model_version_id is None:
        raise InvalidInput("Release a model to the endpoint first.")
    if endpoint.project_id != project.pk or window.endpoint_id != endpoint.pk:
        raise InvalidInput("The window belongs to another endpoint, or the endpoint to another project.")
    batch = HardSampleBatch.objects.create(
        project=project,
        endpoint=endpoint,
        model_version_id=window.model_version_id,
        window_from=window.start,
        window_to=window.end,
        settings=asdict(settings),
        created_by=by,
    )
    batch.job = create_job(project=project, kind=JOB_KIND, payload={"batch_id": batch.pk}, by=by)
    batch.save(update_fields=["job"])
    record(project=project, actor=by, action="hard-samples.requested", subject=str(batch.public_id))
    return batch


def perform(claim: Claim) -> dict[str, Any]:
    """Choose and store. Repeatable: the same window and seed choose the same items, and a second run stores nothing."""
    batch = HardSampleBatch.objects.select_related("project", "model_version__run__version").get(
        pk=claim.job.payload["batch_id"]
    )
    if batch.summary is not None:
        return dict(batch.summary)
    settings = MiningSettings(**batch.settings)
    claim.beat(0, 3, "Reading the window")
    candidates = _candidates(batch, settings)
    claim.beat(1, 3, "Choosing")
    chosen = _choose(candidates, settings)
    summary = _summary(chosen, candidates)
    with transaction.atomic():
        claim.hold()
        HardSample.objects.bulk_create([_row(batch, candidates, one) for one in chosen.chosen])
        HardSampleBatch.objects.filter(pk=batch.pk).update(summary=summary)
    return summary


def _candidates(batch: HardSampleBatch, settings: MiningSettings) -> Candidates:
    """The least certain items of the window, those that an audit found wrong, and random draws among all of them.

    In windows that fit, these are all items. In larger ones the random part lets novel pictures in of which the model
    is sure; the summary says among how many was sought.
    """
    window = Window(
        endpoint_id=batch.endpoint_id,
        start=batch.window_from,
        end=batch.window_to,
        model_version_id=batch.model_version_id,
    )
    everything = item_ids(window, limit=MOST_ITEMS)
    if not everything:
        raise InvalidInput("No prediction in this window kept its input, so there is nothing to look at.")
    rng = np.random.default_rng(settings.seed)
    drawn = rng.choice(everything, min(settings.n_random, len(everything)), replace=False).tolist()
    wrong = _wrong_in_audit(batch)
    hardest_first = window.predictions().auditable().order_by("score", "request_id")
    rows = _hardest(hardest_first[:MOST_CANDIDATES])
    others = [item_id for item_id in everything if item_id not in rows]
    strangers = rng.choice(others, min(MOST_STRANGERS, len(others)), replace=False).tolist() if others else []
    rows |= _hardest(hardest_first.filter(item__in=[*drawn, *wrong, *strangers]))
    ids = sorted(rows)
    place = {item_id: row for row, item_id in enumerate(ids)}
    points, distances = _distances(batch, ids)
    sent = _sent_before(batch)
    return Candidates(
        request_ids=[rows[item_id][0] for item_id in ids],
        item_ids=ids,
        predicted=[rows[item_id][1] for item_id in ids],
        scores=np.array([rows[item_id][2] for item_id in ids]),
        population=len(everything),
        drawn=[place[item_id] for item_id in drawn],
        vectors=points,
        novelty=distances,
        wrong=np.array([wrong.get(item_id, -1.0) for item_id in ids]),
        sent=np.array([item_id in sent for item_id in ids]),
    )


def _hardest(predictions: QuerySet[Prediction]) -> dict[int, tuple[UUID, str, float]]:
    """Request id, class and score of each item's least certain prediction."""
    found: dict[int, tuple[UUID, str, float]] = {}
    rows: Any = predictions.values_list("item_id", "request_id", "predicted", "score")
    for item_id, request_id, predicted, score in rows:
        found.setdefault(item_id, (request_id, predicted, score))
    return found


def _distances(batch: HardSampleBatch, ids: list[int]) -> tuple[NDArray[np.float32] | None, NDArray[np.float64] | None]:
    """Vectors of the candidates and their distance to the training data; the newest ones may have no vector yet."""
    encoder = vectors.latest_encoder(batch.project)
    if encoder is None:
        return None, None
    have, points = vectors.matrix(ids, encoder)
    training = versions.item_ids(training_models.model_by_id(batch.model_version_id).run.version, "train")
    _, base = vectors.matrix(training, encoder)
    if not have or not len(base):
        return None, None
    place = {item_id: row for row, item_id in enumerate(ids)}
    known = [place[item_id] for item_id in have]
    # In so many dimensions a random direction is at right angles to everything: never a near copy of another picture.
    full = np.random.default_rng(0).standard_normal((len(ids), points.shape[1]), dtype=np.float32)
    full[known] = points
    distances = np.full(len(ids), -1.0)
    distances[known] = novelty(points, base, k=NEIGHBOURS).distance
    return full, distances


def _wrong_in_audit(batch: HardSampleBatch) -> dict[int, float]:
    """Items that people found wrong in any audit of this model, with the score of the wrong answer."""
    rows = AuditItem.objects.filter(
        audit__endpoint_id=batch.endpoint_id, audit__model_version_id=batch.model_version_id, truth__isnull=False
    ).exclude(truth=F("predicted"))
    return dict(rows.order_by("id").values_list("item_id", "score"))


def _sent_before(batch: HardSampleBatch) -> set[int]:
    """Items of earlier batches of this endpoint that went to people: asking them again teaches nothing."""
    rows = HardSample.objects.filter(batch__endpoint_id=batch.endpoint_id).exclude(fate=Fate.WAITING)
    return set(rows.values_list("item_id", flat=True))


def _choose(candidates: Candidates, settings: MiningSettings) -> Selection:
    def fresh(scores: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(candidates.sent, -1.0, scores)

    criteria = [
        Criterion(name="wrong in audit", scores=fresh(candidates.wrong), quota=settings.n_wrong, least=0.0),
        Criterion(name="uncertain", scores=fresh(1.0 - candidates.scores), quota=settings.n_uncertain, least=0.0),
    ]
    if candidates.novelty is not None:
        scores = fresh(candidates.novelty)
        criteria.append(Criterion(name="novel", scores=scores, quota=settings.n_novel, least=0.0))
    return select_hard_samples(
        len(candidates.item_ids),
        criteria,
        rng=np.random.default_rng(settings.seed),
        drawn=candidates.drawn,
        drawn_from=candidates.population,
        groups=candidates.predicted,
        per_group=settings.per_class,
        vectors=candidates.vectors,
        smallest_gap=settings.smallest_gap if candidates.vectors is not None else 0.0,
    )


def _row(batch: HardSampleBatch, candidates: Candidates, one: Any) -> HardSample:
    return HardSample(
        batch=batch,
        request_id=candidates.request_ids[one.index],
        item_id=candidates.item_ids[one.index],
        reason=REASON_OF[one.reason],
        score=one.score,
        selection_probability=one.selection_probability,
        predicted=candidates.predicted[one.index],
        predicted_score=float(candidates.scores[one.index]),
    )


def _summary(chosen: Selection, candidates: Candidates) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for one in chosen.chosen:
        reason = str(REASON_OF[one.reason])
        counts[reason] = counts.get(reason, 0) + 1
    return {
        "candidates": len(candidates.item_ids),
        "population": candidates.population,
        "sent_before": int(candidates.sent.sum()),
        "chosen": len(chosen.chosen),
        "by_reason": counts,
        "note": _note(candidates),
        "without_vector": None if candidates.novelty is None else int((candidates.novelty < 0).sum()),
    }


def _note(candidates: Candidates) -> str | None:
    if candidates.novelty is None:
        return "The pictures have no vectors yet, so nothing was chosen as novel."
    without = int((candidates.novelty < 0).sum())
    unseen = candidates.population - len(candidates.item_ids)
    told = [
        f"{without:,} pictures have no vector yet and could not be chosen as novel." if without else "",
        f"Novel pictures were sought among {len(candidates.item_ids):,} of {candidates.population:,}: the least "
        "certain ones and a random draw of the others."
        if unseen
        else "",
    ]
    return " ".join(filter(None, told)) or None
