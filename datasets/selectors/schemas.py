import uuid
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, QuerySet

from accounts.models import Project
from common.problems import InvalidInput, NotFound
from datasets.labeling_schema.answers import Answer, InvalidAnswer, Size, canonical_answer
from datasets.labeling_schema.document import Question, SchemaDocument
from datasets.labeling_schema.reading import parse_document
from datasets.models import Label, LabelSchema, SchemaChange


@dataclass(frozen=True, kw_only=True)
class QuestionInUse:
    """A question of the newest version of its family. n_labels: items with a current label for it."""

    schema: LabelSchema
    question: Question
    n_labels: int


def schema_for(project: Project, public_id: uuid.UUID | str) -> LabelSchema:
    """A schema version of the project. Raises NotFound."""
    try:
        wanted = uuid.UUID(str(public_id))
    except ValueError:
        raise NotFound(f"There is no label schema {public_id}.") from None
    found: LabelSchema | None = LabelSchema.objects.filter(project=project, public_id=wanted).first()
    if found is None:
        raise NotFound(f"There is no label schema {public_id} in this project.")
    return found


def schema_by_id(schema_id: int) -> LabelSchema:
    return LabelSchema.objects.get(pk=schema_id)


def latest(project: Project, family: str) -> LabelSchema | None:
    """The newest version of a family."""
    return LabelSchema.objects.filter(project=project, family=family).order_by("-version").first()


def questions_in_use(project: Project) -> list[QuestionInUse]:
    """Every question that can be asked, those with the most labels first; among equals the newest schema's.

    The first is what pages of the data are about when nobody says otherwise: work goes on with what one has, also
    after somebody made another schema.
    """
    labels = Label.objects.current().filter(project=project).order_by().values_list("family", "question")
    counts = {(family, key): n for family, key, n in labels.annotate(n=Count("pk"))}
    families = LabelSchema.objects.filter(project=project).order_by("family", "-version").distinct("family")
    found = [
        QuestionInUse(schema=schema, question=one, n_labels=counts.get((schema.family, one.key), 0))
        for schema in sorted(families.defer("document"), key=lambda schema: -schema.pk)
        for one in document(schema).questions
    ]
    return sorted(found, key=lambda one: -one.n_labels)


def changes_of(schema: LabelSchema) -> QuerySet[SchemaChange]:
    """Changes of the schema's family."""
    rows: QuerySet[SchemaChange] = SchemaChange.objects.filter(project=schema.project, before__family=schema.family)
    return rows.select_related("before", "after", "job", "created_by").defer(
        "document", "before__document", "after__document"
    )


def document(schema: LabelSchema) -> SchemaDocument:
    """The parsed document; parsed once a process, since a schema never changes."""
    return document_by_id(schema.pk)


@lru_cache(maxsize=64)
def document_by_id(schema_id: int) -> SchemaDocument:
    return parse_document(LabelSchema.objects.values_list("document", flat=True).get(pk=schema_id))


@lru_cache(maxsize=1024)
def version_by_id(schema_id: int) -> int:
    """The version number; asked once a process, since a schema never changes."""
    return int(LabelSchema.objects.values_list("version", flat=True).get(pk=schema_id))


def question(schema: LabelSchema, key: str) -> Question:
    """A question of the schema. Raises InvalidInput."""
    questions = document(schema).by_key
    if key not in questions:
        known = ", ".join(questions)
        raise InvalidInput(
            f"The schema {schema.name} (version {schema.version}) has no question {key!r}; it has: {known}.",
            errors={"question": ["Unknown question."]},
        )
    return questions[key]


def check_answer(schema: LabelSchema, question_key: str, answer: object, size: Size | None = None) -> Answer:
    """The answer in canonical form. size: of the picture, for shapes. Raises InvalidInput that says what is wrong."""
    try:
        return canonical_answer(question(schema, question_key), answer, size)
    except InvalidAnswer as error:
        raise InvalidInput(str(error), errors={"answer": [str(error)]}) from None
