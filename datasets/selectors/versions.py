import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Project
from common.problems import InvalidInput, NotFound
from datasets.models import DatasetVersion, Occurrence, VersionItem
from datasets.selectors import schemas
from datasets.versioning.canonical import CanonicalRow, answer_hash
from datasets.versioning.diff import VersionDiff, diff_versions

CHUNK = 2000
_COLUMNS = (
    "item_id", "sha256", "split", "weight", "group", "label_keys", "item__kind", "item__media_type", "item__object_key",
    "item__width", "item__height", "item__text", "item__record", "label__posterior",
)  # fmt: skip
_REF = re.compile(r"([a-z0-9_-]+)@v([1-9]\d{0,8})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One item of a version. label_keys: class keys, none for an unlabelled item; group: smallest item hash in it.

    answer: whole, to a question whose answers are more than classes; None for choices.

    object_key: where the bytes are (empty for texts and records, which are in text and record).
    """

    item_id: int
    sha256: str
    split: str
    weight: float
    group: str
    label_keys: tuple[str, ...]
    kind: str
    media_type: str
    object_key: str
    width: int | None
    height: int | None
    text: str
    record: dict[str, Any] | None
    posterior: float | None
    answer: dict[str, Any] | None = None


def versions_of(project: Project) -> QuerySet[DatasetVersion]:
    return DatasetVersion.objects.filter(project=project).select_related("schema", "parent", "created_by")


def version_for(project: Project, ref: str) -> DatasetVersion:
    """A version by `name@v3`, or by its content hash. Raises NotFound."""
    match = _REF.fullmatch(ref)
    wanted = Q(name=match[1], number=int(match[2])) if match else Q(content_hash=ref)
    found: DatasetVersion | None = versions_of(project).filter(wanted).order_by("pk").first()
    if found is None:
        raise NotFound(f"There is no version {ref} in this project.")
    return found


def version_by_id(version_id: int) -> DatasetVersion:
    found: DatasetVersion = DatasetVersion.objects.select_related("schema", "project").get(pk=version_id)
    return found


def latest_version(project: Project, name: str) -> DatasetVersion | None:
    return DatasetVersion.objects.filter(project=project, name=name).order_by("-number").first()


def splits_so_far(version: DatasetVersion | None) -> dict[str, str]:
    """Split by item hash, of every item that this version or one of its ancestors holds; the youngest one counts.

    An item that a version leaves out and a later one takes in again has to come back to its old split: models may have
    been trained on it.
    """
    ancestors: list[int] = []
    while version is not None:
        ancestors.append(version.pk)
        version = version.parent
    met = VersionItem.objects.filter(version_id__in=ancestors).order_by("sha256", "-version_id").distinct("sha256")
    return dict(met.values_list("sha256", "split"))


def rows(version: DatasetVersion, *, split: str | None = None) -> Iterator[VersionRow]:
    """Rows of a version, ascending by item hash, in keyset chunks: no long transaction, constant memory."""
    last = ""
    base = VersionItem.objects.filter(version=version)
    if split is not None:
        base = base.filter(split=split)
    free = not schemas.question(version.schema, version.question).is_choice
    columns = (*_COLUMNS, "label__answer") if free else _COLUMNS
    while True:
        # Tuples of just these columns: whole items would carry their statistics along, at a tenth of the speed.
        chunk = list(base.filter(sha256__gt=last).order_by("sha256").values_list(*columns)[:CHUNK])
        for item_id, sha256, split_name, weight, group, keys, *rest in chunk:
            kind, media_type, object_key, width, height, text, record, posterior, *answer = rest
            yield VersionRow(
                item_id=item_id, sha256=sha256, split=split_name, weight=weight, group=group, label_keys=tuple(keys),
                kind=kind, media_type=media_type, object_key=object_key, width=width, height=height, text=text,
                record=record, posterior=posterior, answer=answer[0] if answer else None,
            )  # fmt: skip
        if len(chunk) < CHUNK:
            return
        last = chunk[-1][1]


def canonical_rows(version: DatasetVersion) -> Iterator[CanonicalRow]:
    """What the content hash is made of."""
    for row in rows(version):
        said = "" if row.answer is None else answer_hash(row.answer)
        yield CanonicalRow(row.sha256, version.question, row.label_keys, row.split, row.weight, row.group, said)


def item_ids(version: DatasetVersion, split: str | None = None) -> list[int]:
    """Ids of a version's items, ascending."""
    found = VersionItem.objects.filter(version=version)
    if split:
        found = found.filter(split=split)
    return list(found.order_by("item_id").values_list("item_id", flat=True))


def sharing_items(version: DatasetVersion, others: Collection[int], *, split: str) -> set[int]:
    """Which of the versions with these ids hold, in the same split, an item that this version has in this split."""
    here = VersionItem.objects.filter(version=version, split=split).values("item_id")
    found = VersionItem.objects.filter(version_id__in=others, split=split, item_id__in=here)
    return set(found.order_by().values_list("version_id", flat=True).distinct())


def diff(before: DatasetVersion, after: DatasetVersion) -> VersionDiff:
    """What changed from one version to the other. Raises InvalidInput across projects."""
    if before.project_id != after.project_id:
        raise InvalidInput("Versions of two projects cannot be compared.")
    return diff_versions(canonical_rows(before), canonical_rows(after))


def first_occurrences(item_ids: list[int]) -> dict[int, Occurrence]:
    """The first occurrence of each item: its name and attributes stand for the item where only one can."""
    found = Occurrence.objects.filter(item_id__in=item_ids).order_by("item_id", "pk").distinct("item_id")
    found = found.only("item_id", "name", "attributes")
    return {one.item_id: one for one in found}
