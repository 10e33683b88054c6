"""What the release gate asks of a model. Each check answers in a sentence that a lead can act on."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image

from accounts.services.jobs import Claim
from common.problems import DomainError
from common.said import NOTHING, Said
from common.storage import object_store
from datasets.selectors.filters import ItemFilter, items_matching
from training.models import ModelVersion, Split, Verdict
from training.selectors.brief_terms import BriefTerms, terms_of
from training.selectors.estimates import readable
from training.selectors.runs import judged_twin
from training.selectors.sealed_splits import has_test_rows, sealed_split
from training.selectors.slices import facts_of
from training.selectors.target_metric import measured
from training.services import gate_words as words
from training.services.batch_prediction import BatchResult, class_keys, predict_rows
from training.services.gate_slices import SliceChange, compare_slices
from training.services.predictors import predictor_of
from training.services.run_rows import FITTED_SPLITS, ManifestRow
from training.services.test_evaluation import rows_with_known_classes
from training.serving.predictor import CHUNK, Predictor
from training.serving.preprocessing import prepare_valid

TIMED = 30
SAMPLE = 32
PRODUCTION_SAMPLE = 200
PRODUCTION = "production"  # the population of an endpoint's source
SLICE_ROWS = 4000  # more make the interval no narrower than the margin needs


@dataclass(frozen=True)
class CheckAnswer:
    verdict: Verdict
    said: Said
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """English."""
        return self.said.sentence


@dataclass
class GateContext:
    """What checks look at; loaded once, when the first check asks."""

    model: ModelVersion
    champion: ModelVersion | None
    claim: Claim

    @cached_property
    def predictor(self) -> Predictor:
        return predictor_of(self.model)

    @cached_property
    def terms(self) -> BriefTerms:
        return terms_of(self.model.project)

    @cached_property
    def validation(self) -> list[ManifestRow]:
        """Validation rows; for a model that was fitted on them they still serve to see whether it runs."""
        found, _ = rows_with_known_classes(self.model.run, class_keys(self.model), split="validation")
        return found

    def predict(self, model: ModelVersion, rows: list[ManifestRow]) -> BatchResult:
        return predict_rows(
            predictor_of(model),
            rows,
            classes=class_keys(model),
            beat=lambda done, total: self.claim.beat(message=f"Predicting {done} of {total} pictures"),
        )

    def sample_bytes(self, count: int) -> list[bytes]:
        store = object_store()
        found = []
        for row in self.validation[:count]:
            with store.open(row.object_key) as stored:
                found.append(stored.read())
        return found


def _answer(ok: bool, said: Said, **data: Any) -> CheckAnswer:
    return CheckAnswer(Verdict.PASSED if ok else Verdict.FAILED, said, data)


def _skip(said: Said, **data: Any) -> CheckAnswer:
    return CheckAnswer(Verdict.NOT_APPLICABLE, said, data)


def extreme_pictures() -> dict[str, bytes]:
    """Pictures that nobody should send and somebody will."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    made = {
        "all black": Image.new("RGB", (64, 64), (0, 0, 0)),
        "all white": Image.new("RGB", (64, 64), (255, 255, 255)),
        "one pixel": Image.new("RGB", (1, 1), (120, 30, 200)),
        "huge": Image.new("RGB", (6000, 4000), (90, 140, 60)),
        "very long": Image.new("RGB", (4000, 3), (10, 10, 10)),
        "fully transparent": Image.new("RGBA", (64, 64), (0, 0, 0, 0)),
        "grey": Image.new("L", (64, 64), 128),
        "noise": Image.fromarray(noise),
    }
    return {name: _png(picture) for name, picture in made.items()}


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def runs(context: GateContext) -> CheckAnswer:
    """It answers ordinary and extreme pictures with probabilities."""
    pictures = dict(enumerate(context.sample_bytes(SAMPLE))) | extreme_pictures()
    failed: dict[str, str] = {}
    for name, data in pictures.items():
        try:
            context.predictor.predict([data])
        except ValueError as error:  # a broken picture, a shape, or numbers that are no probabilities
            failed[str(name)] = str(error)
    extreme = [name for name in failed if not name.isdecimal()]
    if not failed:
        return _answer(True, words.ANSWERS(n=len(pictures)))
    what = words.EXTREME(name=extreme[0]) if extreme else words.ORDINARY()
    return _answer(False, words.FAILS_ON(what=what, error=next(iter(failed.values()))), failed=failed)


