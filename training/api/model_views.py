"""The registry: models, what they mean, their release."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.api.media import signed_media_url
from accounts.api.permissions import LEADS, READERS, ProjectView
from common.pagination import decode_cursor, encode_cursor, parse_limit
from common.problems import InvalidInput
from datasets.selectors.items import by_hashes
from datasets.selectors.media import media_keys
from training.api.export_serializers import ExportSignatureIn, ExportSignatureOut, ModelExportsOut
from training.api.model_serializers import (
    ExpectationsOut,
    FailuresOut,
    GateIn,
    GateRunOut,
    GatesOut,
    ModelDetailOut,
    ModelIn,
    ModelOut,
    ModelRollbackIn,
    ReleaseIn,
    ReleaseOut,
    TestLookIn,
    ThresholdIn,
    ThresholdsOut,
)
from training.api.run_serializers import ExportIn, MissingExportOut, TestLookOut
from training.models import ModelVersion
from training.selectors.cards import model_card
from training.selectors.endpoints import endpoint_for
from training.selectors.expectations import expectations
from training.selectors.export_jobs import missing_exports
from training.selectors.failures import Failures, failures
from training.selectors.leaving import blocked, signature_of, told_sensitive
from training.selectors.models import model_for, models_of
from training.selectors.runs import run_for
from training.selectors.thresholds import thresholds
from training.selectors.where_to_run import where_to_run
from training.services import export_jobs, gate, leaving, looks, registry, releases

TAGS = ["training"]
CLASS = OpenApiParameter("class", str, description="class key; the class of concern without it")


class ModelsView(ProjectView):
    serializer_class = ModelOut
    queryset = ModelVersion.objects.none()
    roles_read = READERS
    roles_write = LEADS
    ordering = "-id"

    @extend_schema(
        operation_id="models_list",
        responses=ModelOut(many=True),
        tags=TAGS,
        parameters=[OpenApiParameter("line", str), OpenApiParameter("stage", str)],
    )
    def list(self, request: Request, slug: str) -> Response:
        """Models of the registry, the latest first."""
        found = models_of(self.user, self.project)
        if line := request.query_params.get("line"):
            found = found.filter(line__name=line)
        if stage := request.query_params.get("stage"):
            found = found.filter(stage=stage)
        return self.get_paginated_response(ModelOut(self.paginate_queryset(found), many=True).data)

    @extend_schema(operation_id="models_register", request=ModelIn, responses={201: ModelDetailOut}, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Make a finished run the next version of a line."""
        form = ModelIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            run = run_for(self.user, self.project, form.validated_data["run"])
            model = registry.register_model(run=run, line=form.validated_data["line"], by=self.user)
            return Response(self._detail(model.public_id), status=201)

        return answer_once(request, work)

    def _model(self, public_id: UUID) -> ModelVersion:
        return model_for(self.user, self.project, public_id)

    def _detail(self, public_id: UUID) -> Any:
        model = self._model(public_id)
        card = model.card or model_card(model)
        return ModelDetailOut(model, context={"user": self.user, "advice": where_to_run(model), "card": card}).data

    @extend_schema(operation_id="models_get", responses=ModelDetailOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, public_id: UUID) -> Response:
        """A model with its evaluations, exports, gate, advice and card."""
        return Response(self._detail(public_id))

    @extend_schema(
        operation_id="models_expectations",
        responses=ExpectationsOut,
        tags=TAGS,
        parameters=[OpenApiParameter("threshold", float, description="try this one instead of the model's"), CLASS],
    )
    def expectations(self, request: Request, slug: str, public_id: UUID) -> Response:
        """What the model means on an ordinary day, in words and numbers."""
        found = expectations(
            self._model(public_id),
            threshold=_share(request.query_params.get("threshold")),
            class_key=request.query_params.get("class", ""),
        )
        return Response(ExpectationsOut(found).data)

    @extend_schema(operation_id="models_thresholds", responses=ThresholdsOut, tags=TAGS, parameters=[CLASS])
    def thresholds(self, request: Request, slug: str, public_id: UUID) -> Response:
        """What each threshold would mean and cost."""
        found = thresholds(self._model(public_id), class_key=request.query_params.get("class", ""))
        return Response(ThresholdsOut(found).data)

    @extend_schema(operation_id="models_set_threshold", request=ThresholdIn, responses=ModelDetailOut, tags=TAGS)
    def set_threshold(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Choose the threshold; null goes back to the likeliest class."""
        form = ThresholdIn(data=request.data)
        form.is_valid(raise_exception=True)
        registry.set_threshold(model=self._model(public_id), threshold=form.validated_data["threshold"], by=self.user)
        return Response(self._detail(public_id))

    @extend_schema(
        operation_id="models_failures",
        responses=FailuresOut,
        tags=TAGS,
        parameters=[
            OpenApiParameter("truth", str, description="class key"),
            OpenApiParameter("predicted", str),
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
    )
    def failures(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Wrong answers on validation rows, the worst first, and the most frequent confusions."""
        query = request.query_params
        limit = parse_limit(query.get("limit"), 60)
        offset = int(decode_cursor(query["cursor"], 1)[0]) if query.get("cursor") else 0
        found = failures(
            self._model(public_id),
            truth=query.get("truth", ""),
            predicted=query.get("predicted", ""),
            offset=offset,
            limit=limit,
        )
        end = offset + len(found.failures)
        following = encode_cursor([end]) if end < found.total else None
        return Response(FailuresOut(self._with_pictures(found) | {"next": following}).data)

    def _with_pictures(self, found: Failures) -> dict[str, Any]:
        items = by_hashes(self.project, [one.sha256 for one in found.failures])
        results = [
            vars(one) | self._urls(item) for one in found.failures if (item := items.get(one.sha256)) is not None
        ]
        return {"results": results, "total": found.total, "rows": found.rows, "pairs": found.pairs}

    def _urls(self, item: Any) -> dict[str, str]:
        """The picture itself, and its smallest thumbnail where there is one."""
        keys = media_keys(item)
        full = signed_media_url(self.user, self.project, keys.pop("full"), media_type=item.media_type)
        if not keys:
            return {"image_url": full, "thumbnail_url": full}
        smallest = keys[min(keys, key=int)]
        return {
            "image_url": full,
            "thumbnail_url": signed_media_url(self.user, self.project, smallest, media_type="image/webp"),
        }

    @extend_schema(operation_id="models_exports", responses=ModelExportsOut, tags=TAGS)
    def exports(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Files that serve the model, each measured against the original, and what it could be exported as."""
        model = self._model(public_id)
        why = blocked(model)
        told = {
            "results": model.exports.all(),
            "next": None,
            "missing": missing_exports(model.run),
            "blocked": why,
            "blocked_by": told_sensitive(model.project, model.run.version) if why else None,
            "signature": signature_of(model),
            "serving_card": model.serving_card,
        }
        context = {"user": self.user, "model": model, "blocked": told["blocked"]}
        return Response(ModelExportsOut(told, context=context).data)

    @extend_schema(operation_id="models_start_export", request=ExportIn, responses={202: MissingExportOut}, tags=TAGS)
    def start_export(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Export the model in another format and measure it. What is there, or under way, is not made twice."""
        form = ExportIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            run = self._model(public_id).run
            asked = export_jobs.start_export(run=run, format=form.validated_data["format"], by=self.user)
            return Response(MissingExportOut(asked).data, status=202)

        return answer_once(request, work)

    @extend_schema(
        operation_id="models_sign_export", request=ExportSignatureIn, responses={201: ExportSignatureOut}, tags=TAGS
    )
    def sign_export(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Answer by name for it that files of a model made of sensitive data may leave the server."""
        form = ExportSignatureIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            signed = leaving.sign_export(model=self._model(public_id), by=self.user, **form.validated_data)
            return Response(ExportSignatureOut(signed).data, status=201)

        return answer_once(request, work)

    @extend_schema(operation_id="models_gates", responses=GatesOut, tags=TAGS)
    def gates(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Passages through the release gate, the latest first."""
        return Response({"results": GateRunOut(self._model(public_id).gate_runs.all(), many=True).data, "next": None})

    @extend_schema(operation_id="models_start_gate", request=GateIn, responses={202: GateRunOut}, tags=TAGS)
    def start_gate(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Send the model through the release gate."""
        form = GateIn(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data

        def work() -> Response:
            name, model = values["endpoint"], self._model(public_id)
            endpoint = endpoint_for(self.user, self.project, name) if name else None
            tried = {"threshold": values["threshold"], "tries_threshold": True} if "threshold" in values else {}
            started = gate.start_gate(model=model, endpoint=endpoint, by=self.user, **tried)
            return Response(GateRunOut(started).data, status=202)

        return answer_once(request, work)

    @extend_schema(operation_id="models_test_look", request=TestLookIn, responses={202: TestLookOut}, tags=TAGS)
    def test_look(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Look at the sealed test split. Every look at it after the first needs a written reason."""
        form = TestLookIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            look = looks.look_at_test(model=self._model(public_id), by=self.user, reason=form.validated_data["reason"])
            return Response(TestLookOut(look).data, status=202)

        return answer_once(request, work)

    @extend_schema(operation_id="models_release", request=ReleaseIn, responses={201: ReleaseOut}, tags=TAGS)
    def release(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Let an endpoint answer with this model."""
        form = ReleaseIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            values = dict(form.validated_data)
            endpoint = endpoint_for(self.user, self.project, values.pop("endpoint"))
            row = releases.release(model=self._model(public_id), endpoint=endpoint, by=self.user, **values)
            return Response(ReleaseOut(row).data, status=201)

        return answer_once(request, work)

    @extend_schema(operation_id="models_rollback", request=ModelRollbackIn, responses={201: ReleaseOut}, tags=TAGS)
    def rollback(self, request: Request, slug: str, public_id: UUID) -> Response:
        """Take this model off an endpoint: the one before it answers again."""
        form = ModelRollbackIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            endpoint = endpoint_for(self.user, self.project, form.validated_data["endpoint"])
            if endpoint.model_version_id != self._model(public_id).pk:
                raise InvalidInput(f"“{endpoint.name}” does not answer with this model.")
            row = releases.roll_back(endpoint=endpoint, by=self.user, reason=form.validated_data["reason"])
            return Response(ReleaseOut(row).data, status=201)

        return answer_once(request, work)


def _share(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise InvalidInput(f"threshold is a number from 0 to 1, not {text}.", errors={"threshold": ["0 to 1."]})
    return value
