from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import IdempotentCreateMixin, answer_once
from accounts.api.media import signed_media_url
from accounts.api.permissions import READERS, ProjectView
from accounts.api.serializers import JobOut
from datasets.api.dataclass_serializers import serializer_of
from datasets.api.forms import parsed
from datasets.formats.exports import EXPORT_FORMATS
from datasets.formats.loading import Content, Into, loading_of
from datasets.models import DatasetVersion, Export
from datasets.selectors import schemas
from datasets.selectors import versions as selectors
from datasets.services import exports, freezing
from datasets.services.report_json import plain
from datasets.versioning.diff import Change
from datasets.versioning.splits import Conflict

TAGS = ["datasets"]
MAX_CHANGES = 200
# With pictures first: what somebody who trains takes.
LOAD_FIRST = ("imagefolder", "tfrecord", "parquet-images", "jsonl")


class ConditionField(serializers.Serializer[Any]):
    name = serializers.CharField()
    values = serializers.ListField(child=serializers.JSONField(), required=False)
    low = serializers.FloatField(required=False, allow_null=True)
    high = serializers.FloatField(required=False, allow_null=True)
    missing = serializers.BooleanField(required=False, allow_null=True)


class WeightsField(serializers.Serializer[Any]):
    population = serializers.CharField()
    attributes = serializers.ListField(child=serializers.CharField())


class RecipeIn(serializers.Serializer[Any]):
    """See docs/versions.md. Only name, schema and question must be given; the service checks the values."""

    name = serializers.CharField(max_length=80)
    schema = serializers.UUIDField()
    question = serializers.CharField(max_length=80)
    sources = serializers.ListField(child=serializers.CharField(), required=False)
    populations = serializers.ListField(child=serializers.CharField(), required=False)
    conditions = ConditionField(many=True, required=False)
    without_issues = serializers.ListField(child=serializers.CharField(), required=False)
    min_posterior = serializers.FloatField(required=False, allow_null=True)
    include_unlabelled = serializers.BooleanField(required=False)
    label_depth = serializers.IntegerField(required=False, allow_null=True)
    exclude_classes = serializers.ListField(child=serializers.CharField(), required=False)
    fractions = serializers.DictField(child=serializers.FloatField(), required=False)
    seed = serializers.CharField(max_length=100, required=False)
    near_duplicate_bits = serializers.IntegerField(required=False, allow_null=True)
    weights = WeightsField(required=False, allow_null=True)


class SummaryClassOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    count = serializers.IntegerField()
    splits = serializers.DictField(child=serializers.IntegerField())


class LeftOutOut(serializers.Serializer[Any]):
    reason = serializers.CharField()
    count = serializers.IntegerField()


class SummaryOut(serializers.Serializer[Any]):
    items = serializers.IntegerField()
    splits = serializers.DictField(child=serializers.IntegerField())
    media_types = serializers.DictField(child=serializers.IntegerField(), required=False)
    classes = SummaryClassOut(many=True)
    imbalance_ratio = serializers.FloatField(allow_null=True)
    effective_classes = serializers.FloatField(allow_null=True)
    verdict = serializers.CharField()
    groups = serializers.IntegerField()
    largest_group = serializers.IntegerField()
    new_groups = serializers.IntegerField()
    left_out = LeftOutOut(many=True)
    conflicts = serializer_of(Conflict, "SplitConflict")(many=True)
    n_conflicts = serializers.IntegerField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    weights = serializers.DictField(allow_null=True)


class LoadingOut(serializers.Serializer[Any]):
    format = serializers.CharField()
    title = serializers.CharField()
    file = serializers.CharField(help_text="Name of the downloaded file; a zip is unpacked into a folder of its name.")
    into = serializers.ChoiceField(choices=[one.value for one in Into])
    imports = serializers.ListField(child=serializers.CharField(), help_text="Lines that come first.")
    code = serializers.CharField(help_text="One expression.")


