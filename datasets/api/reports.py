"""Understand, represent, sampling bias: the latest report, and a new one by a job."""

from collections.abc import Iterable
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READERS, ProjectView
from accounts.api.serializers import JobOut
from common.problems import NotFound
from common.serializers import EstimateOut
from datasets.api.dataclass_serializers import serializer_of
from datasets.api.forms import parsed
from datasets.api.items import MediaOut, media
from datasets.models import Report
from datasets.profiling.class_balance import ClassBalance
from datasets.profiling.histogram import Histogram
from datasets.profiling.missing import MissingReport
from datasets.profiling.outliers import BoxPlot
from datasets.profiling.target_leak import LeakReport
from datasets.representativeness.report import AttributeComparison
from datasets.selectors import items, reports, schemas
from datasets.services import representation, sampling_bias, understanding
from datasets.weighting.effective_sample_size import EffectiveSampleSize
from datasets.weighting.post_stratification import Cell
from datasets.weighting.sampling_bias import SamplingBias

TAGS = ["datasets"]
Names = serializers.DictField


class BalanceOut(serializer_of(ClassBalance)):  # type: ignore[misc]  # made at run time
    names = serializers.DictField(child=serializers.DictField(child=serializers.CharField()))


class OutlierOut(serializers.Serializer[Any]):
    sha256 = serializers.CharField()
    value = serializers.FloatField()


class NumberOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    origin = serializers.ChoiceField(choices=["attribute", "image"])
    histogram = serializer_of(Histogram)()
    box = serializer_of(BoxPlot)()
    outliers = OutlierOut(many=True)


class ValueCountOut(serializers.Serializer[Any]):
    value = serializers.CharField()
    count = serializers.IntegerField()


class CategoryOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    values = ValueCountOut(many=True)
    n_values = serializers.IntegerField()
    n_missing = serializers.IntegerField()
    n_other = serializers.IntegerField()


class IssueOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    count = serializers.IntegerField()
    items = serializers.ListField(child=serializers.CharField())


class IssuesOut(serializers.Serializer[Any]):
    codes = IssueOut(many=True)
    n_flagged = serializers.IntegerField()
    verdict = serializers.CharField()


class PointOut(serializers.Serializer[Any]):
    sha256 = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a field named like an option


class MapOut(serializers.Serializer[Any]):
    points = PointOut(many=True)
    n_located = serializers.IntegerField()
    n_items = serializers.IntegerField()


class ExactDuplicateOut(serializers.Serializer[Any]):
    sha256 = serializers.CharField()
    occurrences = serializers.IntegerField()


class DuplicatesOut(serializers.Serializer[Any]):
    exact = ExactDuplicateOut(many=True)
    n_exact = serializers.IntegerField()
    near = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    n_near_groups = serializers.IntegerField()
    n_near_items = serializers.IntegerField()
    bits = serializers.IntegerField()
    verdict = serializers.CharField()


class UnderstandResultOut(serializers.Serializer[Any]):
    n_items = serializers.IntegerField()
    n_read = serializers.IntegerField(help_text="Above 50,000 items a sample is read.")
    n_labelled = serializers.IntegerField()
    balance = BalanceOut(allow_null=True)
    numbers = NumberOut(many=True)
    categories = CategoryOut(many=True)
    issues = IssuesOut()
    missing = serializer_of(MissingReport)()
    map = MapOut()
    duplicates = DuplicatesOut()
    leaks = serializer_of(LeakReport)()


class DifferentOut(serializers.Serializer[Any]):
    sha256 = serializers.CharField()
    probability = serializers.FloatField(help_text="That the item is of the current side, prior 1:1.")


class CollectOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.CharField()
    reference_share = serializers.FloatField()
    current_share = serializers.FloatField()


class RepresentResultOut(serializers.Serializer[Any]):
    look = serializers.CharField(help_text="alike, different or unknown")
    verdict = serializers.CharField()
    reference_name = serializers.CharField()
    current_name = serializers.CharField()
    n_reference = serializers.IntegerField(help_text="Independent rows used: one of each group, at most 20,000.")
    n_current = serializers.IntegerField()
    n_reference_items = serializers.IntegerField()
    n_current_items = serializers.IntegerField()
    n_tests = serializers.IntegerField()
    attributes = serializer_of(AttributeComparison)(many=True)
    auc = EstimateOut(allow_null=True)
    classifier_q = serializers.FloatField(allow_null=True)
    classifier_flagged = serializers.BooleanField()
    classifier_reason = serializers.CharField(allow_null=True)
    most_different = DifferentOut(many=True)
    collect = CollectOut(many=True)


