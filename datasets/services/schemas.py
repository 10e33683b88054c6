import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from accounts.models import Project, User
from accounts.services.audit_trail import record
from common.problems import InvalidInput
from datasets.labeling_schema.document import Question, SchemaDocument
from datasets.labeling_schema.mistakes import InvalidDocument
from datasets.labeling_schema.reading import parse_document
from datasets.models import LabelSchema
from datasets.selectors import schemas


@transaction.atomic
def create_schema(
    *,
    project: Project,
    name: str,
    document: dict[str, Any],
    by: User | None,
    family: str = "",
    may_go: Collection[str] = (),
) -> LabelSchema:
    """The first version of a family, or the next one when the family exists. An unchanged document gives the old row.

    Raises InvalidInput with every mistake at its place. A later version may add and rename, never take a key away:
    labels point at keys. may_go: keys of questions that may be missing, since nobody ever answered them.
    """
    family = slugify(family or name)[:80]
    if not family:
        raise InvalidInput("Give the schema a name with letters or digits.", errors={"name": ["Name is missing."]})
    parsed = _parsed(document)
    canonical = parsed.to_json()
    digest = hashlib.sha256(json.dumps(canonical, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)  # versions are counted one at a time
    before = schemas.latest(project, family)
    if before is not None:
        if before.document_hash == digest and before.name == name:
            return before
        refuse_lost_keys(schemas.document(before), parsed, may_go)
    schema = LabelSchema.objects.create(
        project=project, family=family, version=before.version + 1 if before else 1, name=name, document=canonical,
        document_hash=digest, created_by=by,
    )  # fmt: skip
    record(
        project=project, actor=by, action="schema.created", subject=f"{family} version {schema.version}",
        data={"schema": str(schema.public_id)},
    )  # fmt: skip
    return schema


def _parsed(document: dict[str, Any]) -> SchemaDocument:
    try:
        return parse_document(document)
    except InvalidDocument as error:
        raise InvalidInput(
            f"The label schema cannot be used. {error}", errors={f"document.{k}": v for k, v in error.errors.items()}
        ) from None


def refuse_lost_keys(before: SchemaDocument, after: SchemaDocument, may_go: Collection[str] = ()) -> None:
    """A later version keeps every question and class of the one before, and what its shapes were drawn by.

    may_go: keys of questions that need not be kept.

    Raises InvalidInput.
    """
    errors: dict[str, list[str]] = {}
    for old in before.questions:
        new = after.by_key.get(old.key)
        if new is None and old.key in may_go:
            continue
        if new is None or new.kind != old.kind:
            errors[f"document.{old.key}"] = [
                f"The question {old.key!r} of the version before is missing or of another kind. Only a question "
                "without a label that no queue ever asked can be taken out, in the editor of the schema."
            ]
        elif lost := _lost(old, new):
            errors[f"document.{old.key}"] = [
                f"The classes {', '.join(lost[:5])} of the version before are missing. Keep them, with "
                '"selectable": false when nobody shall choose them any more.'
            ]
        elif parts := [*_lost_skeletons(old, new), *_lost_attributes(old, new)]:
            errors[f"document.{old.key}"] = parts
    if errors:
        raise InvalidInput(next(iter(errors.values()))[0], errors=errors)


def _lost(old: Question, new: Question) -> list[str]:
    return [key for key in old.by_key if key not in new.by_key]


def _lost_skeletons(old: Question, new: Question) -> list[str]:
    now = {one.key: one for one in new.skeletons}
    return [
        f"Shapes are drawn by the skeleton {one.key!r}: its points may get other names, places and edges, but none may "
        "come or go. Add another skeleton for that."
        for one in old.skeletons
        if one.key not in now or len(now[one.key].names) != len(one.names)
    ]


def _lost_attributes(old: Question, new: Question) -> list[str]:
    now = {one.question.key: one.question for one in new.attributes}
    lost = [
        one.question.key
        for one in old.attributes
        if one.question.key not in now
        or now[one.question.key].kind != one.question.kind
        or _lost(one.question, now[one.question.key])
    ]
    return [
        f"Shapes have values of the attribute {key!r}: keep it with its kind and its answers. It may be asked of other "
        "classes, and get more answers."
        for key in lost
    ]
