"""What the workbench needs once for a queue, and an annotator's own last answers."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import F

from accounts.models import User
from annotation.models import Annotator, AssignmentState, Queue, Submission
from datasets.labeling_schema.document import Question
from datasets.selectors import schemas

HISTORY_LIMIT = 50


def workbench_etag(queue: Queue) -> str:
    """Changes whenever the document does."""
    said = [queue.pk, queue.name, queue.purpose, queue.auto_submit, queue.instructions_revision, queue.schema_id]
    said += queue.questions
    return f'"{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]}"'


def workbench_document(queue: Queue) -> dict[str, Any]:
    """Queue, question and classes. Says nothing of predictions or of why an item is here.

    asked: each of several questions with its classes; empty where the queue asks one, whose classes stand apart.
    """
    known = schemas.document_by_id(queue.schema_id).by_key
    question = known[queue.question]
    asked = [
        {"question": _question(known[key]), "classes": _classes(queue.schema_id, key)} for key in queue.questions
    ]  # fmt: skip
    return {
        "queue": {
            "id": str(queue.public_id),
            "name": queue.name,
            "purpose": "labeling" if queue.purpose == "labeling" else "audit",
            "auto_submit": queue.auto_submit,
            "instructions": queue.instructions,
            "instructions_revision": queue.instructions_revision,
            "question": _question(question),
        },
        "schema_version": queue.schema.version,
        "classes": _classes(queue.schema_id, queue.question),
        "asked": asked,
    }


def _question(question: Question) -> dict[str, Any]:
    """What is asked, with all that its kind knows; the classes stand beside the queue."""
    said = {name: value for name, value in question.to_json().items() if name != "classes"}
    return {
        "max_choices": None,
        **said,
        "title": _name(question.title, question.key),
        "titles": dict(question.title),
    }


@lru_cache(maxsize=32)
def _classes(schema_id: int, question_key: str) -> list[dict[str, Any]]:
    question = schemas.document_by_id(schema_id).by_key[question_key]
    return [
        {
            "key": one.key,
            "name": _name(one.names, one.key),
            "names": dict(one.names),
            "parent": one.parent,
            "path": _path(question, one.key),
            "hotkey": one.hotkey,
            "selectable": one.selectable,
            "description": one.description,
        }
        for one in question.classes
    ]


def _path(question: Question, key: str) -> list[str]:
    """Keys from the root down to the class itself."""
    return [*reversed(list(question.ancestors(key))), key]


def _name(names: Mapping[str, str], key: str) -> str:
    return names.get("en") or next(iter(names.values()), key)


def own_history(user: User, queue: Queue, limit: int = HISTORY_LIMIT) -> list[Submission]:
    """The user's last answers and skips in a queue, the latest first, each with the revision that counts."""
    annotator = Annotator.objects.filter(project_id=queue.project_id, user=user).first()
    if annotator is None:
        return []
    rows = Submission.objects.visible_to(user).filter(annotator=annotator, queue=queue)
    return list(
        rows.filter(revision=F("assignment__revision"))
        .exclude(assignment__state=AssignmentState.RETURNED)
        .select_related("assignment__task__payload")
        .order_by("-created_at")[: min(limit, HISTORY_LIMIT)]
    )
