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
from common.storage import object_store
from datasets.selectors.filters import ItemFilter, items_matching
from training.models import ModelVersion, Split, Verdict
from training.selectors.brief_terms import BriefTerms, terms_of
from training.selectors.estimates import readable
from training.selectors.runs import judged_twin
from training.selectors.sealed_splits import has_test_rows, sealed_split
from training.selectors.slices import facts_of
from training.selectors.target_metric import measured
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
    sentence: str
    data: dict[str, Any] = field(default_factory=dict)


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


def _answer(ok: bool, sentence: str, **data: Any) -> CheckAnswer:
    return CheckAnswer(Verdict.PASSED if ok else Verdict.FAILED, sentence, data)


def _skip(sentence: str, **data: Any) -> CheckAnswer:
    return CheckAnswer(Verdict.NOT_APPLICABLE, sentence, data)


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
        return _answer(True, f"It answers {len(pictures)} pictures, eight extreme ones among them, with probabilities.")
    what = f"the extreme picture “{extreme[0]}”" if extreme else "a picture of the validation split"
    return _answer(False, f"It fails on {what}: {next(iter(failed.values()))}", failed=failed)


def meets_target(context: GateContext) -> CheckAnswer:
    """It reaches what the brief asks for, on the test split if that was looked at, else on validation."""
    metric, wanted = context.terms.target_metric or context.model.run.task["metric"], context.terms.target_value
    if wanted is None:
        return _skip("The brief names no figure that the model has to reach. Add one under “what success means”.")
    evaluations = {e.split: e for e in reversed(context.model.evaluations.all())}
    judged = evaluations.get(Split.TEST) or evaluations.get(Split.VALIDATION)
    if judged is None:
        return _answer(False, f"Nothing measured {metric} of this model yet: take a test look.")
    found = measured(context.model, judged, metric)
    if found.value is None:
        return _answer(False, f"{readable(metric)} cannot be computed: {found.reason}")
    low = "" if found.low is None else f" ({found.level:.0%} interval {found.low:.1%} to {found.high:.1%})"
    ok = found.value >= wanted
    sentence = f"{readable(metric)} on {judged.split} is {found.value:.1%}{low}; the brief asks for {wanted:.1%}."
    if ok and found.low is not None and found.low < wanted:
        sentence += " The interval reaches below it, so a larger test could say otherwise."
    return _answer(ok, sentence, metric=metric, estimate=found.as_json(), target=wanted, split=judged.split)


def fast_enough(context: GateContext) -> CheckAnswer:
    """One picture, decoding included, within the brief's latency."""
    pictures = context.sample_bytes(TIMED)
    if not pictures:
        return _skip("The version has no validation pictures to take the time with.")
    context.predictor.predict(pictures[:1])
    times = []
    for number in range(TIMED):
        started = time.process_time()
        context.predictor.predict([pictures[number % len(pictures)]])
        times.append((time.process_time() - started) * 1000)
    p95 = float(np.quantile(times, 0.95))
    told = (
        f"One picture takes {float(np.median(times)):.1f} ms of CPU in the middle and {p95:.1f} ms in 95 of 100 cases, "
        "decoding included"
    )
    limit = context.terms.latency_ms
    if limit is None:
        return _skip(f"{told}; the brief sets no limit.", p95_ms=p95)
    return _answer(p95 <= limit, f"{told}; the brief allows {limit:g} ms.", p95_ms=p95, limit_ms=limit)


def beats_baseline(context: GateContext) -> CheckAnswer:
    """It is better than the best simple model, beyond chance."""
    run = context.model.run
    if run.is_baseline:
        return _skip("This is a baseline itself.")
    twin = judged_twin(run) if run.protocol["kind"] == "final" else None
    if twin is not None and twin.comparison:
        verdict, told = twin.comparison["verdict"], twin.comparison["sentence"]
        return _answer(verdict == "beats", f"Judged by its twin that left the validation rows out: {told}")
    if not run.comparison:
        return _answer(
            False, "It was not compared with a baseline. Run the baselines on the same version and protocol first."
        )
    return _answer(run.comparison["verdict"] == "beats", run.comparison["sentence"], comparison=run.comparison)


def test_is_no_worse(context: GateContext) -> CheckAnswer:
    """The sealed test does not contradict validation."""
    looked = context.model.evaluations.filter(split=Split.TEST).select_related("test_look").first()
    split = sealed_split(context.model.run.version)
    if looked is not None and looked.test_look is not None:
        which = f"That was {split.place_of(looked.test_look)}."
        told = f"{looked.comparison.get('sentence', '')} {which}".strip()
        return _answer(not looked.warning, told, comparison=looked.comparison)
    if not has_test_rows(context.model):
        return _skip(f"{context.model.run.version} has no test split.")
    if split.looks:
        return _skip(
            f"The test split was not looked at with this model, but {split.told()}: one more look needs a written "
            "reason."
        )
    return _skip("Nobody looked at this test split yet; the release takes the first look, which is free.")


def no_slice_worse(context: GateContext) -> CheckAnswer:
    """No class and no value of an attribute is answered worse than now, beyond a margin and beyond chance."""
    champion = context.champion
    if champion is None:
        return _skip("No other model answers at this endpoint, so there is none to be worse than.")
    unseen = _rows_unseen_by(champion, context.validation)[:SLICE_ROWS]
    if not unseen:
        return _skip(f"{champion} was fitted on all validation rows of this version: there are no rows to compare on.")
    shared = [row for row in unseen if set(row.keys) <= set(class_keys(champion))]
    challenger, present = context.predict(context.model, shared), context.predict(champion, shared)
    facts = facts_of(context.model.project, [row.item for row in shared])
    found = compare_slices(challenger.predictions, present.predictions, context.model, champion, facts)
    worse = [s for s in found if s.is_worse]
    data = {"champion": str(champion), "slices": [s.as_json() for s in found]}
    if not worse:
        classes = sum(s.by == "class" for s in found)
        return _answer(
            True,
            f"None of {classes} classes and {len(found) - classes} values of attributes is answered worse than by "
            f"{champion} on {len(shared)} pictures that neither was fitted on.",
            **data,
        )
    names = ", ".join(f"{_named(s)} ({s.before:.0%} to {s.after:.0%})" for s in worse[:3])
    return _answer(False, f"It is worse than {champion} on {names}. Look at these failures before you release.", **data)


def _named(slice_: SliceChange) -> str:
    return f"“{slice_.name}”" if slice_.by == "class" else f"{slice_.by} “{slice_.name}”"


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
        return _skip("Production has sent no pictures yet.")
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
            return _answer(False, f"It fails on recent production pictures: {error}")
        broken += len(prepared.broken)
    return _answer(
        broken == 0, f"It answered {answered} of the {len(recent)} latest production pictures.", broken=broken
    )


def guarded(check: Callable[[GateContext], CheckAnswer]) -> Callable[[GateContext], CheckAnswer]:
    """A check that cannot be made is a failed check with its reason, not a failed gate."""

    def ask(context: GateContext) -> CheckAnswer:
        try:
            return check(context)
        except (DomainError, ValueError, FileNotFoundError) as error:
            return _answer(False, f"The check could not be made: {error}")

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
