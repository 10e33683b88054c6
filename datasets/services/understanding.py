"""The report of what the data are like and what is wrong with them: C1 to C8, one job, one row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.models import Project, User
from accounts.services.jobs import Claim, create_job
from common.problems import InvalidInput
from datasets.formats.attributes import Known
from datasets.labeling_schema.document import Question
from datasets.models import Item, Label, LabelSchema, Occurrence, Report
from datasets.profiling.class_balance import class_balance
from datasets.profiling.columns import Column, ColumnKind, Origin, category_column
from datasets.profiling.file_names import file_name_words
from datasets.profiling.histogram import histogram
from datasets.profiling.missing import missing_values
from datasets.profiling.near_duplicates import duplicate_groups, near_duplicate_pairs
from datasets.profiling.outliers import box_plot
from datasets.profiling.target_leak import target_leaks
from datasets.selectors import schemas
from datasets.selectors.filters import ItemFilter, current_label, items_matching
from datasets.selectors.tables import Table, table_of, told_apart, usable
from datasets.services.report_json import plain

JOB_KIND = "datasets.understand"
MAX_ITEMS = 50_000
MAX_POINTS = 5_000
SHOWN_OUTLIERS = 12
SHOWN_GROUPS = 60
NEAR_BITS = 4
TOP_VALUES = 20
MANY_CLASSES = 60


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """The label of each row of a table at the wished level, None where there is none, and who gave it."""

    keys: list[str | None]
    actors: list[str | None]


def request_understanding(
    *,
    project: Project,
    schema: LabelSchema | None = None,
    question: str = "",
    label_depth: int | None = None,
    sources: Sequence[str] = (),
    by: User | None = None,
) -> Report:
    """The report row and its job. Without a schema the classes with the most labels are taken.

    With many classes and no depth given, the top level of the tree is what balance and leaks are told for.
    """
    if schema is None:
        schema, question = _most_labelled(project, question)
    if schema is not None:
        asked = schemas.question(schema, question or schemas.document(schema).questions[0].key)
        question = asked.key
        nested = any(one.parent for one in asked.classes)
        if label_depth is None and nested and len(asked.classes) > MANY_CLASSES:
            label_depth = 1
    subject = {
        "schema": str(schema.public_id) if schema else None, "question": question, "label_depth": label_depth,
        "sources": list(sources),
    }  # fmt: skip
    with transaction.atomic():
        report = Report.objects.create(project=project, kind=Report.Kind.UNDERSTAND, subject=subject, created_by=by)
        report.job = create_job(project=project, kind=JOB_KIND, payload={"report_id": report.pk}, by=by)
        report.save(update_fields=["job"])
    return report


def _most_labelled(project: Project, question: str) -> tuple[LabelSchema | None, str]:
    """What has the most labels; a question with classes if there is one, since only classes have a balance."""
    in_use = [one for one in schemas.questions_in_use(project) if question in ("", one.question.key)]
    found = next((one for one in in_use if one.question.classes), None) or next(iter(in_use), None)
    if found is None and question:
        raise InvalidInput(f"No schema of the project has a question {question!r}.")
    return (found.schema, found.question.key) if found else (None, "")


def perform(claim: Claim) -> dict[str, Any]:
    """Compute the report. Repeatable: same data, same result."""
    report = Report.objects.select_related("project").get(pk=claim.job.payload["report_id"])
    result = understand(report.project, report.subject, claim)
    Report.objects.filter(pk=report.pk).update(result=result, finished_at=timezone.now())
    return {"report": str(report.public_id)}


def understand(project: Project, subject: dict[str, Any], claim: Claim) -> dict[str, Any]:
    """All sections for the items of the subject."""
    wanted = ItemFilter(sources=tuple(subject["sources"]))
    matching = items_matching(project, wanted)
    ids, n_items = _sample(list(matching.order_by("pk").values_list("pk", flat=True)))
    if not ids:
        raise InvalidInput("There are no items to look at yet. Import some first.")
    claim.beat(0, 6, "Reading")
    source_ids = _source_ids(project, subject["sources"])
    table = table_of(project, ids, source_ids=source_ids)
    schema = schemas.schema_for(project, subject["schema"]) if subject["schema"] else None
    question = schemas.question(schema, subject["question"]) if schema else None
    labelled = _labels(table, schema, question, subject["label_depth"])
    claim.beat(1, 6, "Balance and distributions")
    result: dict[str, Any] = {
        "n_items": n_items,
        "n_read": len(table.items),
        "n_labelled": sum(key is not None for key in labelled.keys),
        "balance": _balance(labelled, question, subject["label_depth"]),
        "numbers": _numbers(table),
        "categories": _categories(table),
        "issues": _issues(table),
    }
    claim.beat(2, 6, "Missing values")
    result["missing"] = _missing(table, labelled)
    result["map"] = _map(table, labelled)
    claim.beat(3, 6, "Duplicates")
    result["duplicates"] = _duplicates(project, table)
    claim.beat(4, 6, "Target leaks")
    result["leaks"] = plain(_leaks(table, labelled, np.random.default_rng(0)))
    claim.beat(6, 6, "Done")
    return result


def _sample(ids: list[int]) -> tuple[list[int], int]:
    """At most MAX_ITEMS ids, the same ones every time."""
    if len(ids) <= MAX_ITEMS:
        return ids, len(ids)
    chosen = np.random.default_rng(0).choice(len(ids), MAX_ITEMS, replace=False)
    return [ids[i] for i in np.sort(chosen)], len(ids)


def _source_ids(project: Project, names: Sequence[str]) -> list[int] | None:
    if not names:
        return None
    return list(Occurrence.objects.filter(project=project, source__name__in=names).order_by().values_list(
        "source_id", flat=True
    ).distinct())  # fmt: skip


def _labels(table: Table, schema: LabelSchema | None, question: Question | None, depth: int | None) -> Labelled:
    n = len(table.items)
    if schema is None or question is None:
        return Labelled(keys=[None] * n, actors=[None] * n)
    rows = current_label(schema, question.key).filter(project_id=schema.project_id).select_related("actor")
    found: dict[int, Label] = {label.item_id: label for label in rows}
    keys: list[str | None] = []
    actors: list[str | None] = []
    for item in table.items:
        label = found.get(item.pk)
        keys.append(_one_key(question, label, depth) if label else None)
        actors.append(str(label.actor_id) if label and label.actor_id else None)
    return Labelled(keys=keys, actors=actors)


def _one_key(question: Question, label: Label, depth: int | None) -> str | None:
    """One key stands for a label: the only one, or all joined for several. Declined answers have none."""
    lifted = sorted({question.at_depth(key, depth) for key in label.keys})
    return "+".join(lifted) or None


def _balance(labelled: Labelled, question: Question | None, depth: int | None) -> dict[str, Any] | None:
    if question is None:
        return None
    declared = question.selectable_keys if depth is None else ()
    names = {one.key: dict(one.names) for one in question.classes}
    english = {key: called["en"] for key, called in names.items() if "en" in called}
    balance = class_balance([key for key in labelled.keys if key], declared=declared, names=english)
    return {**plain(balance), "names": {one.key: names.get(one.key, {"en": one.key}) for one in balance.classes}}


def _numbers(table: Table) -> list[dict[str, Any]]:
    found = []
    for origin, columns in (("attribute", table.attributes), ("image", table.statistics)):
        for column in usable(columns):
            if column.kind is ColumnKind.NUMBER:
                box = box_plot(column.values, max_outliers=SHOWN_OUTLIERS)
                outliers = [
                    {"sha256": table.items[row].sha256, "value": float(column.values[row])} for row in box.outliers
                ]
                found.append(
                    {
                        "name": column.name, "origin": origin, "histogram": plain(histogram(column.values)),
                        "box": plain(box), "outliers": outliers,
                    }
                )  # fmt: skip
    return found


def _categories(table: Table) -> list[dict[str, Any]]:
    found = []
    for column in usable([*table.attributes, *table.technical[:4]]):
        if column.kind is ColumnKind.CATEGORY:
            counts = Counter(value for value in column.values if value is not None)
            top = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:TOP_VALUES]
            found.append(
                {
                    "name": column.name, "values": [{"value": value, "count": n} for value, n in top],
                    "n_values": len(counts), "n_missing": len(column) - counts.total(),
                    "n_other": counts.total() - sum(n for _, n in top),
                }
            )  # fmt: skip
    return found


def _issues(table: Table) -> dict[str, Any]:
    by_code: dict[str, list[Item]] = {}
    for item in table.items:
        for code in item.issues:
            by_code.setdefault(code, []).append(item)
    pending = sum(item.derived == Item.Derived.PENDING for item in table.items)
    total = sum(bool(item.issues) for item in table.items)
    verdict = f"{total:,} of {len(table.items):,} pictures are dark, bright, flat, blurred, tiny or oddly shaped."
    if pending:
        verdict += f" {pending:,} have not been looked at yet."
    return {
        "codes": [
            {"code": code, "count": len(items), "items": [item.sha256 for item in items[:SHOWN_OUTLIERS]]}
            for code, items in sorted(by_code.items(), key=lambda one: -len(one[1]))
        ],
        "n_flagged": total,
        "verdict": verdict if total or pending else "No picture is dark, bright, flat, blurred, tiny or oddly shaped.",
    }


def _missing(table: Table, labelled: Labelled) -> Any:
    rows = [i for i, key in enumerate(labelled.keys) if key is not None]
    if not table.attributes:
        return plain(missing_values([], None))
    if len(rows) < 2:
        return plain(missing_values(table.attributes, None))
    # Shares are of all rows; the tie to the label can only be tested where there is one.
    everything = missing_values(table.attributes, None)
    tied = missing_values(
        [column.take(np.array(rows)) for column in table.attributes], [labelled.keys[i] or "" for i in rows]
    )
    share = {column.name: column for column in everything.columns}
    result = plain(tied)
    for column in result["columns"]:
        column["n_missing"] = share[column["name"]].n_missing
        column["share"] = plain(share[column["name"]].share)
    return result


def _map(table: Table, labelled: Labelled) -> dict[str, Any]:
    located = [
        (item, one, key)
        for item, one, key in zip(table.items, table.occurrences, labelled.keys, strict=True)
        if one and one.latitude is not None
    ]
    shown = located if len(located) <= MAX_POINTS else located[:: len(located) // MAX_POINTS + 1]
    return {
        "points": [
            {"sha256": item.sha256, "latitude": one.latitude, "longitude": one.longitude, "label": key}
            for item, one, key in shown
        ],
        "n_located": len(located),
        "n_items": len(table.items),
    }


def _duplicates(project: Project, table: Table) -> dict[str, Any]:
    met = Counter(
        Occurrence.objects.filter(project=project, item_id__in=[item.pk for item in table.items]).values_list(
            "item_id", flat=True
        )
    )
    again = sorted((item for item in table.items if met[item.pk] > 1), key=lambda item: -met[item.pk])
    # A flat picture hashes to 0 whatever its colour: such hashes say nothing.
    hashed = [item for item in table.items if item.phash]
    pairs = near_duplicate_pairs(np.array([item.phash for item in hashed], dtype=np.int64), max_distance=NEAR_BITS)
    grouped = duplicate_groups(len(hashed), pairs)
    members: dict[int, list[Item]] = {}
    for item, group in zip(hashed, grouped.tolist(), strict=True):
        members.setdefault(group, []).append(item)
    groups = sorted((found for found in members.values() if len(found) > 1), key=len, reverse=True)
    n_near = sum(map(len, groups))
    return {
        "exact": [{"sha256": item.sha256, "occurrences": met[item.pk]} for item in again[:SHOWN_GROUPS]],
        "n_exact": len(again),
        "near": [[item.sha256 for item in found[:SHOWN_OUTLIERS]] for found in groups[:SHOWN_GROUPS]],
        "n_near_groups": len(groups),
        "n_near_items": n_near,
        "bits": NEAR_BITS,
        "verdict": f"{len(again):,} pictures came more than once with the same bytes; {n_near:,} more look nearly like "
        f"another one, in {len(groups):,} groups. A version keeps such groups in one split.",
    }


def _leaks(table: Table, labelled: Labelled, rng: np.random.Generator) -> Any:
    rows = np.array([i for i, key in enumerate(labelled.keys) if key is not None], dtype=np.int64)
    annotator = category_column("labelled by", labelled.actors, known=Known.NO, origin=Origin.TECHNICAL)
    borders = [column for column in table.statistics if column.name.startswith("border_")]
    recorded = [*(_technical(column) for column in borders), *table.technical]
    taken = {column.name for column in table.attributes}
    columns: list[Column] = [*table.attributes, *recorded, *told_apart([annotator], taken)]
    names = [table.names[i] for i in rows]
    return target_leaks(
        [labelled.keys[i] or "" for i in rows],
        [column.take(rows) for column in columns],
        words={"file name: words": file_name_words(names)},
        groups=[table.groups[i] for i in rows],
        rng=rng,
    )


def _technical(column: Column) -> Column:
    """Border pixels belong to the picture, but a label that they give away is a frame, not the thing."""
    return Column(column.name, column.kind, column.values, Known.YES, Origin.TECHNICAL)