def meets_target(context: GateContext) -> CheckAnswer:
    """It reaches what the brief asks for, on the test split if that was looked at, else on validation."""
    metric, wanted = context.terms.target_metric or context.model.run.task["metric"], context.terms.target_value
    if wanted is None:
        return _skip(words.NO_TARGET())
    evaluations = {e.split: e for e in reversed(context.model.evaluations.all())}
    judged = evaluations.get(Split.TEST) or evaluations.get(Split.VALIDATION)
    if judged is None:
        return _answer(False, words.NOT_MEASURED(metric=_measure(metric)))
    found = measured(context.model, judged, metric)
    if found.value is None:
        return _answer(False, words.NOT_COMPUTED(metric=_measure(metric), reason=found.reason))
    ok = found.value >= wanted
    shared = {"metric": _measure(metric), "split": words.SPLITS[str(judged.split)](), "wanted": wanted}
    if found.low is None:
        told = words.REACHES(**shared, value=found.value)
    else:
        told = words.REACHES_RANGE(**shared, value=found.value, level=found.level, low=found.low, high=found.high)
    if ok and found.low is not None and found.low < wanted:
        told += words.REACHES_BELOW()
    return _answer(ok, told, metric=metric, estimate=found.as_json(), target=wanted, split=judged.split)


def _measure(metric: str) -> Said | str:
    return words.MEASURES[metric]() if metric in words.MEASURES else readable(metric)


def fast_enough(context: GateContext) -> CheckAnswer:
    """One picture, decoding included, within the brief's latency."""
    pictures = context.sample_bytes(TIMED)
    if not pictures:
        return _skip(words.NO_PICTURES())
    context.predictor.predict(pictures[:1])
    times = []
    for number in range(TIMED):
        started = time.process_time()
        context.predictor.predict([pictures[number % len(pictures)]])
        times.append((time.process_time() - started) * 1000)
    p95 = float(np.quantile(times, 0.95))
    took = {"middle": float(np.median(times)), "p95": p95}
    limit = context.terms.latency_ms
    if limit is None:
        return _skip(words.NO_LIMIT(**took), p95_ms=p95)
    return _answer(p95 <= limit, words.LIMIT(**took, limit=limit), p95_ms=p95, limit_ms=limit)


def beats_baseline(context: GateContext) -> CheckAnswer:
    """It is better than the best simple model, beyond chance."""
    run = context.model.run
    if run.is_baseline:
        return _skip(words.IS_BASELINE())
    twin = judged_twin(run) if run.protocol["kind"] == "final" else None
    if twin is not None and twin.comparison:
        told = words.BY_TWIN(told=Said.stored(twin.comparison))
        return _answer(twin.comparison["verdict"] == "beats", told)
    if not run.comparison:
        return _answer(False, words.NOT_COMPARED())
    told = Said.stored(run.comparison)
    return _answer(run.comparison["verdict"] == "beats", told, comparison=run.comparison)


def test_is_no_worse(context: GateContext) -> CheckAnswer:
    """The sealed test does not contradict validation."""
    looked = context.model.evaluations.filter(split=Split.TEST).select_related("test_look").first()
    split = sealed_split(context.model.run.version)
    if looked is not None and looked.test_look is not None:
        number = looked.test_look.number
        told = Said.stored(looked.comparison) if looked.comparison.get("sentence") else NOTHING
        told += words.WHICH_LOOK(number=number, count=max(len(split.looks), number))
        return _answer(not looked.warning, told, comparison=looked.comparison)
    if not has_test_rows(context.model):
        return _skip(words.NO_TEST(version=str(context.model.run.version)))
    if split.looks:
        last, count = split.looks[-1], len(split.looks)
        times = words.ONCE() if count == 1 else words.TIMES(count=count)
        when = f"{last.created_at:%d %B %Y}"
        return _skip(words.NOT_LOOKED(times=times, model=str(last.model_version), date=when))
    return _skip(words.FIRST_LOOK())


