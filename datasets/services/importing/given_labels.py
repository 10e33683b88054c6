"""Labels that a manifest brings along: class keys, or names in any language of the schema."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from datasets.labeling_schema.answers import InvalidAnswer, canonical_answer
from datasets.labeling_schema.document import Question
from datasets.models import Import, ImportFile, Label, LabelSchema
from datasets.selectors import schemas
from datasets.services.importing.registration import Registered
from datasets.services.labels import Acceptance, accept_labels

_SEVERAL = re.compile(r"[|;]")


@dataclass
class LabelReader:
    """Reads the label column of one import; without a schema it only says that labels were passed over."""

    run: Import
    schema: LabelSchema | None
    question: Question | None
    keys: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Import) -> "LabelReader":
        if "label_schema" not in run.parameters:
            return cls(run, None, None)
        schema = schemas.schema_by_id(run.parameters["label_schema"])
        question = schemas.question(schema, run.parameters["question"])
        keys: dict[str, str | None] = {}
        for one in question.classes:
            for name in one.names.values():
                lowered = name.casefold()
                # Two classes of one name: neither is meant for sure.
                keys[lowered] = one.key if keys.get(lowered, one.key) == one.key else None
        return cls(run, schema, question, keys)

    def accept(self, registered: Sequence[Registered]) -> None:
        """Accept the labels of a batch, in the caller's transaction; the report tells of those that cannot be read."""
        told: dict[Any, tuple[str, str]] = {}
        answers: dict[int, dict[str, Any]] = {}
        for one in registered:
            if one.item is None or not one.prepared.label:
                continue
            if self.question is None:
                sentence = "The manifest has a label for it, but no question was chosen to put it to."
                told[one.prepared.entry.identity] = ("label-ignored", sentence)
                continue
            try:
                answers[one.item.pk] = self._answer(self.question, one.prepared.label)
            except InvalidAnswer as error:
                told[one.prepared.entry.identity] = ("unknown-label", str(error))
        self._tell(told)
        if answers and self.schema and self.question:
            accept_labels(
                project=self.run.project, schema=self.schema, question=self.question.key,
                acceptances=[self._acceptance(item_id, answer) for item_id, answer in sorted(answers.items())],
            )  # fmt: skip

    def _answer(self, question: Question, text: str) -> dict[str, Any]:
        if question.kind == "single_choice":
            return canonical_answer(question, {"choice": self._key(question, text.strip())})
        parts = [self._key(question, part.strip()) for part in _SEVERAL.split(text) if part.strip()]
        return canonical_answer(question, {"choices": parts})

    def _key(self, question: Question, text: str) -> str:
        if text in question.by_key:
            return text
        return self.keys.get(text.casefold()) or text

    def _acceptance(self, item_id: int, answer: dict[str, Any]) -> Acceptance:
        return Acceptance(
            item_id=item_id, answer=answer, origin=Label.Origin.IMPORT, origin_ref=str(self.run.public_id),
            actor=self.run.created_by, reason=f"Given by the source {self.run.source.name}.",
        )  # fmt: skip

    def _tell(self, told: dict[Any, tuple[str, str]]) -> None:
        rows = list(ImportFile.objects.filter(run=self.run, identity__in=told, code=""))
        for row in rows:
            row.code, row.message = told[row.identity]
        ImportFile.objects.bulk_update(rows, ["code", "message"])
