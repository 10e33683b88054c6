"""Write a batch of prepared entries: items, occurrences and report rows in one transaction, or none of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Least

from accounts.models import Project
from datasets.models import Import, ImportFile, Item, Occurrence, Source
from datasets.services.importing.entries import identity_of
from datasets.services.importing.preparation import Content, Meeting, Prepared
from datasets.services.tiling import expect_tiles

OCCURRENCE_UPDATES = [
    "stamp", "group_key", "captured_at", "captured_local", "latitude", "longitude", "attributes",
]  # fmt: skip


@dataclass(frozen=True)
class Registered:
    """What became of one prepared entry."""

    prepared: Prepared
    item: Item | None
    outcome: str


@transaction.atomic
def register_items(
    *, project: Project, source: Source, meetings: Sequence[tuple[Content, Meeting]]
) -> list[tuple[Item, bool]]:
    """Items and occurrences of these contents, in order, with whether the item is new. Idempotent."""
    if not meetings:
        return []
    # One at a time in a project, so that "new" is true for one import only. NO KEY: readers and foreign keys go on.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    contents = {content.sha256: content for content, _ in meetings}
    before = set(Item.objects.filter(project=project, sha256__in=contents).values_list("sha256", flat=True))
    groups = {content.sha256: meeting.group_key for content, meeting in reversed(meetings) if meeting.group_key}
    fresh = [_item(project, content, groups.get(sha, "")) for sha, content in contents.items() if sha not in before]
    Item.objects.bulk_create(fresh)
    expect_tiles(fresh)
    items = {item.sha256: item for item in Item.objects.filter(project=project, sha256__in=contents)}
    _fill_groups(items, groups)
    occurrences = {}
    for content, meeting in meetings:
        one = _occurrence(project, source, items[content.sha256], meeting)
        occurrences[one.item_id, one.identity] = one
    Occurrence.objects.bulk_create(
        occurrences.values(), update_conflicts=True, unique_fields=["item", "source", "identity"],
        update_fields=OCCURRENCE_UPDATES,
    )  # fmt: skip
    met: set[str] = set(before)
    result = []
    for content, _ in meetings:
        result.append((items[content.sha256], content.sha256 not in met))
        met.add(content.sha256)
    return result


@transaction.atomic
def register_batch(*, run: Import, prepared: Sequence[Prepared], known: Sequence[Prepared]) -> list[Registered]:
    """Register a batch of an import with its report rows and counters.

    known: entries that an earlier import of the source brought unchanged.
    """
    accepted = [(one.content, one.meeting) for one in prepared if one.content]
    placed = iter(register_items(project=run.project, source=run.source, meetings=accepted))
    registered = []
    for one in prepared:
        if one.content is None:
            registered.append(Registered(one, None, ImportFile.Outcome.REJECTED))
        else:
            item, is_new = next(placed)
            outcome = ImportFile.Outcome.IMPORTED if is_new else ImportFile.Outcome.DUPLICATE
            registered.append(Registered(one, item, outcome))
    registered += [Registered(one, None, ImportFile.Outcome.KNOWN) for one in known]
    ImportFile.objects.bulk_create([_report_row(run, one) for one in registered])
    _count(run, registered)
    return registered


def _item(project: Project, content: Content, group_key: str) -> Item:
    written = content.kind != Item.Kind.IMAGE
    return Item(
        project=project, sha256=content.sha256, kind=content.kind, media_type=content.media_type,
        byte_size=content.byte_size, width=content.width, height=content.height, phash=content.phash,
        group_key=group_key, object_key=content.object_key, text=content.text, record=content.record,
        facts=content.facts, derived=Item.Derived.DONE if written else Item.Derived.PENDING,
    )  # fmt: skip


def _fill_groups(items: dict[str, Item], groups: dict[str, str]) -> None:
    changed = [items[sha] for sha, key in groups.items() if not items[sha].group_key]
    for item in changed:
        item.group_key = groups[item.sha256]
    Item.objects.bulk_update(changed, ["group_key"])


def _occurrence(project: Project, source: Source, item: Item, meeting: Meeting) -> Occurrence:
    return Occurrence(
        project=project, item=item, source=source, name=meeting.name, external_id=meeting.external_id,
        identity=identity_of(meeting.name, meeting.external_id), stamp=meeting.stamp, group_key=meeting.group_key,
        captured_at=meeting.captured_at, captured_local=meeting.captured_local, latitude=meeting.latitude,
        longitude=meeting.longitude, attributes=meeting.attributes,
    )  # fmt: skip


def _report_row(run: Import, one: Registered) -> ImportFile:
    entry = one.prepared.entry
    told = one.prepared.rejection or one.prepared.note
    return ImportFile(
        run=run, identity=entry.identity, name=entry.name, outcome=one.outcome, code=told.code if told else "",
        message=told.message if told else "", item=one.item, byte_size=entry.size,
    )  # fmt: skip


def _count(run: Import, registered: Sequence[Registered]) -> None:
    by_outcome = Counter(one.outcome for one in registered)
    new_ids = [one.item.pk for one in registered if one.item and one.outcome == ImportFile.Outcome.IMPORTED]
    changes: dict[str, Any] = {
        "imported": F("imported") + by_outcome[ImportFile.Outcome.IMPORTED],
        "duplicates": F("duplicates") + by_outcome[ImportFile.Outcome.DUPLICATE],
        "known": F("known") + by_outcome[ImportFile.Outcome.KNOWN],
        "rejected": F("rejected") + by_outcome[ImportFile.Outcome.REJECTED],
    }
    if new_ids:
        changes["first_item_id"] = Least(Coalesce(F("first_item_id"), min(new_ids)), min(new_ids))
        changes["last_item_id"] = Greatest(Coalesce(F("last_item_id"), max(new_ids)), max(new_ids))
    Import.objects.filter(pk=run.pk).update(**changes)
