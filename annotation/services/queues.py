"""Queues are made, described, paused and closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Project, User
from accounts.services.audit_trail import record
from annotation.models import AnnotatorKind, Guideline, Lane, Queue, QueuePurpose, QueueState, SkipTo
from annotation.services.annotators import clean_skills
from annotation.services.asking import asked_of, is_counted, questions_to_ask
from annotation.services.guidelines import examples_of, publish_guideline
from annotation.services.queue_rules import RULES, check_rules
from annotation.services.tasks import MAX_K
from common.problems import Conflict, InvalidInput
from datasets.labeling_schema.document import Question

MAX_INSTRUCTIONS = 50_000
MAX_NAME = 120
CHANGEABLE = {"name", "auto_submit", "instructions", "gold_share", "state", "kinds", *RULES}


class NameTaken(Conflict):
    code = "queue-name-taken"
    title = "A queue of that name exists"


@dataclass(frozen=True, kw_only=True)
class QueueSettings:
    """How a queue works. kinds: annotator kinds admitted, all when empty.

    stop_at: an item is finished early when its leading answer is that probable, by at least stop_min answers.
    skip_to: whom a skipped item goes to. gold_misses: known answers missed in a row before a pause is suggested.
    day_limit, person_limit: answers of one person a day (UTC) and in all, gold included; share_limit: of the labels
    wanted, what one person may give. None: no such rule.
    """

    redundancy: int = 1
    skills: Sequence[str] = ()
    kinds: Sequence[str] = ()
    gold_share: float = 0.0
    auto_submit: bool = True
    instructions: str = ""
    skip_to: str = SkipTo.OTHERS
    stop_at: float | None = None
    stop_min: int = 2
    gold_misses: int | None = None
    day_limit: int | None = None
    person_limit: int | None = None
    share_limit: float | None = None

    def rules(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in RULES}


@transaction.atomic
def create_queue(
    *,
    project: Project,
    name: str,
    schema: Any,
    question: str = "",
    questions: Sequence[str] = (),
    purpose: str = QueuePurpose.LABELING,
    settings: QueueSettings | None = None,
    by: User | None = None,
) -> Queue:
    """An open queue without tasks. schema: a datasets.LabelSchema of the project.

    questions: keys of several questions that are asked together; where empty, `question` is asked alone.
    Raises InvalidInput for a question that the schema lacks or figures out of range, NameTaken.
    """
    settings = settings or QueueSettings()
    name = _clean_name(name)
    if getattr(schema, "project_id", None) != project.pk:
        raise InvalidInput("The label schema belongs to another project.", errors={"schema": ["Another project's."]})
    asked = questions_to_ask(schema, question, questions, is_audit=purpose != QueuePurpose.LABELING)
    if purpose not in QueuePurpose.values:
        raise InvalidInput(f"The purpose is one of {', '.join(QueuePurpose.values)}.", errors={"purpose": ["Unknown."]})
    _check_settings(settings)
    check_rules(settings.rules(), is_audit=purpose != QueuePurpose.LABELING, asked=asked)
    _check_gold_share(settings.gold_share, asked)
    try:
        with transaction.atomic():
            queue = Queue.objects.create(
                project=project,
                name=name,
                purpose=purpose,
                schema=schema,
                question=asked[0].key,
                questions=[one.key for one in asked] if len(asked) > 1 else [],
                redundancy=settings.redundancy,
                skills=clean_skills(settings.skills),
                kinds=sorted(set(settings.kinds)),
                gold_share=settings.gold_share,
                auto_submit=settings.auto_submit,
                instructions=settings.instructions,
                created_by=by,
                **settings.rules(),
            )
    except IntegrityError as error:
        raise NameTaken(f"This project has a queue named “{name}” already. Choose another name.") from error
    Lane.objects.create(queue=queue, number=0, skills=queue.skills)
    if settings.instructions:
        Guideline.objects.create(queue=queue, revision=1, instructions=settings.instructions, created_by=by)
    record(project=project, actor=by, action="queue.created", subject=str(queue.public_id), data={"name": name})
    return queue


@transaction.atomic
def change_queue(*, queue: Queue, changes: dict[str, Any], by: User | None = None) -> Queue:
    """Change what may change while people work: name, instructions, state, kinds, gold share, submit on the key, rules.

    New instructions get the next revision, so that everybody is shown them again.
    """
    if unknown := set(changes) - CHANGEABLE:
        raise InvalidInput(f"A queue's {', '.join(sorted(unknown))} cannot be changed; make a new queue for that.")
    locked = Queue.objects.select_for_update(no_key=True).get(pk=queue.pk)
    changes = dict(changes)
    if "name" in changes:
        changes["name"] = _clean_name(changes["name"])
    if changes.get("state", QueueState.OPEN) not in QueueState.values:
        raise InvalidInput("The state is open, paused or closed.", errors={"state": ["Unknown state."]})
    asked = asked_of(locked)
    check_rules({name: changes[name] for name in RULES if name in changes}, is_audit=locked.is_audit, asked=asked)
    _check_gold_share(changes.get("gold_share", 0), asked)
    _check_settings(
        QueueSettings(
            redundancy=locked.redundancy,
            kinds=changes.get("kinds", locked.kinds),
            gold_share=changes.get("gold_share", locked.gold_share),
            instructions=changes.get("instructions", locked.instructions),
        )
    )
    said = {key: value for key, value in changes.items() if key in CHANGEABLE - {"instructions"}}
    if "instructions" in changes:
        publish_guideline(
            queue=locked, instructions=changes.pop("instructions"), examples=examples_of(locked), by=by
        )  # fmt: skip
    try:
        with transaction.atomic():
            Queue.objects.filter(pk=queue.pk).update(**changes)
    except IntegrityError as error:
        raise NameTaken(f"This project has a queue named “{changes['name']}” already. Choose another name.") from error
    record(project=locked.project, actor=by, action="queue.changed", subject=str(locked.public_id), data=said)
    return Queue.objects.get(pk=queue.pk)


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME:
        sentence = f"Give the queue a name of 1 to {MAX_NAME} characters."
        raise InvalidInput(sentence, errors={"name": [sentence]})
    return name


def _check_gold_share(share: float, asked: Sequence[Question]) -> None:
    if share > 0 and not is_counted(asked):
        sentence = "Gold needs a question with classes. Check a sample of these answers by review instead."
        raise InvalidInput(sentence, errors={"gold_share": [sentence]})


def _check_settings(settings: QueueSettings) -> None:
    if not 1 <= settings.redundancy <= MAX_K:
        sentence = f"Give how many people label each item, from 1 to {MAX_K}."
        raise InvalidInput(sentence, errors={"redundancy": [sentence]})
    if not 0 <= settings.gold_share <= 0.5:
        sentence = "The share of gold is between 0 and 0.5."
        raise InvalidInput(sentence, errors={"gold_share": [sentence]})
    if not set(settings.kinds) <= set(AnnotatorKind.values):
        sentence = f"Kinds of annotators are {', '.join(AnnotatorKind.values)}."
        raise InvalidInput(sentence, errors={"kinds": [sentence]})
    if len(settings.instructions) > MAX_INSTRUCTIONS:
        sentence = f"Instructions may have {MAX_INSTRUCTIONS:,} characters; put longer ones into a page and link it."
        raise InvalidInput(sentence, errors={"instructions": [sentence]})
