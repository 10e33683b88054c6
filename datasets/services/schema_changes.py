"""The next version of a schema by operations, and its labels brought along: counted first, then done at once."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Project, User
from accounts.services.audit_trail import record
from common.problems import Conflict, InvalidInput
from datasets.labeling_schema.answers import answer_keys
from datasets.labeling_schema.document import Question
from datasets.labeling_schema.mistakes import InvalidDocument
from datasets.labeling_schema.operations import Changed, apply_operations, carry_answer
from datasets.models import Item, Label, LabelSchema, SchemaChange
from datasets.selectors import schemas
from datasets.services.labels import hold_family
from datasets.services.schemas import create_schema, refuse_lost_keys

BATCH = 2000
Beat = Callable[[int], None]


class SchemaMovedOn(Conflict):
    code = "schema-moved-on"
    title = "The schema has a newer version"


@dataclass(frozen=True, kw_only=True)
class LabelCounts:
    """How many current labels of a question a change touches.

    moved: to another class. asked_again: of a split class; current no longer, so that the item counts as unlabelled.
    kept: of a class that is retired without another in its place.
    """

    question: str
    moved: int
    asked_again: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class ChangePlan:
    """What a change would do to a schema's labels."""

    changed: Changed
    labels: tuple[LabelCounts, ...]

    def to_json(self) -> dict[str, Any]:
        return {"labels": [asdict(one) for one in self.labels]}


def plan_change(
    *,
    schema: LabelSchema,
    document: dict[str, Any] | None,
    operations: Sequence[Any],
    unasked: Collection[str] = (),
) -> ChangePlan:
    """Count without doing. document: the version before with plain edits (added, renamed, reordered), or None.

    unasked: keys of questions that no queue asks, so that they may be left out when they have no label either.

    Raises InvalidInput with every mistake at its place, SchemaMovedOn when the version is not the newest of its family.
    """
    newest = schemas.latest(schema.project, schema.family)
    if newest is None or newest.pk != schema.pk:
        raise SchemaMovedOn(
            f"{schema.name} has a newer version than {schema.version} by now. Look at it and make your change there."
        )
    try:
        changed = apply_operations(schema.document if document is None else document, list(operations))
    except InvalidDocument as error:
        raise InvalidInput(f"The change cannot be made. {error}", errors=error.errors) from None
    refuse_lost_keys(schemas.document(schema), changed.document, _may_go(schema, unasked))
    _refuse_revival(schemas.document(schema).questions, changed)
    keys = dict.fromkeys([*changed.moved, *changed.split, *changed.retired])
    return ChangePlan(changed=changed, labels=tuple(_counts(schema, changed, key) for key in keys))


def _may_go(schema: LabelSchema, unasked: Collection[str]) -> set[str]:
    """Those of the questions that have no label, not even a superseded one."""
    labels = Label.objects.filter(project=schema.project, family=schema.family, question__in=unasked)
    return set(unasked) - set(labels.order_by().values_list("question", flat=True).distinct())


def _refuse_revival(before: Sequence[Question], changed: Changed) -> None:
    """A retired class stays so: its labels were given away, or its name may belong to another by now."""
    for old in before:
        # A question that went took its classes with it.
        for one in old.classes if old.key in changed.document.by_key else ():
            now = changed.document.by_key[old.key].by_key[one.key]
            if one.retired and (not now.retired or now.replaced_by != one.replaced_by):
                sentence = f"The class {one.key!r} is retired and stays so. Add a class with a new key instead."
                raise InvalidInput(sentence, errors={f"document.{old.key}": [sentence]})


def _counts(schema: LabelSchema, changed: Changed, question: str) -> LabelCounts:
    split = list(changed.split.get(question, ()))
    moved = [*changed.moved.get(question, ())]
    asked_again = _labels(schema, question, split).count()
    return LabelCounts(
        question=question,
        moved=_labels(schema, question, moved).exclude(keys__overlap=split).count(),
        asked_again=asked_again,
        kept=_labels(schema, question, [*changed.retired.get(question, ())]).count(),
    )


def _labels(schema: LabelSchema, question: str, keys: Sequence[str]) -> QuerySet[Label]:
    rows = Label.objects.current().filter(project=schema.project, family=schema.family, question=question)
    return rows.filter(keys__overlap=list(keys)) if keys else rows.none()


def request_change(
    *,
    schema: LabelSchema,
    name: str,
    document: dict[str, Any] | None,
    operations: Sequence[Any],
    by: User | None,
    unasked: Collection[str] = (),
) -> SchemaChange:
    """A checked change that waits for its job. Raises as `plan_change`."""
    plan_change(schema=schema, document=document, operations=operations, unasked=unasked)
    change: SchemaChange = SchemaChange.objects.create(
        project=schema.project, before=schema, name=name or schema.name, document=document or schema.document,
        operations=list(operations), created_by=by,
    )  # fmt: skip
    return change


def change_by_id(change_id: int) -> SchemaChange:
    rows = SchemaChange.objects.select_related("before__project", "after", "project", "created_by")
    found: SchemaChange = rows.get(pk=change_id)
    return found


