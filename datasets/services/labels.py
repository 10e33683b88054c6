from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from accounts.models import Project, User
from common.problems import InvalidInput
from datasets.labeling_schema.answers import Size, answer_keys
from datasets.labeling_schema.operations import carry_answer
from datasets.models import Item, Label, LabelSchema
from datasets.selectors import schemas

BATCH = 2000


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """An answer that somebody or something stands for.

    origin: consensus, review, import, outcome or single (one person's answer, where only one was asked); origin_ref:
    opaque, the origin knows what it means; actor: the person, if it was one; posterior: probability of the answer;
    entropy: of the whole posterior, nats; n_labels: how many people's answers are behind it.
    """

    item_id: int
    answer: dict[str, Any]
    origin: str
    origin_ref: str = ""
    actor: User | None = None
    posterior: float | None = None
    entropy: float | None = None
    n_labels: int | None = None
    reason: str = ""


Checked = tuple[Acceptance, LabelSchema, dict[str, Any]]
"""What is to be accepted, the schema version in whose words, and the canonical answer."""


def accept_labels(
    *, project: Project, schema: LabelSchema, question: str, acceptances: Sequence[Acceptance]
) -> list[Label]:
    """The current label of each acceptance's item afterwards, in order.

    A new answer supersedes the old one, which stays as history. The same answer from the same origin with the same
    posterior changes nothing, so a call may be repeated. A consensus never overrides what a reviewer settled.
    An answer by an older version of the schema is kept in the words of the newest: of merged classes, what they became.
    Raises InvalidInput for answers that the question does not admit, items of another project, or an item twice.
    """
    ids = [one.item_id for one in acceptances]
    if len(set(ids)) != len(ids):
        raise InvalidInput("An item occurs twice among the labels to accept.")
    if schema.project_id != project.pk:
        raise InvalidInput(f"The label schema {schema.name} belongs to another project.")
    checked = _checked(schema, question, acceptances)
    labels: list[Label] = []
    with transaction.atomic():
        hold_family(schema, shared=True)
        by_schema = _in_words_of_the_newest(schema, question, checked)
        for start in range(0, len(checked), BATCH):
            labels += _accept(project, question, by_schema[start : start + BATCH])
    return labels


@transaction.atomic
def withdraw_labels(*, schema: LabelSchema, question: str, item_ids: Sequence[int], made_by: Sequence[str]) -> int:
    """Labels that stop being current because what they were made of was taken back; as history they stay.

    made_by: `origin_ref` of those that are meant, so that what others said is not touched. Returns how many.
    """
    hold_family(schema, shared=True)
    found = Label.objects.current().filter(
        project=schema.project_id, family=schema.family, question=question, item_id__in=item_ids,
        origin_ref__in=made_by,
    )  # fmt: skip
    return found.update(is_current=False)


def hold_family(schema: LabelSchema, *, shared: bool) -> None:
    """Until the transaction ends: labels are accepted by many at once, but not while their schema is being changed."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, hashtext(%s))", [schema.project_id % 2**31, schema.family])


def _checked(schema: LabelSchema, question: str, acceptances: Sequence[Acceptance]) -> list[Checked]:
    asked = schemas.question(schema, question)
    sizes: dict[int, Size] = {}
    if asked.kind == "shapes":
        rows = Item.objects.filter(pk__in=[one.item_id for one in acceptances], width__isnull=False)
        sizes = {pk: (width, height) for pk, width, height in rows.values_list("pk", "width", "height")}
    answers = [(one, carry_answer(asked, one.answer) or one.answer) for one in acceptances]
    return [
        (one, schema, schemas.check_answer(schema, question, answer, sizes.get(one.item_id))) for one, answer in answers
    ]


def _in_words_of_the_newest(schema: LabelSchema, question: str, checked: Sequence[Checked]) -> Sequence[Checked]:
    newest = schemas.latest(schema.project, schema.family)
    if newest is None or newest.pk == schema.pk:
        return checked
    asked = schemas.question(newest, question)
    carried = [(one, answer, carry_answer(asked, answer)) for one, _, answer in checked]
    return [
        (one, schema, answer) if now is None or now == answer else (one, newest, now) for one, answer, now in carried
    ]


def _accept(project: Project, question: str, checked: Sequence[Checked]) -> list[Label]:
    ids = sorted(one.item_id for one, _, _ in checked)
    family = checked[0][1].family
    # Lock in id order: two callers for the same items wait for each other instead of deadlocking.
    items = Item.objects.select_for_update(no_key=True).filter(project=project, pk__in=ids).order_by("pk")
    found = set(items.values_list("pk", flat=True))
    if len(found) != len(ids):
        missing = sorted(set(ids) - found)[0]
        raise InvalidInput(f"Item {missing} does not belong to this project, so it cannot be labelled here.")
    rows = Label.objects.current().filter(item_id__in=ids, family=family, question=question)
    current = {label.item_id: label for label in rows}
    after = dict(current)
    fresh: list[Label] = []
    for one, schema, answer in checked:
        old = current.get(one.item_id)
        if old is not None and (_same(old, one, answer) or _settled(old, one)):
            continue
        after[one.item_id] = _label(project, schema, question, one, answer, old)
        fresh.append(after[one.item_id])
    Label.objects.filter(pk__in=[label.corrects_id for label in fresh if label.corrects_id]).update(is_current=False)
    Label.objects.bulk_create(fresh)
    return [after[one.item_id] for one, _, _ in checked]


def _same(old: Label, one: Acceptance, answer: dict[str, Any]) -> bool:
    return (old.answer, old.origin, old.posterior, old.n_labels) == (answer, one.origin, one.posterior, one.n_labels)


def _settled(old: Label, one: Acceptance) -> bool:
    return old.origin == Label.Origin.REVIEW and one.origin in (Label.Origin.CONSENSUS, Label.Origin.SINGLE)


def _label(
    project: Project, schema: LabelSchema, question: str, one: Acceptance, answer: dict[str, Any], old: Label | None
) -> Label:
    return Label(
        project=project, item_id=one.item_id, schema=schema, family=schema.family, question=question, answer=answer,
        keys=list(answer_keys(answer)), origin=one.origin, origin_ref=one.origin_ref, actor=one.actor,
        posterior=one.posterior, entropy=one.entropy, n_labels=one.n_labels, reason=one.reason, corrects=old,
    )  # fmt: skip
