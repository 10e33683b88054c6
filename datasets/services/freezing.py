"""Freeze a version: a pure function of the project's items and labels, the recipe and the parent version."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction

from accounts.models import Job, Project, User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, create_job
from common.outbox import publish
from common.problems import InvalidInput
from common.storage import file_key, object_store
from datasets.events import VersionFrozen
from datasets.labeling_schema.document import Question
from datasets.models import DatasetVersion, Item, Occurrence
from datasets.profiling.class_balance import class_balance
from datasets.profiling.near_duplicates import near_duplicate_pairs
from datasets.selectors import schemas, versions
from datasets.selectors.filters import current_label, items_matching
from datasets.selectors.versions import latest_version
from datasets.services.recipes import Recipe, read_recipe
from datasets.services.weights import raked_weights
from datasets.versioning.canonical import CanonicalRow, answer_hash, canonical_line, content_hash
from datasets.versioning.splits import SplitPlan, plan_splits

JOB_KIND = "datasets.freeze"
BATCH = 5000
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An item that the recipe takes, with its answer."""

    item_id: int
    sha256: str
    phash: int | None
    media_type: str
    label_id: int | None
    keys: tuple[str, ...]
    answer_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that is about to be frozen. left_out: counts by reason."""

    recipe: Recipe
    parent: DatasetVersion | None
    chosen: dict[str, Candidate]
    splits: SplitPlan
    weights: dict[int, float]
    weight_notes: dict[str, Any]
    left_out: dict[str, int]

    def rows(self) -> list[CanonicalRow]:
        """Canonical rows, ascending by item."""
        return [
            CanonicalRow(
                sha, self.recipe.question, self.chosen[sha].keys, self.splits.split[sha],
                self.weights.get(self.chosen[sha].item_id, 1.0), self.splits.group[sha], self.chosen[sha].answer_hash,
            )
            for sha in sorted(self.splits.split)
        ]  # fmt: skip


def request_freeze(*, project: Project, recipe: dict[str, Any], by: User | None) -> Job:
    """Check the recipe and start the freezing. Raises InvalidInput; the job's result names the version."""
    checked = read_recipe(project, recipe)
    with transaction.atomic():
        payload = {"recipe": checked.to_json(), "by": by.pk if by else None}
        return create_job(project=project, kind=JOB_KIND, payload=payload, by=by)


def perform(claim: Claim) -> dict[str, Any]:
    """Freeze. Content that the name holds already gives the existing version."""
    project = claim.job.project
    claim.beat(0, 4, "Choosing items")
    plan = plan_version(project, read_recipe(project, claim.job.payload["recipe"]))
    if not plan.splits.split:
        raise InvalidInput(_nothing(plan))
    rows = plan.rows()
    claim.beat(1, 4, "Hashing")
    digest = content_hash(rows)
    existing = _existing(project, plan.recipe.name, digest)
    if existing is None:
        claim.beat(2, 4, "Writing the manifest")
        key = file_key(project.pk, "versions", f"{digest}.jsonl")
        object_store().put(key, manifest_chunks(plan, rows))
        claim.beat(3, 4, "Freezing")
        existing = _freeze(claim, project, plan, rows, digest, key)
        created = True
    else:
        created = False
    return {"version": str(existing), "content_hash": digest, "created": created, "items": len(rows)}


def preview(*, project: Project, recipe: dict[str, Any]) -> dict[str, Any]:
    """What freezing would give now: the same plan, only not written."""
    return summary_of(plan_version(project, read_recipe(project, recipe)))