class PostStratificationNotesOut(serializers.Serializer[Any]):
    cells = serializer_of(Cell)(many=True)
    uncovered_share = serializers.FloatField()
    n_outside = serializers.IntegerField()
    size = serializer_of(EffectiveSampleSize)()
    reason = serializers.CharField(allow_null=True)


class AttributeBiasOut(serializers.Serializer[Any]):
    attribute = serializers.CharField()
    bias = serializer_of(SamplingBias)()
    post_stratification = PostStratificationNotesOut()


class RakingNotesOut(serializers.Serializer[Any]):
    converged = serializers.BooleanField()
    iterations = serializers.IntegerField()
    largest_gap = serializers.FloatField()
    uncovered = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    n_outside = serializers.IntegerField()
    size = serializer_of(EffectiveSampleSize)()
    reason = serializers.CharField(allow_null=True)


class LabelShareOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    unweighted = EstimateOut()
    weighted = EstimateOut()


class SamplingBiasResultOut(serializers.Serializer[Any]):
    selection_name = serializers.CharField()
    population = serializers.CharField()
    n_items = serializers.IntegerField()
    attributes = AttributeBiasOut(many=True)
    raking = RakingNotesOut()
    label_shares = LabelShareOut(many=True)
    verdict = serializers.CharField()


class ReportOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    subject = serializers.DictField()
    job = JobOut(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    pictures = serializers.DictField(child=MediaOut(), help_text="By hash: the items that the result names.")


class UnderstandOut(ReportOut):
    result = UnderstandResultOut(allow_null=True)


class RepresentOut(ReportOut):
    result = RepresentResultOut(allow_null=True)


class SamplingBiasReportOut(ReportOut):
    result = SamplingBiasResultOut(allow_null=True)


class LatestUnderstandOut(serializers.Serializer[Any]):
    report = UnderstandOut(allow_null=True)
    running = JobOut(allow_null=True)


class LatestRepresentOut(serializers.Serializer[Any]):
    report = RepresentOut(allow_null=True)
    running = JobOut(allow_null=True)


class LatestSamplingBiasOut(serializers.Serializer[Any]):
    report = SamplingBiasReportOut(allow_null=True)
    running = JobOut(allow_null=True)


class UnderstandIn(serializers.Serializer[Any]):
    schema = serializers.UUIDField(required=False, allow_null=True, default=None)
    question = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    label_depth = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)
    sources = serializers.ListField(child=serializers.CharField(), required=False, default=list)


class SelectionIn(serializers.Serializer[Any]):
    """One of version (with or without split), sources, population."""

    version = serializers.CharField(required=False, default="", allow_blank=True)
    split = serializers.ChoiceField(choices=["", "train", "validation", "test"], required=False, default="")
    sources = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    population = serializers.CharField(required=False, default="", allow_blank=True)


class RepresentIn(serializers.Serializer[Any]):
    reference = SelectionIn()
    current = SelectionIn()


class SamplingBiasIn(serializers.Serializer[Any]):
    selection = SelectionIn()
    population = serializers.CharField(max_length=200)
    schema = serializers.UUIDField(required=False, allow_null=True, default=None)
    question = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    label_depth = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)


def _selection(raw: dict[str, Any]) -> representation.Selection:
    return representation.Selection(
        version=raw["version"], split=raw["split"], sources=tuple(raw["sources"]), population=raw["population"]
    )


ID = [OpenApiParameter("id", str, description="A certain report instead of the latest.")]


