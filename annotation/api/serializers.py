"""Shapes of the ordinary endpoints."""

from typing import Any

from rest_framework import serializers

from annotation.models import AnnotatorKind, AnnotatorState, ConsensusMethod, Queue, QueuePurpose, QueueState, SkipTo
from annotation.services.asking import asked_of, why_not_counted
from annotation.services.queue_rules import MOST
from common.serializers import EstimateOut
from datasets.labeling_schema.document import KINDS, TOOLS

S = serializers.Serializer[Any]


class SelectionSerializer(S):
    sources = serializers.ListField(child=serializers.CharField(), required=False)
    populations = serializers.ListField(child=serializers.CharField(), required=False)
    kinds = serializers.ListField(child=serializers.CharField(), required=False)
    issues = serializers.ListField(child=serializers.CharField(), required=False)
    without_issues = serializers.ListField(child=serializers.CharField(), required=False)
    classes = serializers.ListField(child=serializers.CharField(), required=False)
    item_ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=10_000)
    hashes = serializers.ListField(
        child=serializers.CharField(min_length=64, max_length=64), required=False, min_length=1, max_length=10_000
    )
    labelled = serializers.BooleanField(required=False, allow_null=True, default=None)
    schema = serializers.CharField(
        required=False, max_length=36, help_text="that classes and labelled are about; the queue's own when left out"
    )
    question = serializers.CharField(required=False, max_length=80, help_text="of that schema")
    name_contains = serializers.CharField(required=False, allow_blank=True)
    version = serializers.CharField(required=False, allow_blank=True)
    split = serializers.CharField(required=False, allow_blank=True)
    group = serializers.CharField(required=False, allow_blank=True)
    conditions = serializers.ListField(child=serializers.DictField(), required=False, help_text="As in a recipe.")
    sample = serializers.IntegerField(required=False, min_value=1)
    seed = serializers.IntegerField(required=False, min_value=0)
    priority = serializers.FloatField(required=False, min_value=-1_000_000, max_value=1_000_000)


class QueueCreateSerializer(S):
    name = serializers.CharField(max_length=120)
    schema = serializers.UUIDField()
    question = serializers.CharField(
        default="", allow_blank=True, help_text="the one; may be left out beside questions"
    )
    questions = serializers.ListField(
        child=serializers.CharField(), default=list, max_length=50,
        help_text="several questions of the schema, asked together about each item",
    )  # fmt: skip
    purpose = serializers.ChoiceField(choices=QueuePurpose.choices, default=QueuePurpose.LABELING)
    redundancy = serializers.IntegerField(default=1, min_value=1, max_value=100)
    skills = serializers.ListField(child=serializers.CharField(max_length=40), default=list)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=AnnotatorKind.choices), default=list)
    gold_share = serializers.FloatField(default=0.0, min_value=0, max_value=0.5)
    auto_submit = serializers.BooleanField(default=True)
    instructions = serializers.CharField(default="", allow_blank=True)
    skip_to = serializers.ChoiceField(choices=SkipTo.choices, default=SkipTo.OTHERS)
    stop_at = serializers.FloatField(default=None, allow_null=True, help_text="finish an item at that posterior")
    stop_min = serializers.IntegerField(default=2, min_value=1, max_value=100)
    gold_misses = serializers.IntegerField(default=None, allow_null=True, min_value=1, max_value=100)
    day_limit = serializers.IntegerField(default=None, allow_null=True, min_value=1, max_value=MOST)
    person_limit = serializers.IntegerField(default=None, allow_null=True, min_value=1, max_value=MOST)
    share_limit = serializers.FloatField(default=None, allow_null=True, min_value=0, max_value=1)
    selection = SelectionSerializer(required=False, allow_null=True)


