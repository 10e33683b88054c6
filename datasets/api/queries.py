"""The explorer's query string as a filter: an allow-list, so that no relation can be reached by name."""

import math
import re
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from accounts.models import Project
from common.problems import InvalidInput
from datasets.models import AttributeDefinition
from datasets.selectors import schemas, versions
from datasets.selectors.filters import Condition, ItemFilter

LISTS = ("source", "population", "kind", "issue", "without_issue", "label")
SINGLES = ("name", "labelled", "schema", "question", "version", "split", "group", "order", "cursor", "limit")
_ATTRIBUTE = re.compile(r"attr\.(?P<name>.+?)(?:\.(?P<part>min|max|missing))?", re.DOTALL)


def _many(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, many=True, description=description)


PARAMETERS = [
    _many("source", "Name of a source; repeat for any of several."),
    _many("population", "Population of a source."),
    _many("kind", "image, text or record."),
    _many("issue", "Has one of these image issues."),
    _many("without_issue", "Has none of these image issues."),
    _many("label", "Current label has one of these class keys; classes below a class are included."),
    OpenApiParameter("labelled", str, enum=["yes", "no"], description="Has a current label."),
    OpenApiParameter("schema", str, description="Schema version (id) that label and labelled are about."),
    OpenApiParameter("question", str, description="Question of that schema."),
    OpenApiParameter("version", str, description="In this version, like birds@v3."),
    OpenApiParameter("split", str, enum=["train", "validation", "test"]),
    OpenApiParameter("name", str, description="Text in the file name."),
    OpenApiParameter("group", str, description="Group key."),
    _many("attr.{name}", "Attribute, image statistic, width, height or byte_size; also .min, .max, .missing=yes|no."),
]  # fmt: skip


def filter_from(project: Project, request: Request) -> ItemFilter:
    """The filter of a request. Raises InvalidInput for a parameter that is not offered."""
    query = request.query_params
    single = {name: query.get(name, "") for name in SINGLES}
    schema = schemas.schema_for(project, single["schema"]) if single["schema"] else None
    labels = tuple(query.getlist("label"))
    if labels and schema is not None and single["question"]:
        labels = _with_subclasses(schemas.question(schema, single["question"]), labels)
    if single["labelled"] not in ("", "yes", "no"):
        raise InvalidInput("labelled is yes or no.", errors={"labelled": ["It is yes or no."]})
    return ItemFilter(
        sources=tuple(query.getlist("source")),
        populations=tuple(query.getlist("population")),
        kinds=tuple(query.getlist("kind")),
        issues=tuple(query.getlist("issue")),
        without_issues=tuple(query.getlist("without_issue")),
        conditions=_conditions(project, request),
        name_contains=single["name"],
        schema=schema,
        question=single["question"],
        classes=labels,
        labelled={"yes": True, "no": False}.get(single["labelled"]),
        version=versions.version_for(project, single["version"]) if single["version"] else None,
        split=single["split"],
        group=single["group"],
    )


def _with_subclasses(question: Any, keys: tuple[str, ...]) -> tuple[str, ...]:
    wanted = set(keys)
    return tuple(one.key for one in question.classes if one.key in wanted or wanted & set(question.ancestors(one.key)))


def _conditions(project: Project, request: Request) -> tuple[Condition, ...]:
    found: dict[str, dict[str, Any]] = {}
    for parameter in request.query_params:
        if parameter in LISTS or parameter in SINGLES:
            continue
        match = _ATTRIBUTE.fullmatch(parameter)
        if match is None:
            offered = ", ".join((*LISTS, *SINGLES, "attr.…"))
            raise InvalidInput(
                f"There is no filter {parameter!r}; there are {offered}.", errors={parameter: ["Unknown."]}
            )
        parts = found.setdefault(match["name"], {})
        parts[match["part"] or "values"] = request.query_params.getlist(parameter)
    types = dict(AttributeDefinition.objects.filter(project=project, name__in=found).values_list("name", "type"))
    return tuple(_condition(name, parts, types.get(name, "number")) for name, parts in found.items())


def _condition(name: str, parts: Mapping[str, list[str]], type: str) -> Condition:
    values = tuple(value for text in parts.get("values", []) for value in _typed(name, text, type))
    said = parts.get("missing", [""])[0]
    if said not in ("", "yes", "no"):
        raise InvalidInput(f"{name}: missing is yes or no.", errors={f"attr.{name}": ["It is yes or no."]})
    missing = {"yes": True, "no": False}.get(said)
    return Condition(
        name=name, values=values, low=_number(name, parts.get("min")), high=_number(name, parts.get("max")),
        missing=missing,
    )  # fmt: skip


def _typed(name: str, text: str, type: str) -> list[Any]:
    """The value as the attribute's type stores it."""
    if type == "boolean":
        return [text.lower() in ("true", "yes", "1")]
    if type in ("integer", "number"):
        number = _number(name, [text])
        return [number if number is None or not number.is_integer() else int(number)]
    return [text]


def _number(name: str, texts: list[str] | None) -> float | None:
    if not texts:
        return None
    try:
        number = float(texts[0])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):  # float() takes "nan" and "inf", which no item has and JSON cannot hold
        raise InvalidInput(f"{name}: {texts[0]!r} is not a number.", errors={f"attr.{name}": ["Not a number."]})
    return number