class VersionListOut(serializers.ModelSerializer[DatasetVersion]):
    id = serializers.UUIDField(source="public_id")
    ref = serializers.CharField(source="__str__", help_text="name@v3")
    schema = serializers.UUIDField(source="schema.public_id")
    # A callable, since "parent.__str__" of None would be the text of a method.
    parent = serializers.SerializerMethodField()  # type: ignore[assignment]
    created_by = serializers.CharField(source="created_by.name", allow_null=True, default=None)
    items = serializers.IntegerField(source="summary.items")
    splits = serializers.DictField(source="summary.splits", child=serializers.IntegerField())
    n_classes = serializers.SerializerMethodField()

    class Meta:
        model = DatasetVersion
        fields = (
            "id", "ref", "name", "number", "content_hash", "schema", "question", "parent", "state", "created_by",
            "created_at", "items", "splits", "n_classes",
        )  # fmt: skip

    def get_parent(self, version: DatasetVersion) -> str | None:
        return str(version.parent) if version.parent else None

    def get_n_classes(self, version: DatasetVersion) -> int:
        return len(version.summary["classes"])


class VersionOut(VersionListOut):
    summary = SummaryOut()
    recipe = RecipeIn()
    loading = serializers.SerializerMethodField(help_text="The first line loads the version into tf.data.")

    class Meta(VersionListOut.Meta):
        fields = (*VersionListOut.Meta.fields, "summary", "recipe", "loading")  # type: ignore[assignment]

    @extend_schema_field(LoadingOut(many=True))
    def get_loading(self, version: DatasetVersion) -> list[dict[str, Any]]:
        return loading_lines(version)


class ExportOut(serializers.ModelSerializer[Export]):
    id = serializers.UUIDField(source="public_id")
    job = JobOut(allow_null=True)
    title = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(
        help_text="Where to download it, for this user only; null until it is made."
    )

    class Meta:
        model = Export
        fields = ("id", "format", "title", "job", "file_name", "byte_size", "sha256", "n_rows", "created_at", "url")

    def get_title(self, export: Export) -> str:
        return EXPORT_FORMATS[export.format].title

    def get_url(self, export: Export) -> str | None:
        if not export.object_key:
            return None
        return signed_media_url(
            self.context["user"], export.project, export.object_key, media_type=export.media_type,
            download_as=export.file_name,
        )  # fmt: skip


class VersionExportIn(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=sorted(EXPORT_FORMATS))


class FormatOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    with_content = serializers.BooleanField()


class ExportsOut(serializers.Serializer[Any]):
    formats = FormatOut(many=True)
    exports = ExportOut(many=True)


class LabelFlowOut(serializers.Serializer[Any]):
    before = serializers.CharField()
    after = serializers.CharField()
    count = serializers.IntegerField()


class DiffOut(serializers.Serializer[Any]):
    """Lists hold at most 200 entries; the counts are whole."""

    before = serializers.CharField()
    after = serializers.CharField()
    n_added = serializers.IntegerField()
    n_removed = serializers.IntegerField()
    n_label_changed = serializers.IntegerField()
    n_split_changed = serializers.IntegerField()
    n_weight_changed = serializers.IntegerField()
    n_unchanged = serializers.IntegerField()
    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())
    label_changed = serializer_of(Change, "VersionChange")(many=True)
    split_changed = serializer_of(Change, "VersionChange")(many=True)
    label_flow = LabelFlowOut(many=True)


def loading_lines(version: DatasetVersion) -> list[dict[str, Any]]:
    """Python for each format that can hold the version; first a line for tf.data that brings the pictures along."""
    several = schemas.question(version.schema, version.question).kind == "multiple_choice"
    content = Content.of(version.summary.get("media_types", {}), several=several)
    order = sorted(EXPORT_FORMATS.values(), key=lambda one: (one.key not in LOAD_FIRST, _place(one.key)))
    found = []
    for one in order:
        file = exports.download_name(f"{version.name}-v{version.number}", one)
        for loading in loading_of(one.key, content, file.removesuffix(".zip")):
            found.append(
                {
                    "format": one.key, "title": one.title, "file": file, "into": loading.into.value,
                    "imports": list(loading.imports), "code": loading.code,
                }
            )  # fmt: skip
    return found


def _place(key: str) -> int:
    return LOAD_FIRST.index(key) if key in LOAD_FIRST else 0