class QueueChangeSerializer(S):
    name = serializers.CharField(max_length=120, required=False)
    instructions = serializers.CharField(required=False, allow_blank=True)
    auto_submit = serializers.BooleanField(required=False)
    gold_share = serializers.FloatField(required=False, min_value=0, max_value=0.5)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=AnnotatorKind.choices), required=False)
    state = serializers.ChoiceField(choices=QueueState.choices, required=False)
    skip_to = serializers.ChoiceField(choices=SkipTo.choices, required=False)
    stop_at = serializers.FloatField(required=False, allow_null=True)
    stop_min = serializers.IntegerField(required=False, min_value=1, max_value=100)
    gold_misses = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100)
    day_limit = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST)
    person_limit = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST)
    share_limit = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1)


class QueueSerializer(S):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    purpose = serializers.ChoiceField(choices=QueuePurpose.choices)
    state = serializers.ChoiceField(choices=QueueState.choices)
    schema = serializers.UUIDField(source="schema.public_id")
    schema_name = serializers.CharField(source="schema.name")
    schema_version = serializers.IntegerField(source="schema.version")
    question = serializers.CharField(help_text="the first, or the only one")
    questions = serializers.ListField(
        child=serializers.CharField(), source="asked_keys", help_text="all that is asked, in the schema's order"
    )
    not_counted = serializers.SerializerMethodField(
        help_text="why there is no consensus, agreement, gold or early stop; null where there is"
    )
    redundancy = serializers.IntegerField()
    skills = serializers.ListField(child=serializers.CharField())
    kinds = serializers.ListField(child=serializers.CharField())
    gold_share = serializers.FloatField()
    auto_submit = serializers.BooleanField()
    instructions = serializers.CharField()
    instructions_revision = serializers.IntegerField()
    skip_to = serializers.ChoiceField(choices=SkipTo.choices, help_text="whom a skipped item goes to")
    stop_at = serializers.FloatField(
        allow_null=True, help_text="an item is finished early when its leading answer is that probable"
    )
    stop_min = serializers.IntegerField(help_text="answers at least before that")
    gold_misses = serializers.IntegerField(
        allow_null=True, help_text="known answers missed in a row after which a pause is suggested"
    )
    day_limit = serializers.IntegerField(allow_null=True, help_text="answers of one person a day (UTC)")
    person_limit = serializers.IntegerField(allow_null=True, help_text="answers of one person in all")
    share_limit = serializers.FloatField(allow_null=True, help_text="of the labels wanted, from one person")
    n_tasks = serializers.IntegerField()
    n_slots = serializers.IntegerField(help_text="labels wanted in all, before any early stop")
    n_saved = serializers.IntegerField(
        source="sum_saved", default=0, help_text="of these, those that early stops made needless"
    )
    n_gold = serializers.IntegerField()
    n_done = serializers.IntegerField(source="sum_done", default=0, help_text="labels given")
    n_completed = serializers.IntegerField(source="sum_completed", default=0, help_text="tasks with all labels")
    n_open_cases = serializers.IntegerField(default=0)
    created_at = serializers.DateTimeField()

    def get_not_counted(self, queue: Queue) -> str | None:
        return why_not_counted(asked_of(queue))


class QueueCreatedSerializer(S):
    queue = QueueSerializer()
    job = serializers.UUIDField(allow_null=True, help_text="fills the queue; null without a selection")


class JobRefSerializer(S):
    job = serializers.UUIDField()


class DaySerializer(S):
    day = serializers.DateField()
    n = serializers.IntegerField()


class StatsSerializer(S):
    n_tasks = serializers.IntegerField()
    n_slots = serializers.IntegerField(help_text="labels wanted, without n_saved")
    n_saved = serializers.IntegerField(help_text="labels that early stops made needless")
    n_done = serializers.IntegerField()
    n_past = serializers.IntegerField(help_text="labels of rounds that are over")
    n_completed = serializers.IntegerField()
    n_skipped = serializers.IntegerField()
    n_gold_answers = serializers.IntegerField()
    n_annotators = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)
    last_hour = serializers.IntegerField()
    eta_seconds = serializers.IntegerField(allow_null=True)
    n_open_cases = serializers.IntegerField()
    per_day = DaySerializer(many=True)