def no_slice_worse(context: GateContext) -> CheckAnswer:
    """No class and no value of an attribute is answered worse than now, beyond a margin and beyond chance."""
    champion = context.champion
    if champion is None:
        return _skip(words.NO_CHAMPION())
    unseen = _rows_unseen_by(champion, context.validation)[:SLICE_ROWS]
    if not unseen:
        return _skip(words.ALL_FITTED(champion=str(champion)))
    shared = [row for row in unseen if set(row.keys) <= set(class_keys(champion))]
    challenger, present = context.predict(context.model, shared), context.predict(champion, shared)
    facts = facts_of(context.model.project, [row.item for row in shared])
    found = compare_slices(challenger.predictions, present.predictions, context.model, champion, facts)
    worse = [s for s in found if s.is_worse]
    data = {"champion": str(champion), "slices": [s.as_json() for s in found]}
    if not worse:
        classes = sum(s.by == "class" for s in found)
        values = len(found) - classes
        told = words.NONE_WORSE(classes=classes, values=values, champion=str(champion), n=len(shared))
        return _answer(True, told, **data)
    first, *others = [_named(one) for one in worse[:3]]
    for other in others:
        first = words.WORSE_TWO(first=first, second=other)
    return _answer(False, words.WORSE(champion=str(champion), slices=first), **data)


def _named(one: SliceChange) -> Said:
    shares = {"name": one.name, "before": one.before, "after": one.after}
    return words.WORSE_CLASS(**shares) if one.by == "class" else words.WORSE_VALUE(by=one.by, **shares)


def _rows_unseen_by(champion: ModelVersion, rows: list[ManifestRow]) -> list[ManifestRow]:
    keys = class_keys(champion)
    fitted = [
        row
        for split in FITTED_SPLITS[champion.run.protocol["kind"]]
        for row in rows_with_known_classes(champion.run, keys, split=split)[0]
    ]
    items, groups = {row.item for row in fitted}, {row.group for row in fitted}
    return [row for row in rows if row.item not in items and row.group not in groups]


def production_dry_run(context: GateContext) -> CheckAnswer:
    """It answers what production has sent lately."""
    wanted = ItemFilter(populations=(PRODUCTION,), kinds=("image",))
    recent = list(items_matching(context.model.project, wanted).order_by("-pk")[:PRODUCTION_SAMPLE])
    if not recent:
        return _skip(words.NO_PRODUCTION())
    store, answered, broken = object_store(), 0, 0
    for start in range(0, len(recent), CHUNK):
        context.claim.beat(message=f"Dry run on production: {start} of {len(recent)}")
        contents = []
        for item in recent[start : start + CHUNK]:
            with store.open(item.object_key) as stored:
                contents.append(stored.read())
        prepared = prepare_valid(contents, context.predictor.card.preprocessing)
        try:
            answered += len(context.predictor.predict_pixels(prepared.pixels))
        except ValueError as error:
            return _answer(False, words.FAILS_RECENT(error=str(error)))
        broken += len(prepared.broken)
    return _answer(broken == 0, words.ANSWERED(answered=answered, n=len(recent)), broken=broken)


def guarded(check: Callable[[GateContext], CheckAnswer]) -> Callable[[GateContext], CheckAnswer]:
    """A check that cannot be made is a failed check with its reason, not a failed gate."""

    def ask(context: GateContext) -> CheckAnswer:
        try:
            return check(context)
        except (DomainError, ValueError, FileNotFoundError) as error:
            return _answer(False, words.NOT_MADE(error=str(error)))

    return ask


CHECKS: dict[str, Callable[[GateContext], CheckAnswer]] = {
    "runs": guarded(runs),
    "meets_target": guarded(meets_target),
    "fast_enough": guarded(fast_enough),
    "beats_baseline": guarded(beats_baseline),
    "test_is_no_worse": guarded(test_is_no_worse),
    "no_slice_worse": guarded(no_slice_worse),
    "production_dry_run": guarded(production_dry_run),
}
