"""Find the production inputs that people should look at: uncertain, novel, wrong in an audit, and some at random."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from accounts.models import Project, User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, create_job
from auditing.mining.novelty import novelty
from auditing.mining.selection import RANDOM, Criterion, Selection, select_hard_samples
from auditing.models import AuditItem, HardSample, HardSampleBatch, Prediction, Reason
from auditing.selectors.production import Window
from common.problems import InvalidInput
from datasets.selectors import items as items_of
from datasets.selectors import vectors, versions
from training.selectors import models as training_models

if TYPE_CHECKING:
    from training.models import Endpoint

JOB_KIND = "auditing.mine"
MOST_CANDIDATES = 50_000
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
    """One row an item, its least certain prediction; arrays of shape (n,). vectors: (n, d), or None without."""

    request_ids: list[UUID]
    item_ids: list[int]
    predicted: list[str]
    scores: NDArray[np.float64]
    groups: list[str]
    vectors: NDArray[np.float32] | None
    novelty: NDArray[np.float64] | None
    wrong: NDArray[np.float64]


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
    settings = MiningSettings(**batch.settings)
    claim.beat(0, 3, "Reading the window")
    candidates = _candidates(batch)
    claim.beat(1, 3, "Choosing")
    chosen = _choose(candidates, settings)
    summary = _summary(chosen, candidates)
    with transaction.atomic():
        claim.hold()
        if not HardSample.objects.filter(batch=batch).exists():
            HardSample.objects.bulk_create([_row(batch, candidates, one) for one in chosen.chosen])
        HardSampleBatch.objects.filter(pk=batch.pk).update(summary=summary)
    return summary


def _candidates(batch: HardSampleBatch) -> Candidates:
    window = Window(
        endpoint_id=batch.endpoint_id,
        start=batch.window_from,
        end=batch.window_to,
        model_version_id=batch.model_version_id,
    )
    rows: dict[int, Prediction] = {}
    for row in window.predictions().auditable().order_by("score", "request_id")[:MOST_CANDIDATES]:
        rows.setdefault(row.item_id or 0, row)
    if not rows:
        raise InvalidInput("No prediction in this window kept its input, so there is nothing to look at.")
    ids = sorted(rows)
    found = items_of.items_for(batch.project, ids)
    ids = [item_id for item_id in ids if item_id in found]
    points, distances = _distances(batch, ids)
    wrong = _wrong_in_audit(batch)
    return Candidates(
        request_ids=[rows[item_id].request_id for item_id in ids],
        item_ids=ids,
        predicted=[rows[item_id].predicted for item_id in ids],
        scores=np.array([rows[item_id].score for item_id in ids]),
        groups=[rows[item_id].predicted for item_id in ids],
        vectors=points,
        novelty=distances,
        wrong=np.array([wrong.get(item_id, -1.0) for item_id in ids]),
    )


def _distances(batch: HardSampleBatch, ids: list[int]) -> tuple[NDArray[np.float32] | None, NDArray[np.float64] | None]:
    """Vectors of the candidates and their distance to the training data. None unless every candidate has a vector."""
    encoder = vectors.latest_encoder(batch.project)
    if encoder is None:
        return None, None
    have, points = vectors.matrix(ids, encoder)
    training = versions.item_ids(training_models.model_by_id(batch.model_version_id).run.version, "train")
    _, base = vectors.matrix(training, encoder)
    if len(have) < len(ids) or not len(base):
        return None, None
    return points, novelty(points, base, k=3).distance


def _wrong_in_audit(batch: HardSampleBatch) -> dict[int, float]:
    """Items that a random audit of this model found wrong, with the score of the wrong answer."""
    rows = AuditItem.objects.filter(
        audit__endpoint_id=batch.endpoint_id, audit__model_version_id=batch.model_version_id, truth__isnull=False
    )
    return {item.item_id: item.score for item in rows if item.truth != item.predicted}


def _choose(candidates: Candidates, settings: MiningSettings) -> Selection:
    criteria = [Criterion(name="wrong in audit", scores=candidates.wrong, quota=settings.n_wrong, least=0.0)]
    criteria.append(Criterion(name="uncertain", scores=1.0 - candidates.scores, quota=settings.n_uncertain))
    if candidates.novelty is not None:
        criteria.append(Criterion(name="novel", scores=candidates.novelty, quota=settings.n_novel))
    return select_hard_samples(
        len(candidates.item_ids),
        criteria,
        rng=np.random.default_rng(settings.seed),
        n_random=settings.n_random,
        groups=candidates.groups,
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
    told = (
        None if candidates.novelty is not None else "The pictures have no vectors yet, so nothing was chosen as novel."
    )
    return {"candidates": len(candidates.item_ids), "chosen": len(chosen.chosen), "by_reason": counts, "note": told}
