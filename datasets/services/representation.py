"""Does one part of the data look like another: training like production, last month like this one?"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.models import Project, User
from accounts.services.jobs import Claim, create_job
from common.problems import InvalidInput
from datasets.models import Item, Occurrence, Report, Source
from datasets.profiling.columns import Column
from datasets.representativeness.report import AttributeComparison, compare
from datasets.representativeness.report import Report as Comparison
from datasets.selectors import vectors, versions
from datasets.selectors.tables import Table, table_of, usable
from datasets.services.report_json import plain

JOB_KIND = "datasets.represent"
MAX_ITEMS = 20_000
SHOWN_ITEMS = 24
SHOWN_COLLECT = 10


@dataclass(frozen=True, kw_only=True)
class Selection:
    """A part of the project's items: exactly one of version (with or without a split), sources, population, item_ids.

    item_ids: handed in by auditing for windows of production. name: how sentences call it.
    """

    version: str = ""
    split: str = ""
    sources: tuple[str, ...] = ()
    population: str = ""
    item_ids: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Resolved:
    ids: list[int]
    source_ids: list[int] | None
    name: str


def request_comparison(
    *, project: Project, reference: Selection, current: Selection, by: User | None = None, seed: int = 0
) -> Report:
    """The report row and its job. Raises InvalidInput for a selection that is empty or unclear."""
    for selection in (reference, current):
        resolve(project, selection)
    subject = {"reference": asdict(reference), "current": asdict(current), "seed": seed}
    with transaction.atomic():
        report = Report.objects.create(
            project=project, kind=Report.Kind.REPRESENTATIVENESS, subject=subject, created_by=by
        )
        report.job = create_job(project=project, kind=JOB_KIND, payload={"report_id": report.pk}, by=by)
        report.save(update_fields=["job"])
    return report


def perform(claim: Claim) -> dict[str, Any]:
    """Compute the report. Repeatable: same data and seed, same result."""
    report = Report.objects.select_related("project").get(pk=claim.job.payload["report_id"])
    claim.beat(0, 2, "Comparing")
    reference, current = (selection_from(report.subject[side]) for side in ("reference", "current"))
    result = compare_selections(
        project=report.project, reference=reference, current=current, seed=report.subject["seed"]
    )
    Report.objects.filter(pk=report.pk).update(result=result, finished_at=timezone.now())
    return {"report": str(report.public_id), "look": result["look"], "verdict": result["verdict"]}


def compare_selections(*, project: Project, reference: Selection, current: Selection, seed: int = 0) -> dict[str, Any]:
    """The comparison as JSON, here and now: attributes, image statistics, vectors if both sides have them.

    One item of each group stands for it, since tests need independent rows; above 20,000 a side items are sampled.
    """
    sides = [resolve(project, selection) for selection in (reference, current)]
    rng = np.random.default_rng(seed)
    tables = [_table(project, side, rng) for side in sides]
    embeddings = _embeddings(project, tables)
    columns = _shared(*(_compared(table) for table in tables))
    report = compare(
        columns[0], columns[1], rng=rng, names=(sides[0].name, sides[1].name),
        reference_embeddings=embeddings[0][1] if embeddings else None,
        current_embeddings=embeddings[1][1] if embeddings else None,
    )  # fmt: skip
    result: dict[str, Any] = plain(report)
    del result["classifier"]
    return result | {
        "reference_name": sides[0].name,
        "current_name": sides[1].name,
        "n_reference_items": len(sides[0].ids),
        "n_current_items": len(sides[1].ids),
        "auc": plain(report.auc),
        "classifier_reason": None if embeddings else "The items have no vectors yet, so only attributes were compared.",
        "most_different": _most_different(report, embeddings[1][0] if embeddings else []),
        "collect": [one for row in report.attributes if row.flagged for one in _collect(row)][:SHOWN_COLLECT],
    }


def selection_from(raw: dict[str, Any]) -> Selection:
    """A selection out of a stored subject."""
    parts: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in raw.items()}
    return Selection(**parts)


def resolve(project: Project, selection: Selection) -> Resolved:
    """Ids of the selected items, ascending, and whose occurrences stand for them. Raises InvalidInput, NotFound."""
    chosen = [bool(part) for part in (selection.version, selection.sources, selection.population, selection.item_ids)]
    if sum(chosen) != 1:
        raise InvalidInput("Choose one of a version, sources, or a population for each side.")
    if selection.version:
        version = versions.version_for(project, selection.version)
        ids = versions.item_ids(version, selection.split or None)
        name = f"{version}{f' ({selection.split})' if selection.split else ''}"
        return _resolved(ids, _recipe_sources(project, version.recipe), selection.name or name)
    if selection.item_ids:
        own = Item.objects.filter(project=project, pk__in=selection.item_ids).order_by("pk")
        return _resolved(list(own.values_list("pk", flat=True)), None, selection.name or "the chosen items")
    sources = Source.objects.filter(project=project)
    if selection.sources:
        sources = sources.filter(name__in=selection.sources)
    else:
        sources = sources.filter(population=selection.population)
    source_ids = list(sources.values_list("pk", flat=True))
    met = Occurrence.objects.filter(source_id__in=source_ids).order_by("item_id")
    ids = list(met.values_list("item_id", flat=True).distinct())
    name = selection.name or selection.population or ", ".join(selection.sources)
    return _resolved(ids, source_ids, name)


def _resolved(ids: list[int], source_ids: list[int] | None, name: str) -> Resolved:
    if not ids:
        raise InvalidInput(f"There are no items in {name}.")
    return Resolved(ids, source_ids, name)


def _recipe_sources(project: Project, recipe: dict[str, Any]) -> list[int] | None:
    """A version made of some sources is described by what those say about its items."""
    sources = Source.objects.filter(project=project)
    if recipe["sources"]:
        sources = sources.filter(name__in=recipe["sources"])
    if recipe["populations"]:
        sources = sources.filter(population__in=recipe["populations"])
    return list(sources.values_list("pk", flat=True)) if recipe["sources"] or recipe["populations"] else None


def _table(project: Project, side: Resolved, rng: np.random.Generator) -> Table:
    rows = Item.objects.filter(project=project, pk__in=side.ids).values_list("pk", "group_key", "sha256")
    one_each: dict[str, tuple[str, int]] = {}
    for pk, group, sha in rows:
        candidate = (sha, pk)
        one_each[group or sha] = min(one_each.get(group or sha, candidate), candidate)
    ids = sorted(pk for _, pk in one_each.values())
    if len(ids) > MAX_ITEMS:
        ids = [ids[i] for i in np.sort(rng.choice(len(ids), MAX_ITEMS, replace=False))]
    return table_of(project, ids, source_ids=side.source_ids)


def _compared(table: Table) -> list[Column]:
    return usable([*table.attributes, *table.statistics])


def _shared(a: Sequence[Column], b: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    names = {column.name for column in a} & {column.name for column in b}
    return [c for c in a if c.name in names], [c for c in b if c.name in names]


def _embeddings(project: Project, tables: Sequence[Table]) -> list[tuple[list[int], Any]] | None:
    encoder = vectors.latest_encoder(project)
    if encoder is None:
        return None
    found = [vectors.matrix([item.pk for item in table.items], encoder) for table in tables]
    if any(len(ids) < 20 for ids, _ in found):
        return None
    return [(ids, matrix.astype(np.float64)) for ids, matrix in found]


def _most_different(report: Comparison, ids: list[int]) -> list[dict[str, Any]]:
    if report.classifier is None:
        return []
    rows = [int(row) for row in report.most_different[:SHOWN_ITEMS]]
    hashes = dict(Item.objects.filter(pk__in=[ids[row] for row in rows]).values_list("pk", "sha256"))
    probability = report.classifier.probability_current
    return [{"sha256": hashes[ids[row]], "probability": float(probability[row])} for row in rows]


def _collect(row: AttributeComparison) -> list[dict[str, Any]]:
    """Values that the current side has much more often: what to collect for the reference."""
    histogram = row.histogram
    if histogram is None or row.kind != "category":
        return []
    totals = max(1, sum(histogram.reference)), max(1, sum(histogram.current))
    found = []
    for value, a, b in zip(histogram.labels, histogram.reference, histogram.current, strict=True):
        shares = a / totals[0], b / totals[1]
        if shares[1] - shares[0] >= 0.05:
            found.append({"name": row.name, "value": value, "reference_share": shares[0], "current_share": shares[1]})
    return sorted(found, key=lambda one: one["reference_share"] - one["current_share"])