def _raw_recipe(request: Request) -> dict[str, Any]:
    """The recipe as it was sent: the types are checked here, the meaning, and unknown fields, by the service."""
    parsed(RecipeIn(data=request.data))
    return dict(request.data)


class VersionsView(IdempotentCreateMixin, ProjectView):
    serializer_class = VersionListOut

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        rows: QuerySet[DatasetVersion] = DatasetVersion.objects.visible_to(self.user).filter(project=self.project)
        return rows.select_related("schema", "parent", "created_by").defer("schema__document")

    @extend_schema(operation_id="versions_list", responses=VersionListOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Frozen versions, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(VersionListOut(page, many=True).data)

    @extend_schema(operation_id="versions_freeze", request=RecipeIn, responses={202: JobOut}, tags=TAGS)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Freeze. The job's result has version (name@v3), content_hash, items and created (false: it was there)."""
        return super().create(request, *args, **kwargs)

    def perform(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        job = freezing.request_freeze(project=self.project, recipe=_raw_recipe(request), by=self.user)
        return Response(JobOut(job).data, status=202)

    @extend_schema(operation_id="versions_retrieve", responses=VersionOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, ref: str) -> Response:
        """One version with its recipe, balance and the lines of code that load it."""
        return Response(VersionOut(selectors.version_for(self.project, ref)).data)

    @extend_schema(
        operation_id="versions_diff", responses=DiffOut, tags=TAGS,
        parameters=[OpenApiParameter("to", str, required=True, description="The later version, like birds@v4.")],
    )  # fmt: skip
    def diff(self, request: Request, slug: str, ref: str) -> Response:
        """What changed from this version to another."""
        before = selectors.version_for(self.project, ref)
        after = selectors.version_for(self.project, request.query_params.get("to", ""))
        found = selectors.diff(before, after)
        return Response(
            {
                "before": str(before),
                "after": str(after),
                "n_added": len(found.added),
                "n_removed": len(found.removed),
                "n_label_changed": len(found.label_changed),
                "n_split_changed": len(found.split_changed),
                "n_weight_changed": len(found.weight_changed),
                "n_unchanged": found.n_unchanged,
                "added": [sha for sha, _ in found.added[:MAX_CHANGES]],
                "removed": [sha for sha, _ in found.removed[:MAX_CHANGES]],
                "label_changed": plain(found.label_changed[:MAX_CHANGES]),
                "split_changed": plain(found.split_changed[:MAX_CHANGES]),
                "label_flow": [{"before": a, "after": b, "count": n} for a, b, n in found.label_flow[:MAX_CHANGES]],
            }
        )


class PreviewView(ProjectView):
    serializer_class = SummaryOut
    roles_write = READERS  # it writes nothing

    @extend_schema(operation_id="versions_preview", request=RecipeIn, responses=SummaryOut, tags=TAGS)
    def preview(self, request: Request, slug: str) -> Response:
        """What freezing this recipe would give now."""
        return Response(freezing.preview(project=self.project, recipe=_raw_recipe(request)))


class ExportsView(ProjectView):
    serializer_class = ExportOut
    roles_write = READERS  # an export changes nothing; researchers make their own
    pagination_class = None

    @extend_schema(operation_id="exports_list", responses=ExportsOut, tags=TAGS)
    def list(self, request: Request, slug: str, ref: str) -> Response:
        """The formats offered, and the files that were made."""
        version = selectors.version_for(self.project, ref)
        rows = version.exports.select_related("job", "project").order_by("format")
        formats = [
            {"key": one.key, "title": one.title, "with_content": one.with_content} for one in EXPORT_FORMATS.values()
        ]
        return Response({"formats": formats, "exports": ExportOut(rows, many=True, context={"user": self.user}).data})

    @extend_schema(operation_id="exports_create", request=VersionExportIn, responses={202: ExportOut}, tags=TAGS)
    def create(self, request: Request, slug: str, ref: str) -> Response:
        """Make a file, or point to the one that is made or in the making."""
        form = parsed(VersionExportIn(data=request.data))

        def work() -> Response:
            version = selectors.version_for(self.project, ref)
            export = exports.request_export(version=version, format=form["format"], by=self.user)
            return Response(ExportOut(export, context={"user": self.user}).data, status=202)

        return answer_once(request, work)