def plan_version(project: Project, recipe: Recipe) -> Plan:
    """Choose items, tie them, split them, weigh them."""
    question = schemas.question(recipe.schema, recipe.question)
    chosen, left_out = _choose(project, recipe, question)
    weights: dict[int, float] = {}
    notes: dict[str, Any] = {}
    if recipe.weights and chosen:
        weights, notes = raked_weights(
            project=project, item_ids=[chosen[sha].item_id for sha in sorted(chosen)],
            population=recipe.weights["population"], attributes=recipe.weights["attributes"],
        )  # fmt: skip
        inside = {sha: one for sha, one in chosen.items() if weights[one.item_id] > 0}
        left_out["outside the population of the weights"] = len(chosen) - len(inside)
        chosen = inside
    parent = latest_version(project, recipe.name)
    try:
        splits = plan_splits(
            chosen, fractions=recipe.fractions, seed=recipe.seed, memberships=_memberships(project, chosen),
            near_duplicates=_near_duplicates(chosen, recipe.near_duplicate_bits), parent=versions.splits_so_far(parent),
        )  # fmt: skip
    except ValueError as error:
        raise InvalidInput(f"The items cannot be split: {error}.") from error
    if splits.left_out:
        left_out["bridges two splits"] = len(splits.left_out)
    return Plan(
        recipe=recipe, parent=parent, chosen=chosen, splits=splits, weights=weights, weight_notes=notes,
        left_out=left_out,
    )  # fmt: skip


def summary_of(plan: Plan) -> dict[str, Any]:
    """Counts, balance by split, and what was left out and why: the datasheet's figures."""
    question = schemas.question(plan.recipe.schema, plan.recipe.question)
    names = {key: dict(one.names) for key, one in question.by_key.items()}
    by_split: dict[str, Counter[str]] = {split: Counter() for split in plan.recipe.fractions}
    sizes: Counter[str] = Counter()
    for sha, split in plan.splits.split.items():
        sizes[split] += 1
        by_split.setdefault(split, Counter()).update(plan.chosen[sha].keys)
    everything = [key for sha in plan.splits.split for key in plan.chosen[sha].keys]
    balance = class_balance(everything, names={key: called["en"] for key, called in names.items() if "en" in called})
    groups = Counter(plan.splits.group.values())
    media_types = Counter(plan.chosen[sha].media_type for sha in plan.splits.split)
    return {
        "items": len(plan.splits.split),
        "splits": {split: sizes[split] for split in by_split},
        "media_types": dict(sorted(media_types.items())),
        "classes": [
            {
                "key": one.key, "names": names.get(one.key, {"en": one.key}), "count": one.count,
                "splits": {split: counts[one.key] for split, counts in by_split.items()},
            }
            for one in balance.classes
        ],
        "imbalance_ratio": balance.imbalance_ratio,
        "effective_classes": balance.effective_classes,
        "verdict": balance.verdict,
        "groups": len(groups),
        "largest_group": max(groups.values(), default=0),
        "new_groups": plan.splits.n_new_groups,
        "left_out": [{"reason": reason, "count": count} for reason, count in sorted(plan.left_out.items()) if count],
        "conflicts": [asdict(one) for one in plan.splits.conflicts[:SHOWN]],
        "n_conflicts": len(plan.splits.conflicts),
        "parent": str(plan.parent) if plan.parent else None,
        "weights": plan.weight_notes or None,
    }  # fmt: skip


