"""The model card: what to know before using the model, as sections of sentences."""

from typing import Any

from django.utils import timezone

from training.models import GateRun, ModelVersion, Split
from training.selectors.brief_terms import BriefTerms, terms_of
from training.selectors.ceilings import ceiling_of
from training.selectors.estimates import estimate_from, readable
from training.selectors.expectations import expectations
from training.selectors.leaving import signature_of
from training.selectors.sealed_splits import sealed_split
from training.selectors.where_to_run import where_to_run

SHOWN_CLASSES = 40


def model_card(model: ModelVersion) -> dict[str, Any]:
    """The card as it is now; a release keeps it as it was then."""
    terms = terms_of(model.project)
    sections = [
        ("What it is for", _purpose(model, terms)),
        ("What it answers", _answers(model)),
        ("How good it is", _quality(model)),
        ("What to expect", _expectations(model)),
        ("What it was made of", _data(model)),
        ("How it was made", _making(model)),
        ("What it must not be used for", _limits(model, terms)),
        ("Where to run it", _places(model)),
        ("Release gate", _gate(model)),
    ]
    return {
        "name": str(model),
        "written_at": timezone.now().isoformat(),
        "sections": [{"title": title, "lines": lines} for title, lines in sections if lines],
    }


def _purpose(model: ModelVersion, terms: BriefTerms) -> list[str]:
    if not terms.answers:
        return ["The project has no brief: nobody wrote down what the model is for."]
    lines = [f"{label}: {text}" for label, text in terms.told()]
    if terms.signed_name:
        lines.append(f"The brief was signed by {terms.signed_name}.")
    return lines


def _answers(model: ModelVersion) -> list[str]:
    classes = [c["name"] for c in model.serving_card["classes"]]
    shown = ", ".join(classes[:SHOWN_CLASSES])
    more = f" and {len(classes) - SHOWN_CLASSES} more" if len(classes) > SHOWN_CLASSES else ""
    kinds = {
        "single_choice": "one of",
        "binary": "one of",
        "multi_label": "any of",
    }
    lines = [f"For a picture it names {kinds[model.serving_card['kind']]} {len(classes)} classes: {shown}{more}."]
    if model.threshold is not None and model.class_of_concern:
        lines.append(f"A case is flagged as {model.class_of_concern} from a score of {model.threshold:.3g} on.")
    return lines


def _quality(model: ModelVersion) -> list[str]:
    lines = []
    metric = model.run.task["metric"]
    seen = set()
    for evaluation in model.evaluations.all():
        if evaluation.split in seen or metric not in evaluation.metrics["scores"]:
            continue
        seen.add(evaluation.split)
        found = estimate_from(evaluation.metrics["scores"][metric])
        if found.value is None:
            lines.append(f"{metric} on {evaluation.split} cannot be computed: {found.reason}")
            continue
        span = "" if found.low is None or found.high is None else f" ({found.low:.1%} to {found.high:.1%})"
        lines.append(f"{readable(metric)} on {evaluation.rows} {evaluation.split} pictures: {found.value:.1%}{span}.")
        if evaluation.warning:
            lines.append(evaluation.warning)
    lines.append(_look_told(model, looked=Split.TEST in seen))
    if model.run.comparison:
        lines.append(model.run.comparison["sentence"])
    lines.append(ceiling_of(model.run)["sentence"])
    return lines


def _look_told(model: ModelVersion, *, looked: bool) -> str:
    split = sealed_split(model.run.version)
    mine = split.of_model(model)
    if mine is not None:
        told = f"The figures of the test split are from {split.place_of(mine)}"
        return f"{told}." if looked else f"{told}: it is being taken."
    if split.looks:
        return f"The sealed test split was not looked at with this model, but {split.told()}."
    return "The sealed test split was not looked at with this model."


def _expectations(model: ModelVersion) -> list[str]:
    found = expectations(model)
    return [found["sentence"], *found["notes"]] if found["sentence"] not in found["notes"] else [found["sentence"]]


def _data(model: ModelVersion) -> list[str]:
    run = model.run
    rows = ", ".join(f"{count} {split}" for split, count in sorted(run.details.get("rows", {}).items()))
    lines = [f"Version {run.version} (content hash {run.version.content_hash}): {rows} pictures."]
    lines += [f"{count} pictures were left out: {reason}." for reason, count in run.details.get("left_out", {}).items()]
    return lines


def _making(model: ModelVersion) -> list[str]:
    run = model.run
    settings = ", ".join(f"{name} {value}" for name, value in sorted(run.settings.items())) or "no settings"
    lines = [
        f"Recipe {run.recipe}: {settings}; seed {run.seed}; code {run.code_revision[:12]}.",
        run.head_reason,
        run.protocol_reason,
    ]
    if run.overfitting:
        lines.append(run.overfitting["sentence"])
    return [line for line in lines if line]


def _limits(model: ModelVersion, terms: BriefTerms) -> list[str]:
    lines = ["It knows only the classes above: a picture of anything else gets one of them all the same."]
    if terms.who_is_harmed:
        lines.append(f"Who is harmed by an error: {terms.who_is_harmed}")
    weak = [
        c
        for c in (model.run.metrics or {}).get("classes", [])
        if c["recall"]["value"] is not None and c["recall"]["value"] < 0.5 and c["cases"] >= 5
    ]
    lines += [f"It misses more than half of {c['key']} ({c['cases']} cases judged)." for c in weak[:5]]
    return lines


def _places(model: ModelVersion) -> list[str]:
    advice, signed = where_to_run(model), signature_of(model)
    lines = [advice.sentence, advice.blocked]
    if signed is not None:
        lines.append(f"{signed.name} answers for its files leaving the server: {signed.reason}")
    lines += [f"{export.format}: {export.size:,} bytes. {export.note}" for export in model.exports.all()]
    return [line for line in lines if line]


def _gate(model: ModelVersion) -> list[str]:
    gate = (
        GateRun.objects.filter(model_version=model, passed__isnull=False)
        .prefetch_related("results")
        .order_by("-id")
        .first()
    )
    if gate is None:
        return ["It has not been through the release gate."]
    start = "It passed the release gate." if gate.passed else "It did not pass the release gate."
    return [start, *[result.sentence for result in gate.results.all() if result.verdict != "not_applicable"]]