class ReportView(ProjectView):
    """The latest finished report of a kind, the job of one that is being made, and how to ask for another."""

    pagination_class = None
    roles_write = READERS  # a report changes nothing but adds itself
    kind: ClassVar[str]

    def shown(self) -> Response:
        found = reports.latest(self.project, self.kind)
        if wanted := self.request.query_params.get("id"):
            found = reports.report_for(self.project, self.kind, wanted)
        running = reports.running(self.project, self.kind)
        return Response(
            {
                "report": self._report(found) if found else None,
                "running": JobOut(running.job).data if running and running.job else None,
            }
        )

    def _report(self, report: Report) -> dict[str, Any]:
        return {
            "id": report.public_id, "kind": report.kind, "subject": report.subject, "created_at": report.created_at,
            "job": JobOut(report.job).data if report.job else None, "finished_at": report.finished_at,
            "result": report.result, "pictures": self._pictures(named_items(report.result or {})),
        }  # fmt: skip

    def _pictures(self, hashes: Iterable[str]) -> dict[str, Any]:
        found = items.by_hashes(self.project, hashes)
        return {sha: media(self.user, self.project, item) for sha, item in found.items()}

    def started(self, report: Report) -> Response:
        return Response(self._report(report), status=202)


class UnderstandView(ReportView):
    serializer_class = UnderstandOut
    kind = Report.Kind.UNDERSTAND

    @extend_schema(operation_id="understand_retrieve", responses=LatestUnderstandOut, parameters=ID, tags=TAGS)
    def retrieve(self, request: Request, slug: str) -> Response:
        """What the data are like and what is wrong with them."""
        return self.shown()

    @extend_schema(operation_id="understand_compute", request=UnderstandIn, responses={202: UnderstandOut}, tags=TAGS)
    def compute(self, request: Request, slug: str) -> Response:
        """Make the report anew."""
        form = parsed(UnderstandIn(data=request.data))
        form["schema"] = schemas.schema_for(self.project, form["schema"]) if form["schema"] else None
        return self.started(understanding.request_understanding(project=self.project, by=self.user, **form))


class RepresentView(ReportView):
    serializer_class = RepresentOut
    kind = Report.Kind.REPRESENTATIVENESS

    @extend_schema(operation_id="represent_retrieve", responses=LatestRepresentOut, parameters=ID, tags=TAGS)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Does one part of the data look like another?"""
        return self.shown()

    @extend_schema(operation_id="represent_compute", request=RepresentIn, responses={202: RepresentOut}, tags=TAGS)
    def compute(self, request: Request, slug: str) -> Response:
        """Compare two selections."""
        form = parsed(RepresentIn(data=request.data))
        report = representation.request_comparison(
            project=self.project, reference=_selection(form["reference"]), current=_selection(form["current"]),
            by=self.user,
        )  # fmt: skip
        return self.started(report)


class SamplingBiasView(ReportView):
    serializer_class = SamplingBiasReportOut
    kind = Report.Kind.SAMPLING_BIAS

    @extend_schema(operation_id="sampling_bias_retrieve", responses=LatestSamplingBiasOut, parameters=ID, tags=TAGS)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Does the sample hold the declared shares of a population?"""
        return self.shown()

    @extend_schema(
        operation_id="sampling_bias_compute", request=SamplingBiasIn, responses={202: SamplingBiasReportOut}, tags=TAGS
    )
    def compute(self, request: Request, slug: str) -> Response:
        """Test a selection against a population, and weigh it."""
        form = parsed(SamplingBiasIn(data=request.data))
        form["schema"] = schemas.schema_for(self.project, form["schema"]) if form["schema"] else None
        form["selection"] = _selection(form["selection"])
        return self.started(sampling_bias.request_sampling_bias(project=self.project, by=self.user, **form))


def named_items(value: Any) -> set[str]:
    """Hashes of items anywhere in a result: under "sha256", and in the lists of issues and near duplicates."""
    found: set[str] = set()
    for one in value.get("most_different", []):
        found.add(one["sha256"])
    for number in value.get("numbers", []):
        found.update(one["sha256"] for one in number["outliers"])
    for issue in value.get("issues", {}).get("codes", []):
        found.update(issue["items"])
    duplicates = value.get("duplicates", {})
    found.update(one["sha256"] for one in duplicates.get("exact", []))
    for group in duplicates.get("near", []):
        found.update(group)
    return found


class AnyReportView(ReportView):
    serializer_class = ReportOut

    @extend_schema(operation_id="reports_retrieve", responses=ReportOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, public_id: str) -> Response:
        """A report of any kind, without its result: where its job is. Its kind's own address shows it with ?id=."""
        report = Report.objects.visible_to(self.user).filter(project=self.project, public_id=public_id).first()
        if report is None:
            raise NotFound("There is no such report in this project.")
        return Response({**self._report(report), "result": None, "pictures": {}})
