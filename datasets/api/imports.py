from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import IdempotentCreateMixin
from accounts.api.permissions import ProjectView
from accounts.api.serializers import JobOut
from common.problems import InvalidInput, NotFound
from datasets.api.forms import parsed
from datasets.models import Import, ImportFile, Source, Upload
from datasets.selectors import schemas
from datasets.services import imports, sources, uploads

TAGS = ["datasets"]


class ImportOut(serializers.ModelSerializer[Import]):
    id = serializers.UUIDField(source="public_id")
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]  # a field named like an option
    job = JobOut(allow_null=True)
    created_by = serializers.CharField(source="created_by.name", allow_null=True, default=None)

    class Meta:
        model = Import
        fields = (
            "id", "source", "kind", "job", "found", "imported", "duplicates", "known", "rejected", "created_by",
            "created_at", "finished_at",
        )  # fmt: skip


class ImportFileOut(serializers.ModelSerializer[ImportFile]):
    item = serializers.CharField(source="item.sha256", allow_null=True, default=None)

    class Meta:
        model = ImportFile
        fields = ("id", "name", "outcome", "code", "message", "item", "byte_size")


class ImportIn(serializers.Serializer[Any]):
    """One of path, uploads and bucket. The source is found by name, or made with the given population."""

    source = serializers.CharField(max_length=200)  # type: ignore[assignment]
    population = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    path = serializers.CharField(max_length=4096, required=False, default="", allow_blank=True)
    uploads = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=10_000)
    bucket = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    prefix = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)
    manifest = serializers.CharField(max_length=1024, required=False, default="", allow_blank=True)
    manifest_encoding = serializers.ChoiceField(
        choices=list(imports.ENCODINGS), required=False, default="utf-8", help_text="Of a CSV manifest."
    )
    only_listed = serializers.BooleanField(required=False, default=False)
    label_schema = serializers.UUIDField(required=False, allow_null=True, default=None)
    question = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class ImportPlacesOut(serializers.Serializer[Any]):
    roots = serializers.ListField(child=serializers.CharField())
    buckets = serializers.ListField(child=serializers.CharField())
    chunk_bytes = serializers.IntegerField()
    upload_limit_bytes = serializers.IntegerField()


class UploadOut(serializers.ModelSerializer[Upload]):
    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Upload
        fields = ("id", "name", "size", "received", "state", "created_at")


class AnnouncedIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=1024)
    size = serializers.IntegerField(min_value=0)


class UploadsIn(serializers.Serializer[Any]):
    files = AnnouncedIn(many=True)


class UploadsOut(serializers.Serializer[Any]):
    uploads = UploadOut(many=True)


