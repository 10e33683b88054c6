"""Instructions with good and bad examples: written by a lead, numbered, and shown once to everyone who labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.services.audit_trail import record
from annotation.models import Acknowledgement, Annotator, ExampleKind, Guideline, GuidelineExample, Queue
from annotation.selectors.guidelines import guideline_of
from annotation.services.annotators import join_project
from annotation.services.asking import asked_of
from common.problems import Conflict, InvalidInput
from datasets.selectors.items import items_for

MAX_INSTRUCTIONS = 50_000
MAX_EXAMPLES = 200
MAX_SENTENCE = 300


class GuidelineChanged(Conflict):
    code = "guideline-changed"
    title = "Somebody has changed the instructions"


@dataclass(frozen=True, kw_only=True)
class Example:
    """An item that shows what a class is (good) or is not (bad). class_key: empty, it is about the whole question."""

    item_id: int
    kind: str
    class_key: str = ""
    sentence: str = ""


@transaction.atomic
def publish_guideline(
    *,
    queue: Queue,
    instructions: str,
    examples: Sequence[Example],
    note: str = "",
    base_revision: int | None = None,
    by: User | None = None,
) -> Queue:
    """Write the next revision, which is then shown once to everyone who labels here; the same again changes nothing.

    base_revision: the revision that was edited; another one meanwhile raises GuidelineChanged. note: what changed.
    Raises InvalidInput for an item of another project, a class that the question lacks, or something too long.
    """
    locked = Queue.objects.select_for_update(no_key=True, of=("self",)).select_related("schema", "project").get(
        pk=queue.pk
    )  # fmt: skip
    wanted = [_checked(locked, place, one) for place, one in enumerate(examples)]
    _check(locked, instructions, wanted, note)
    current = guideline_of(locked)
    if (current.instructions, [_plain(one) for one in current.examples]) == (instructions, wanted):
        return locked
    if base_revision is not None and base_revision != locked.instructions_revision:
        raise GuidelineChanged(
            "Somebody has changed the instructions since you opened them. Reload, and put your change into theirs.",
            current=locked.instructions_revision,
        )
    revision = locked.instructions_revision + 1
    guideline = Guideline.objects.create(
        queue=locked, revision=revision, instructions=instructions, note=note.strip(), created_by=by
    )
    GuidelineExample.objects.bulk_create(
        GuidelineExample(guideline=guideline, place=place, **vars(one)) for place, one in enumerate(wanted)
    )
    Queue.objects.filter(pk=locked.pk).update(instructions=instructions, instructions_revision=revision)
    said = {"revision": revision, "examples": len(wanted), "note": note}
    record(project=locked.project, actor=by, action="guideline.published", subject=str(locked.public_id), data=said)
    return Queue.objects.get(pk=locked.pk)


def examples_of(queue: Queue) -> list[Example]:
    """Those that the queue shows now."""
    return [_plain(one) for one in guideline_of(queue).examples]


def _plain(one: GuidelineExample) -> Example:
    return Example(item_id=one.item_id, kind=one.kind, class_key=one.class_key, sentence=one.sentence)


def _checked(queue: Queue, place: int, one: Example) -> Example:
    where = f"examples[{place}]"
    if one.kind not in ExampleKind.values:
        raise InvalidInput("An example is good or bad.", errors={f"{where}.kind": ["good or bad."]})
    if len(one.sentence) > MAX_SENTENCE:
        sentence = f"A sentence has at most {MAX_SENTENCE} characters."
        raise InvalidInput(sentence, errors={f"{where}.sentence": [sentence]})
    known = {key for question in asked_of(queue) for key in question.by_key}
    if one.class_key and one.class_key not in known:
        sentence = f"The queue asks for no class “{one.class_key}”."
        raise InvalidInput(sentence, errors={f"{where}.class": [sentence]})
    return Example(item_id=one.item_id, kind=one.kind, class_key=one.class_key, sentence=one.sentence.strip())


def _check(queue: Queue, instructions: str, examples: Sequence[Example], note: str) -> None:
    if len(instructions) > MAX_INSTRUCTIONS:
        sentence = f"Instructions may have {MAX_INSTRUCTIONS:,} characters; put longer ones into a page and link it."
        raise InvalidInput(sentence, errors={"instructions": [sentence]})
    if len(note) > MAX_SENTENCE:
        sentence = f"Say what changed in at most {MAX_SENTENCE} characters."
        raise InvalidInput(sentence, errors={"note": [sentence]})
    if len(examples) > MAX_EXAMPLES:
        sentence = f"Give at most {MAX_EXAMPLES} examples; nobody reads more."
        raise InvalidInput(sentence, errors={"examples": [sentence]})
    known = items_for(queue.project, [one.item_id for one in examples])
    for place, one in enumerate(examples):
        if one.item_id not in known:
            sentence = f"There is no item {one.item_id} in this project."
            raise InvalidInput(sentence, errors={f"examples[{place}].item": [sentence]})


def acknowledge(*, queue: Queue, user: User, revision: int) -> Annotator:
    """Note that the user has been shown a revision, wherever they sit. May be repeated. Raises InvalidInput."""
    if not 1 <= revision <= queue.instructions_revision:
        sentence = f"The instructions have revisions 1 to {queue.instructions_revision}."
        raise InvalidInput(sentence, errors={"revision": [sentence]})
    annotator = join_project(user_id=user.pk, project_id=queue.project_id)
    Acknowledgement.objects.get_or_create(annotator=annotator, queue=queue, revision=revision)
    return annotator
