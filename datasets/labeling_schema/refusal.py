"""How an answer is refused: a sentence for a person, a place and a code for the workbench."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from datasets.labeling_schema.document import Question


@dataclass(frozen=True, kw_only=True)
class AnswerFault:
    """place: like answer.shapes[3]; code: stable, see docs/label-format.md; at: pixels of the picture."""

    place: str
    code: str
    sentence: str
    at: tuple[float, float] | None = None


class InvalidAnswer(Exception):
    """An answer that the question does not admit; the message says why, for a person. faults: all that was found."""

    def __init__(
        self, sentence: str, *, code: str = "unusable", place: str = "answer", faults: Sequence[AnswerFault] = ()
    ) -> None:
        super().__init__(sentence)
        self.faults = tuple(faults) or (AnswerFault(place=place, code=code, sentence=sentence),)

    def under(self, where: str) -> "InvalidAnswer":
        """The same refusal of an answer that is a part of a larger one."""
        moved = [replace(one, place=one.place.replace("answer", f"answer.{where}", 1)) for one in self.faults]
        return InvalidAnswer(str(self), faults=moved)


def refusal(question: Question, key: object) -> tuple[str, str]:
    """Code and sentence of why a class key cannot be chosen, or two empty texts when it can."""
    found = question.by_key.get(key) if isinstance(key, str) else None
    if found is None:
        return "unknown_class", f'"{question.key}" has no class with the key {key!r}.'
    if found.retired:
        instead = f" Choose {' or '.join(found.replaced_by)} instead." if found.replaced_by else " Choose another one."
        return "retired_class", f"The class {found.key!r} was retired.{instead}"
    if not found.selectable:
        return "unknown_class", f"{found.key!r} only groups other classes; choose one below it."
    return "", ""
