"""What a run learns: a question of the schema, at a level of its taxonomy, turned into output classes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.problems import InvalidInput
from datasets.labeling_schema.document import Question, SchemaDocument
from training.serving.card import ServedClass, TaskKind

CHOICE_KINDS: dict[str, bool] = {"single_choice": False, "multiple_choice": True}  # kind: several answers allowed


@dataclass(frozen=True, kw_only=True)
class Target:
    """level: 0 learns the topmost classes of the taxonomy, 1 the ones below; None the class that people labelled."""

    question: str
    level: int | None = None
    left_out: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"level": self.level, "left_out": list(self.left_out)}


@dataclass(frozen=True, kw_only=True)
class TargetClasses:
    """classes: in output order. of_key: the output class of every label key that is learned."""

    is_multiple: bool
    classes: tuple[ServedClass, ...]
    of_key: Mapping[str, str]

    @property
    def kind(self) -> TaskKind:
        if self.is_multiple:
            return "multi_label"
        return "binary" if len(self.classes) == 2 else "single_choice"

    def only(self, keys: Sequence[str]) -> "TargetClasses":
        """The same target with only these classes, in the old order."""
        kept = tuple(c for c in self.classes if c.key in set(keys))
        names = {c.key for c in kept}
        of_key = {label: key for label, key in self.of_key.items() if key in names}
        return TargetClasses(is_multiple=self.is_multiple, classes=kept, of_key=of_key)


def target_classes(
    document: SchemaDocument, target: Target, *, concern: str = "", present: Collection[str] | None = None
) -> TargetClasses:
    """Resolve a target against a schema's document.

    Classes come in the schema's order; of two, the class of concern comes second, since the probability of a binary
    model is
    that of its second class. present: keys that occur, when known; other classes are dropped. Raises InvalidInput for
    an unknown question, a question without choices, a class to leave out
    that the schema does not have.
    """
    question = _question(document, target.question)
    declared = question.by_key
    unknown = [key for key in target.left_out if key not in declared]
    if unknown:
        raise InvalidInput(
            f"“{target.question}” has no class “{unknown[0]}” that could be left out.", errors={"left_out": unknown}
        )
    left_out = set(target.left_out)
    # All keys, not only selectable ones: a version may hold labels that its recipe took up the taxonomy already.
    up = {key: ancestor(question, key, target.level) for key in declared if present is None or key in present}
    of_key = {key: above for key, above in up.items() if not {key, above} & left_out}
    learned = set(of_key.values())
    order = [key for key in declared if key in learned]
    if len(order) == 2 and order[0] == concern:
        order.reverse()
    classes = tuple(ServedClass(key=key, name=declared[key].names.get("en", key)) for key in order)
    return TargetClasses(is_multiple=CHOICE_KINDS[question.kind], classes=classes, of_key=of_key)


def ancestor(question: Question, key: str, level: int | None) -> str:
    """The class above `key` at a level of the taxonomy; the class itself when it lies higher, or without a level."""
    if level is None:
        return key
    path = [key, *question.ancestors(key)][::-1]
    return path[min(level, len(path) - 1)]


def _question(document: SchemaDocument, key: str) -> Question:
    found = document.by_key.get(key)
    if found is None:
        known = ", ".join(document.by_key)
        raise InvalidInput(f"The schema has no question “{key}”; it has {known}.", errors={"question": ["Unknown."]})
    if found.kind not in CHOICE_KINDS:
        raise InvalidInput(
            f"“{key}” is answered by {found.kind}; recipes here learn single and multiple choice.",
            errors={"question": ["Not a choice."]},
        )
    return found