@transaction.atomic
def apply_change(*, change: SchemaChange, unasked: Collection[str] = (), beat: Beat = lambda _: None) -> SchemaChange:
    """Make the version and bring its labels along, all or nothing. Done before, it changes nothing.

    Labels of merged classes are superseded by labels of origin "migration" that name the change. Labels of split
    classes stop being current. Raises as `plan_change`.
    """
    locked = SchemaChange.objects.select_for_update(no_key=True, of=("self",)).select_related("before__project")
    change = locked.get(pk=change.pk)
    if change.applied_at is not None:
        return change
    _hold(change)
    before, operations = change.before, change.operations
    plan = plan_change(schema=before, document=change.document, operations=operations, unasked=unasked)
    after = create_schema(
        project=change.project, name=change.name, document=plan.changed.document.to_json(), by=change.created_by,
        family=before.family, may_go=_may_go(before, unasked),
    )  # fmt: skip
    if after.pk == change.before_id:
        raise InvalidInput("The change changes nothing.", errors={"operations": ["Nothing to do."]})
    done = [_migrate(change, after, plan.changed, key, beat) for key in plan.changed.questions()]
    kept = {one.question: one.kept for one in plan.labels}
    told = {one.question: one for one in done}
    change.after, change.applied_at = after, timezone.now()
    change.counts = {
        "labels": [
            {**asdict(told.get(key, LabelCounts(question=key, moved=0, asked_again=0, kept=0))), "kept": kept[key]}
            for key in kept
        ]
    }
    change.save(update_fields=["after", "applied_at", "counts"])
    record(
        project=change.project, actor=change.created_by, action="schema.changed",
        subject=f"{after.family} version {after.version}",
        data={
            "change": str(change.public_id), "operations": [_said(one) for one in change.operations], **change.counts,
        },
    )  # fmt: skip
    return change


def items_to_ask_again(change: SchemaChange) -> dict[str, list[int]]:
    """Items whose label is of a class that this change splits, by question; in id order.

    To be asked in the transaction that applies the change, before it: no label is accepted in between, and afterwards
    nothing tells them from items whose label was taken back for another reason.
    """
    _hold(change)
    split = apply_operations(change.document, change.operations).split
    return {question: found for question, keys in split.items() if (found := _items_of(change.before, question, keys))}


def _items_of(schema: LabelSchema, question: str, keys: Sequence[str]) -> list[int]:
    return list(_labels(schema, question, keys).order_by("item_id").values_list("item_id", flat=True))


def _hold(change: SchemaChange) -> None:
    """Until the transaction ends nobody makes a version or a label of the family."""
    Project.objects.select_for_update(no_key=True).get(pk=change.project_id)  # as create_schema does
    hold_family(change.before, shared=False)


def _said(operation: dict[str, Any]) -> str:
    """One operation in the words of the trail, short even for a merge of a thousand classes."""
    what = operation.get("class") or operation.get("classes")
    keys = what if isinstance(what, list) else [what.get("key") if isinstance(what, dict) else what]
    into = operation.get("into")
    heirs = into if isinstance(into, list) else [into] if into else []
    told = [one.get("key") if isinstance(one, dict) else one for one in heirs]
    shown = ", ".join(map(str, keys[:10])) + (" …" if len(keys) > 10 else "")
    return f"{operation['op']} {shown}" + (f" into {', '.join(map(str, told[:10]))}" if told else "")


def _migrate(change: SchemaChange, after: LabelSchema, changed: Changed, question: str, beat: Beat) -> LabelCounts:
    asked = changed.document.by_key[question]
    moved = asked_again = 0
    for batch in _batches(change.before, question, changed.affected(question)):
        fresh = [_moved(label, after, asked, change) for label in batch]
        Label.objects.filter(pk__in=[label.pk for label in batch]).update(is_current=False)
        Label.objects.bulk_create([label for label in fresh if label is not None])
        moved += sum(label is not None for label in fresh)
        asked_again += sum(label is None for label in fresh)
        beat(moved + asked_again)
    return LabelCounts(question=question, moved=moved, asked_again=asked_again, kept=0)


def _batches(schema: LabelSchema, question: str, keys: Sequence[str]) -> Iterator[list[Label]]:
    after = 0
    while True:
        # In item order and with the items locked, as accept_labels does: neither waits for the other in a ring.
        rows = _labels(schema, question, keys).filter(item_id__gt=after).order_by("item_id")
        ids = list(rows.values_list("item_id", flat=True)[:BATCH])
        if not ids:
            return
        list(Item.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
        yield list(_labels(schema, question, keys).filter(item_id__in=ids).order_by("item_id"))
        after = ids[-1]


def _moved(label: Label, after: LabelSchema, asked: Question, change: SchemaChange) -> Label | None:
    """A merged class is at least as probable as the one that went into it, so the posterior stays as a lower bound."""
    answer = carry_answer(asked, label.answer)
    if answer is None:
        return None
    return Label(
        project=label.project, item_id=label.item_id, schema=after, family=label.family, question=label.question,
        answer=answer, keys=list(answer_keys(answer)), origin=Label.Origin.MIGRATION,
        origin_ref=f"schema-change:{change.public_id}", actor_id=label.actor_id, posterior=label.posterior,
        entropy=label.entropy, n_labels=label.n_labels, reason=label.reason, corrects=label,
    )  # fmt: skip
