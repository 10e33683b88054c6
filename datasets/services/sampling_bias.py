"""Does the sample hold the shares that a population is declared to have, and what would weights repair?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.models import Project, User
from accounts.services.jobs import Claim, create_job
from common.numerics.wilson import wilson_interval
from datasets.labeling_schema.document import Question
from datasets.models import LabelSchema, Report
from datasets.profiling.columns import FloatArray
from datasets.selectors import schemas
from datasets.selectors.filters import current_label
from datasets.selectors.tables import Table, table_of
from datasets.services.report_json import plain
from datasets.services.representation import Selection, resolve, selection_from
from datasets.services.weights import Cells, cells_of, margins_of, raking_notes
from datasets.weighting.post_stratification import post_stratify
from datasets.weighting.raking import rake
from datasets.weighting.sampling_bias import sampling_bias
from datasets.weighting.weighted_share import weighted_share

JOB_KIND = "datasets.sampling_bias"
SHOWN_CLASSES = 30


def request_sampling_bias(
    *,
    project: Project,
    selection: Selection,
    population: str,
    schema: LabelSchema | None = None,
    question: str = "",
    label_depth: int | None = None,
    by: User | None = None,
) -> Report:
    """The report row and its job. schema, question: whose label shares to estimate with and without weights.

    Raises InvalidInput for an empty selection or a population without declared shares.
    """
    resolve(project, selection)
    margins_of(project, population)
    if schema is not None:
        schemas.question(schema, question)
    subject = {
        "selection": asdict(selection), "population": population,
        "schema": str(schema.public_id) if schema else None, "question": question, "label_depth": label_depth,
    }  # fmt: skip
    with transaction.atomic():
        report = Report.objects.create(project=project, kind=Report.Kind.SAMPLING_BIAS, subject=subject, created_by=by)
        report.job = create_job(project=project, kind=JOB_KIND, payload={"report_id": report.pk}, by=by)
        report.save(update_fields=["job"])
    return report


def perform(claim: Claim) -> dict[str, Any]:
    """Compute the report. Repeatable: same data, same result."""
    report = Report.objects.select_related("project").get(pk=claim.job.payload["report_id"])
    result = examine(report.project, report.subject)
    Report.objects.filter(pk=report.pk).update(result=result, finished_at=timezone.now())
    return {"report": str(report.public_id), "verdict": result["verdict"]}


def examine(project: Project, subject: dict[str, Any]) -> dict[str, Any]:
    """Every declared attribute tested alone, weights over all of them, and what weights do to the label shares."""
    side = resolve(project, selection_from(subject["selection"]))
    population = subject["population"]
    margins = margins_of(project, population)
    table = table_of(project, side.ids, source_ids=side.source_ids)
    cells = cells_of(table, list(margins))
    rng = np.random.default_rng(0)
    attributes = [_attribute(name, cells[name], shares, population, rng) for name, shares in margins.items()]
    raking = rake(cells, margins)
    biased = [one["attribute"] for one in attributes if one["bias"]["biased"]]
    return {
        "selection_name": side.name,
        "population": population,
        "n_items": len(table.items),
        "attributes": attributes,
        "raking": raking_notes(raking),
        "label_shares": _label_shares(project, subject, table, raking.weights, cells),
        "verdict": _verdict(biased, len(margins), side.name, population),
    }


def _attribute(
    name: str, cells: Sequence[str | None], shares: Mapping[str, float], population: str, rng: np.random.Generator
) -> dict[str, Any]:
    bias = sampling_bias(cells, shares, rng=rng, name=population)
    strata = plain(post_stratify(cells, shares))
    del strata["weights"]
    return {"attribute": name, "bias": plain(bias), "post_stratification": strata}


def _label_shares(
    project: Project, subject: dict[str, Any], table: Table, weights: FloatArray, cells: Cells
) -> list[dict[str, Any]]:
    """Share of each class as it is in the sample and as it would be in the population."""
    if not subject["schema"]:
        return []
    schema = schemas.schema_for(project, subject["schema"])
    question = schemas.question(schema, subject["question"])
    keys = _keys(project, schema, question, subject["label_depth"])
    rows = [i for i, item in enumerate(table.items) if keys.get(item.pk)]
    used = weights[rows]
    # With one margin the weights are post-stratified to its cells, and only the variance within them counts.
    strata = None
    if len(cells) == 1:
        (values,) = cells.values()
        strata = np.unique([str(values[i]) for i in rows], return_inverse=True)[1].astype(np.int64)
    counts = Counter(key for i in rows for key in keys[table.items[i].pk])
    found = []
    for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:SHOWN_CLASSES]:
        flags = np.array([key in keys[table.items[i].pk] for i in rows])
        name = question.by_key[key].names if key in question.by_key else {"en": key}
        found.append(
            {
                "key": key, "names": dict(name), "unweighted": plain(wilson_interval(count, len(rows))),
                "weighted": plain(weighted_share(flags, used, strata=strata)),
            }
        )  # fmt: skip
    return found


def _keys(project: Project, schema: LabelSchema, question: Question, depth: int | None) -> dict[int, frozenset[str]]:
    rows = current_label(schema, question.key).filter(project=project).values_list("item_id", "keys")
    return {item_id: frozenset(question.at_depth(key, depth) for key in keys) for item_id, keys in rows}


def _verdict(biased: list[str], n: int, selection: str, population: str) -> str:
    if not biased:
        return (
            f"{selection} has the declared shares of {population} on all {n} attributes, as far as its size can tell."
        )
    return (
        f"{selection} does not have the shares of {population} on {len(biased)} of {n} attributes: "
        f"{', '.join(biased)}. Weights repair this only as far as items of one cell were chosen at random."
    )