class AgreementFiguresSerializer(S):
    krippendorff_alpha = EstimateOut()
    fleiss_kappa = EstimateOut()
    observed = EstimateOut()


class QuestionAgreementSerializer(S):
    question = serializers.CharField(help_text="key")
    titles = serializers.DictField(child=serializers.CharField())
    n_answers = serializers.IntegerField()
    n_abstained = serializers.IntegerField()
    figures = AgreementFiguresSerializer()


class AgreementSerializer(S):
    computed_at = serializers.DateTimeField(allow_null=True)
    n_answers = serializers.IntegerField()
    n_items = serializers.IntegerField()
    n_abstained = serializers.IntegerField(help_text='answers "cannot tell", which count as no label')
    figures = AgreementFiguresSerializer(help_text="of several questions unknown: see each of them")
    questions = QuestionAgreementSerializer(many=True, help_text="of several questions those that are counted")


class ConsensusStartSerializer(S):
    method = serializers.ChoiceField(choices=ConsensusMethod.choices, default=ConsensusMethod.DAWID_SKENE)


class AcceptSerializer(S):
    threshold = serializers.FloatField(min_value=0.5, max_value=1)


class PreviewSerializer(S):
    threshold = serializers.FloatField()
    accepted = serializers.IntegerField()
    review = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="items that still want labels")


class ConsensusSerializer(S):
    run = serializers.UUIDField(allow_null=True)
    method = serializers.CharField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    strength = serializers.FloatField(allow_null=True, help_text="shrinkage of Dawid-Skene")
    strength_reason = serializers.CharField(allow_null=True)
    n_answers = serializers.IntegerField()
    n_items = serializers.IntegerField()
    n_accepted = serializers.IntegerField()
    running_job = serializers.UUIDField(allow_null=True)
    preview = PreviewSerializer(many=True)


class PersonOnQuestionSerializer(S):
    queue = serializers.CharField(help_text="name")
    question = serializers.CharField(help_text="key")
    titles = serializers.DictField(child=serializers.CharField())
    reliability = EstimateOut()
    agreement = EstimateOut()
    gold = EstimateOut()


class PersonSerializer(S):
    id = serializers.UUIDField()
    pseudonym = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    user = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    is_simulated = serializers.BooleanField()
    skills = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=AnnotatorState.choices)
    n_done = serializers.IntegerField()
    n_gold = serializers.IntegerField()
    n_skipped = serializers.IntegerField()
    hours = serializers.FloatField()
    last_at = serializers.DateTimeField(allow_null=True)
    reliability = EstimateOut(help_text="from gold where there is enough of it, else from consensus")
    gold = EstimateOut()
    agreement = EstimateOut()
    seconds_per_label = EstimateOut()
    labels_per_hour = EstimateOut()
    per_day = DaySerializer(many=True)
    questions = PersonOnQuestionSerializer(many=True, help_text="of queues that ask several, each counted question")


class PersonChangeSerializer(S):
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices, required=False)
    skills = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    state = serializers.ChoiceField(choices=AnnotatorState.choices, required=False)


class EnrolSerializer(S):
    user = serializers.UUIDField(help_text="a member who may label")
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices, default=AnnotatorKind.STAFF)
    skills = serializers.ListField(child=serializers.CharField(max_length=40), default=list)
    is_simulated = serializers.BooleanField(default=False)


class MyQueueSerializer(S):
    id = serializers.UUIDField()
    project = serializers.CharField(help_text="slug")
    project_name = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.ChoiceField(choices=["labeling", "audit"])
    state = serializers.ChoiceField(choices=QueueState.choices)
    remaining = serializers.IntegerField(help_text="at most so many tasks are left for you")
    n_done = serializers.IntegerField()
    n_skipped = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)