def manifest_chunks(plan: Plan, rows: Iterable[CanonicalRow]) -> Iterable[bytes]:
    """The canonical lines as they were hashed, behind one line that says how they came about."""
    head = {"recipe": plan.recipe.to_json(), "parent": str(plan.parent) if plan.parent else None}
    yield json.dumps(head, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    for row in rows:
        yield canonical_line(row) + b"\n"


def _choose(project: Project, recipe: Recipe, question: Question) -> tuple[dict[str, Candidate], dict[str, int]]:
    items = items_matching(project, recipe.filter())
    answers: dict[int, tuple[int, dict[str, Any], list[str], float | None]] = {}
    for label in (
        current_label(recipe.schema, recipe.question)
        .filter(project=project)
        .values_list("item_id", "pk", "answer", "keys", "posterior")
        .iterator(chunk_size=BATCH)
    ):
        answers[label[0]] = (label[1], label[2], label[3], label[4])
    chosen: dict[str, Candidate] = {}
    left_out: Counter[str] = Counter()
    columns = items.order_by("pk").values_list("pk", "sha256", "phash", "media_type")
    for pk, sha, phash, media_type in columns.iterator(chunk_size=BATCH):
        label_id, keys, reason = _answer(answers.get(pk), recipe, question)
        if reason:
            left_out[reason] += 1
        else:
            said = answer_hash(answers[pk][1]) if label_id is not None and not question.is_choice else ""
            chosen[sha] = Candidate(
                item_id=pk, sha256=sha, phash=phash, media_type=media_type, label_id=label_id, keys=keys,
                answer_hash=said,
            )  # fmt: skip
    return chosen, dict(left_out)


def _answer(
    label: tuple[int, dict[str, Any], list[str], float | None] | None, recipe: Recipe, question: Question
) -> tuple[int | None, tuple[str, ...], str]:
    """Label id and keys at the recipe's level, or the reason why the item stays out."""
    if label is None:
        return None, (), "" if recipe.include_unlabelled else "no label"
    label_id, answer, keys, posterior = label
    if "cannot_tell" in answer:
        return None, (), "labelled “cannot tell”"
    if recipe.min_posterior is not None and posterior is not None and posterior < recipe.min_posterior:
        return None, (), "posterior too low"
    if "none" in answer and question.kind == "single_choice":
        return None, (), "labelled “none of these”"
    lifted = {question.at_depth(key, recipe.label_depth) for key in keys}
    kept = tuple(sorted(lifted - set(recipe.exclude_classes)))
    if keys and not kept:
        return None, (), "class left out by the recipe"
    return label_id, kept, ""


def _memberships(project: Project, chosen: dict[str, Candidate]) -> Iterable[tuple[str, str]]:
    """Group keys from every occurrence: an item met in two sources may have two."""
    met = Occurrence.objects.filter(project=project).exclude(group_key="").values_list("item__sha256", "group_key")
    own = Item.objects.filter(project=project).exclude(group_key="").values_list("sha256", "group_key")
    for pairs in (met, own):
        for sha, key in pairs.iterator(chunk_size=BATCH):
            if sha in chosen:
                yield sha, key


def _near_duplicates(chosen: dict[str, Candidate], bits: int | None) -> Iterable[tuple[str, str]]:
    # A flat picture hashes to 0 whatever its colour: such hashes say nothing.
    hashed = sorted((sha, one.phash) for sha, one in chosen.items() if one.phash)
    if bits is None or len(hashed) < 2:
        return
    values = np.array([phash for _, phash in hashed], dtype=np.int64)
    for a, b in near_duplicate_pairs(values, max_distance=bits).tolist():
        yield hashed[a][0], hashed[b][0]


def _existing(project: Project, name: str, digest: str) -> DatasetVersion | None:
    return DatasetVersion.objects.filter(project=project, name=name, content_hash=digest).first()


@transaction.atomic
def _freeze(
    claim: Claim, project: Project, plan: Plan, rows: list[CanonicalRow], digest: str, key: str
) -> DatasetVersion:
    claim.hold()
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)  # numbers are given one at a time
    if existing := _existing(project, plan.recipe.name, digest):
        return existing
    by = User.objects.filter(pk=claim.job.payload["by"]).first()
    last = latest_version(project, plan.recipe.name)
    version = DatasetVersion.objects.create(
        project=project, name=plan.recipe.name, number=last.number + 1 if last else 1, content_hash=digest,
        recipe=plan.recipe.to_json(), parent=plan.parent, schema=plan.recipe.schema, question=plan.recipe.question,
        manifest_key=key, summary=summary_of(plan), created_by=by,
    )  # fmt: skip
    _copy_rows(version, plan, rows)
    publish(VersionFrozen(version_id=version.pk))
    record(
        project=project, actor=by, action="version.frozen", subject=str(version),
        data={"content_hash": digest, "items": len(rows)},
    )  # fmt: skip
    return version


_COPY = (
    'COPY datasets_versionitem (version_id, item_id, sha256, split, weight, "group", label_id, label_keys) FROM STDIN'
)


def _copy_rows(version: DatasetVersion, plan: Plan, rows: Iterable[CanonicalRow]) -> None:
    """COPY, since inserts of a million rows are twenty times slower. In the caller's transaction."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            one = plan.chosen[row.item_sha]
            keys = list(row.label_keys)
            copy.write_row(
                (version.pk, one.item_id, one.sha256, row.split, float(row.weight), row.group, one.label_id, keys)
            )


def _nothing(plan: Plan) -> str:
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in plan.left_out.items())
    return f"No item is left for this version ({reasons or 'no item matches'}). Widen the recipe or label more first."
