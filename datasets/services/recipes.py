"""What a version shall hold: read strictly from JSON, and written back in one form."""

import math
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from accounts.models import Project
from common.problems import InvalidInput
from datasets.models import LabelSchema, VersionItem
from datasets.profiling.near_duplicates import MAX_DISTANCE
from datasets.selectors import schemas
from datasets.selectors.filters import Condition, ItemFilter, condition_from

DEFAULT_FRACTIONS = {"train": 0.7, "validation": 0.15, "test": 0.15}
FIELDS = {
    "name", "schema", "question", "sources", "populations", "conditions", "without_issues", "min_posterior",
    "include_unlabelled", "label_depth", "exclude_classes", "fractions", "seed", "near_duplicate_bits", "weights",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """See docs/versions.md.

    label_depth: 1 takes every label's class of the first level, 2 the second …; None takes the class itself.
    exclude_classes: keys left out, after label_depth. min_posterior: labels that nobody gave a posterior are certain.
    near_duplicate_bits: pictures within so many bits share a split; None looks at equal bytes only.
    weights: None or {"population": name, "attributes": [names]} for raking to the declared shares.
    """

    name: str
    schema: LabelSchema
    question: str
    sources: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    without_issues: tuple[str, ...] = ()
    min_posterior: float | None = None
    include_unlabelled: bool = False
    label_depth: int | None = None
    exclude_classes: tuple[str, ...] = ()
    fractions: dict[str, float] = field(default_factory=lambda: dict(DEFAULT_FRACTIONS))
    seed: str = "touchstone"
    near_duplicate_bits: int | None = 4
    weights: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Every field, in the form that `read_recipe` takes."""
        return {
            "name": self.name,
            "schema": str(self.schema.public_id),
            "question": self.question,
            "sources": list(self.sources),
            "populations": list(self.populations),
            "conditions": [
                {key: value for key, value in vars(one).items() if value is not None and value != ()}
                for one in self.conditions
            ],
            "without_issues": list(self.without_issues),
            "min_posterior": self.min_posterior,
            "include_unlabelled": self.include_unlabelled,
            "label_depth": self.label_depth,
            "exclude_classes": list(self.exclude_classes),
            "fractions": self.fractions,
            "seed": self.seed,
            "near_duplicate_bits": self.near_duplicate_bits,
            "weights": self.weights,
        }

    def filter(self) -> ItemFilter:
        """Which items may come in, labels aside."""
        return ItemFilter(
            sources=self.sources, populations=self.populations, conditions=self.conditions,
            without_issues=self.without_issues,
        )  # fmt: skip


def read_recipe(project: Project, raw: dict[str, Any]) -> Recipe:
    """A checked recipe. Raises InvalidInput with every field's mistake."""
    errors: dict[str, list[str]] = {}
    for name in set(raw) - FIELDS:
        errors[name] = [f"A recipe has no field {name!r}."]
    name = slugify(str(raw.get("name") or ""))[:80]
    if not name:
        errors["name"] = ["Give the version a name of letters, digits and dashes."]
    schema = schemas.schema_for(project, raw.get("schema") or "")
    question = schemas.question(schema, str(raw.get("question") or ""))
    errors |= _number_errors(raw) | _split_errors(raw.get("fractions", DEFAULT_FRACTIONS))
    unknown = [key for key in raw.get("exclude_classes", []) if key not in question.by_key]
    if unknown:
        errors["exclude_classes"] = [f"The question {question.key!r} has no class {unknown[0]!r}."]
    if not question.is_choice:
        errors |= {
            field: [f"The answers to {question.key!r} are more than classes and are taken whole. Leave this out."]
            for field in ("exclude_classes", "label_depth")
            if raw.get(field)
        }
    weights = raw.get("weights")
    if weights is not None and not (
        isinstance(weights, dict) and weights.get("population") and isinstance(weights.get("attributes"), list)
    ):
        errors["weights"] = ['Weights are {"population": name, "attributes": [names]} or null.']
    if errors:
        field_name, sentences = next(iter(errors.items()))
        raise InvalidInput(f"The recipe cannot be used. {field_name}: {sentences[0]}", errors=errors)
    return Recipe(
        name=name,
        schema=schema,
        question=question.key,
        sources=_texts(raw, "sources"),
        populations=_texts(raw, "populations"),
        conditions=tuple(condition_from(one) for one in raw.get("conditions") or []),
        without_issues=_texts(raw, "without_issues"),
        min_posterior=raw.get("min_posterior"),
        include_unlabelled=bool(raw.get("include_unlabelled", False)),
        label_depth=raw.get("label_depth"),
        exclude_classes=_texts(raw, "exclude_classes"),
        fractions={key: float(value) for key, value in (raw.get("fractions") or DEFAULT_FRACTIONS).items()},
        seed=str(raw.get("seed") or "touchstone"),
        near_duplicate_bits=raw.get("near_duplicate_bits", 4),
        weights=weights,
    )


def _texts(raw: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(sorted({str(value) for value in raw.get(name) or []}))


def _number_errors(raw: dict[str, Any]) -> dict[str, list[str]]:
    errors = {}
    posterior, depth, bits = raw.get("min_posterior"), raw.get("label_depth"), raw.get("near_duplicate_bits")
    if posterior is not None and not (_is_number(posterior) and 0 <= posterior <= 1):
        errors["min_posterior"] = ["The smallest posterior is a number from 0 to 1, or null."]
    if depth is not None and not (isinstance(depth, int) and not isinstance(depth, bool) and 1 <= depth <= 20):
        errors["label_depth"] = ["The level of the labels is a whole number from 1 (the top), or null."]
    if bits is not None and not (isinstance(bits, int) and not isinstance(bits, bool) and 0 <= bits <= MAX_DISTANCE):
        errors["near_duplicate_bits"] = [f"Near duplicates differ in 0 to {MAX_DISTANCE} bits, or null."]
    return errors


def _split_errors(fractions: Any) -> dict[str, list[str]]:
    known = VersionItem.Split.values
    if not isinstance(fractions, dict) or not fractions or set(fractions) - set(known):
        return {"fractions": [f"Give a share to some of {', '.join(known)}."]}
    values = list(fractions.values())
    if not all(_is_number(value) and value > 0 for value in values) or not math.isclose(
        math.fsum(values), 1, abs_tol=1e-6
    ):
        return {"fractions": ["The shares of the splits must be positive and sum to 1."]}
    return {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