class MyQualitySerializer(S):
    project = serializers.CharField()
    project_name = serializers.CharField()
    reliability = EstimateOut()


class MyWorkSerializer(S):
    queues = MyQueueSerializer(many=True)
    continue_with = serializers.UUIDField(allow_null=True, help_text="the open queue worked on last that has work left")
    quality = MyQualitySerializer(many=True)


class ConditionSerializer(S):
    question = serializers.CharField(help_text="an earlier question")
    has = serializers.ListField(child=serializers.CharField(), help_text="asked if its answer has one of these classes")


class SkeletonPointSerializer(S):
    x = serializers.FloatField()
    y = serializers.FloatField()


class SkeletonSerializer(S):
    key = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField())
    edges = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    layout = SkeletonPointSerializer(many=True)


class AttributeClassSerializer(S):
    key = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())


class AttributeSerializer(S):
    """A small question about one shape."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=["single_choice", "multiple_choice", "number", "text"])
    title = serializers.DictField(child=serializers.CharField())
    for_classes = serializers.ListField(child=serializers.CharField(), allow_null=True)
    max_choices = serializers.IntegerField(allow_null=True)
    classes = AttributeClassSerializer(many=True)
    min = serializers.FloatField(required=False, allow_null=True)
    max = serializers.FloatField(required=False, allow_null=True)
    step = serializers.FloatField(required=False, allow_null=True)
    unit = serializers.CharField(required=False)
    max_length = serializers.IntegerField(required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        # As an attribute it would hide the field's own `required`.
        return {**super().get_fields(), "required": serializers.BooleanField()}


class QuestionSerializer(S):
    """docs/label-format.md; what other kinds know is left out."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    title = serializers.CharField()
    titles = serializers.DictField(child=serializers.CharField())
    help = serializers.DictField(child=serializers.CharField())
    allow_none = serializers.BooleanField()
    allow_cannot_tell = serializers.BooleanField()
    max_choices = serializers.IntegerField(allow_null=True)
    when = ConditionSerializer(required=False, help_text="left out where the question is always asked")
    min = serializers.FloatField(required=False, allow_null=True, help_text="of a number")
    max = serializers.FloatField(required=False, allow_null=True)
    step = serializers.FloatField(required=False, allow_null=True)
    unit = serializers.CharField(required=False)
    max_length = serializers.IntegerField(required=False, allow_null=True, help_text="of a text")
    tools = serializers.ListField(child=serializers.ChoiceField(choices=TOOLS), required=False, help_text="of shapes")
    max_shapes = serializers.IntegerField(required=False, allow_null=True)
    skeletons = SkeletonSerializer(many=True, required=False)
    attributes = AttributeSerializer(many=True, required=False)


class WorkbenchQueueSerializer(S):
    id = serializers.UUIDField()
    name = serializers.CharField()
    purpose = serializers.ChoiceField(choices=["labeling", "audit"])
    auto_submit = serializers.BooleanField()
    instructions = serializers.CharField()
    instructions_revision = serializers.IntegerField()
    question = QuestionSerializer()


class WorkbenchClassSerializer(S):
    key = serializers.CharField()
    name = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    path = serializers.ListField(child=serializers.CharField(), help_text="keys from the root to the class itself")
    hotkey = serializers.CharField(allow_null=True)
    selectable = serializers.BooleanField()
    description = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        # As an attribute it would hide the field's own `parent`.
        return {**super().get_fields(), "parent": serializers.CharField(allow_null=True)}


class AskedSerializer(S):
    question = QuestionSerializer()
    classes = WorkbenchClassSerializer(many=True)


class WorkbenchSerializer(S):
    queue = WorkbenchQueueSerializer()
    schema_version = serializers.IntegerField()
    classes = WorkbenchClassSerializer(many=True)
    asked = AskedSerializer(many=True, help_text="of a queue that asks several questions: each of them; else empty")


class SelectionCountSerializer(S):
    n = serializers.IntegerField()