class ImportsView(IdempotentCreateMixin, ProjectView):
    serializer_class = ImportOut

    def get_queryset(self) -> QuerySet[Import]:
        rows: QuerySet[Import] = Import.objects.visible_to(self.user).filter(project=self.project)
        return rows.select_related("source", "job", "created_by")

    def _one(self, public_id: str) -> Import:
        found = self.get_queryset().filter(public_id=public_id).first()
        if found is None:
            raise NotFound("There is no such import in this project.")
        return found

    @extend_schema(operation_id="imports_list", responses=ImportOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Imports, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ImportOut(page, many=True).data)

    @extend_schema(operation_id="imports_create", request=ImportIn, responses={202: ImportOut}, tags=TAGS)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Start an import. Its job tells how far it is."""
        return super().create(request, *args, **kwargs)

    def perform(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        form = parsed(ImportIn(data=request.data))
        schema = schemas.schema_for(self.project, form["label_schema"]) if form["label_schema"] else None
        wanted = imports.ImportRequest(
            path=form["path"], uploads=[str(one) for one in form["uploads"]], bucket=form["bucket"],
            prefix=form["prefix"], manifest=form["manifest"], only_listed=form["only_listed"], label_schema=schema,
            question=form["question"], encoding=form["manifest_encoding"],
        )  # fmt: skip
        kind = Source.Kind.S3 if wanted.bucket else Source.Kind.FOLDER if wanted.path else Source.Kind.UPLOAD
        uri = wanted.path or (f"s3://{wanted.bucket}/{wanted.prefix}" if wanted.bucket else "")
        source = sources.source_named(
            project=self.project, name=form["source"].strip(), kind=kind, by=self.user, uri=uri,
            population=form["population"],
        )  # fmt: skip
        run = imports.request_import(project=self.project, source=source, request=wanted, by=self.user)
        return Response(ImportOut(run).data, status=202)

    @extend_schema(operation_id="imports_retrieve", responses=ImportOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, public_id: str) -> Response:
        """One import with its counters."""
        return Response(ImportOut(self._one(public_id)).data)

    @extend_schema(
        operation_id="imports_files", responses=ImportFileOut(many=True), tags=TAGS,
        parameters=[OpenApiParameter("outcome", str, enum=ImportFile.Outcome.values)],
    )  # fmt: skip
    def files(self, request: Request, slug: str, public_id: str) -> Response:
        """The report: a line for every file, with the reason where one was refused."""
        rows = self._one(public_id).files.select_related("item")
        if outcome := request.query_params.get("outcome"):
            if outcome not in ImportFile.Outcome.values:
                raise InvalidInput(f"outcome is one of {', '.join(ImportFile.Outcome.values)}.")
            rows = rows.filter(outcome=outcome)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(ImportFileOut(page, many=True).data)

    @extend_schema(operation_id="imports_places", responses=ImportPlacesOut, tags=TAGS)
    def places(self, request: Request, slug: str) -> Response:
        """From where this installation may import."""
        return Response(
            {
                "roots": [str(root) for root in settings.IMPORT_ROOTS],
                "buckets": list(settings.IMPORT_S3_BUCKETS),
                "chunk_bytes": uploads.MAX_CHUNK,
                "upload_limit_bytes": settings.UPLOAD_LIMIT_MIB * 1024 * 1024,
            }
        )


class UploadsView(IdempotentCreateMixin, ProjectView):
    serializer_class = UploadOut

    def _one(self, public_id: str) -> Upload:
        found: Upload | None = Upload.objects.visible_to(self.user).filter(
            project=self.project, public_id=public_id
        ).first()  # fmt: skip
        if found is None:
            raise NotFound("There is no such upload in this project.")
        return found

    @extend_schema(operation_id="uploads_create", request=UploadsIn, responses={201: UploadsOut}, tags=TAGS)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Announce up to 1,000 files; send each one's bytes in chunks afterwards."""
        return super().create(request, *args, **kwargs)

    def perform(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        form = parsed(UploadsIn(data=request.data))
        files = [uploads.Announced(**one) for one in form["files"]]
        rows = uploads.announce_uploads(project=self.project, files=files, by=self.user)
        return Response({"uploads": UploadOut(rows, many=True).data}, status=201)

    @extend_schema(operation_id="uploads_retrieve", responses=UploadOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, public_id: str) -> Response:
        """How many bytes have arrived; HEAD gives the same in Upload-Offset."""
        upload = self._one(public_id)
        return Response(UploadOut(upload).data, headers={"Upload-Offset": str(upload.received)})

    @extend_schema(
        operation_id="uploads_append", request={"application/octet-stream": OpenApiTypes.BINARY}, responses=UploadOut,
        tags=TAGS, parameters=[OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True)],
    )  # fmt: skip
    def append(self, request: Request, slug: str, public_id: str) -> Response:
        """One chunk of at most 8 MiB at Upload-Offset."""
        offset = request.headers.get("Upload-Offset", "")
        if not offset.isdecimal() or len(offset) > 18 or request.content_type != "application/octet-stream":
            raise InvalidInput(
                "Send application/octet-stream with the header Upload-Offset: the first byte's position."
            )
        # Straight from the stream: a parser would hold the whole body, however long somebody says it is.
        data = request.stream.read(uploads.MAX_CHUNK + 1) if request.stream else b""
        upload = uploads.append_chunk(upload=self._one(public_id), offset=int(offset), data=data)
        return Response(UploadOut(upload).data, headers={"Upload-Offset": str(upload.received)})
