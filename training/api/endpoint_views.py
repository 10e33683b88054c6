"""Endpoints, and asking them."""

import json
from typing import Any, ClassVar
from uuid import UUID

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import answer_once
from accounts.api.permissions import LEADS, READERS, ProjectView
from accounts.models import ApiToken, Membership, Role, Scope
from accounts.selectors.projects import membership_for
from common.problems import Forbidden, InvalidInput, problem
from common.storage import object_store
from datasets.selectors.items import by_hashes
from training.api.endpoint_serializers import EndpointChange, EndpointDetailOut, EndpointIn, EndpointOut
from training.api.model_serializers import ReleaseOut, RollbackIn
from training.api.predict_serializers import PredictImagesIn, PredictItemsIn, PredictOut
from training.models import Endpoint
from training.selectors.endpoints import endpoint_for, endpoints_of, errors_of, releases_of
from training.services import releases
from training.services.prediction import Answer, Input, predict, served

TAGS = ["training"]
MOST_BYTES = 32 * 2**20


class EndpointsView(ProjectView):
    serializer_class = EndpointOut
    queryset = Endpoint.objects.none()
    roles_read = READERS
    roles_write = LEADS
    ordering = "-id"

    @extend_schema(operation_id="endpoints_list", responses=EndpointOut(many=True), tags=TAGS)
    def list(self, request: Request, slug: str) -> Response:
        """Names that programs can ask."""
        page = self.paginate_queryset(endpoints_of(self.user, self.project))
        return self.get_paginated_response(EndpointOut(page, many=True).data)

    @extend_schema(operation_id="endpoints_create", request=EndpointIn, responses={201: EndpointDetailOut}, tags=TAGS)
    def create(self, request: Request, slug: str) -> Response:
        """Make an endpoint; a model answers after its first release."""
        form = EndpointIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            endpoint = releases.create_endpoint(project=self.project, by=self.user, **form.validated_data)
            return Response(self._detail(endpoint.name), status=201)

        return answer_once(request, work)

    def _detail(self, name: str) -> Any:
        endpoint = endpoint_for(self.user, self.project, name)
        context = {"releases": releases_of(endpoint)[:100], "errors": errors_of(endpoint)}
        return EndpointDetailOut(endpoint, context=context).data

    @extend_schema(operation_id="endpoints_get", responses=EndpointDetailOut, tags=TAGS)
    def retrieve(self, request: Request, slug: str, name: str) -> Response:
        """An endpoint with its releases, the latest first."""
        return Response(self._detail(name))

    @extend_schema(operation_id="endpoints_change", request=EndpointChange, responses=EndpointDetailOut, tags=TAGS)
    def partial_update(self, request: Request, slug: str, name: str) -> Response:
        """Change whether inputs are kept, and how many classes an answer names."""
        form = EndpointChange(data=request.data)
        form.is_valid(raise_exception=True)
        releases.change_endpoint(
            endpoint=endpoint_for(self.user, self.project, name), by=self.user, **form.validated_data
        )
        return Response(self._detail(name))

    @extend_schema(operation_id="endpoints_rollback", request=RollbackIn, responses={201: ReleaseOut}, tags=TAGS)
    def rollback(self, request: Request, slug: str, name: str) -> Response:
        """Let the model before the present one answer again."""
        form = RollbackIn(data=request.data)
        form.is_valid(raise_exception=True)

        def work() -> Response:
            endpoint = endpoint_for(self.user, self.project, name)
            row = releases.roll_back(endpoint=endpoint, by=self.user, reason=form.validated_data["reason"])
            return Response(ReleaseOut(row).data, status=201)

        return answer_once(request, work)


class PredictView(ProjectView):
    serializer_class = PredictOut
    queryset = Endpoint.objects.none()
    pagination_class = None
    parser_classes = (MultiPartParser, JSONParser)
    roles_read = READERS
    roles_write = LEADS | {Role.RESEARCHER}
    scopes: ClassVar[tuple[str, ...]] = (Scope.PREDICT.value,)

    @extend_schema(
        operation_id="endpoints_predict",
        request={"multipart/form-data": PredictImagesIn, "application/json": PredictItemsIn},
        responses=PredictOut,
        tags=TAGS,
    )
    def create(self, request: Request, name: str, slug: str = "") -> Response:
        """Predict one or many pictures.

        A picture that cannot be read gets a problem of its own; the others are answered.
        """
        endpoint = endpoint_for(self.user, self.project, name)
        model, export = served(endpoint)
        answers = predict(endpoint=endpoint, inputs=self._inputs(request), by=(model, export))
        if all(answer.problem for answer in answers):
            raise InvalidInput(
                f"None of the {len(answers)} pictures can be read. The first: {answers[0].problem}"
                if len(answers) > 1
                else f"The picture cannot be read: {answers[0].problem}",
                errors={"images": [answer.problem for answer in answers]},
            )
        names = {c["key"]: c["name"] for c in model.serving_card["classes"]}
        told = [_answer_json(answer, names) for answer in answers]
        return Response(PredictOut({"endpoint": endpoint.name, "model": model, "predictions": told}).data)

    def _inputs(self, request: Request) -> list[Input]:
        if not isinstance(request.data, dict):
            raise InvalidInput("Send an object with “items”: hashes of items.", errors={"items": ["Missing."]})
        if "items" in request.data and not request.FILES:
            return self._known_items(request)
        files = [file for field in request.FILES for file in request.FILES.getlist(field)]
        if not files:
            raise InvalidInput(
                "The request holds no picture: send files in a form (multipart/form-data), or JSON with “items”, a "
                "list of hashes of items.",
                errors={"images": ["Send at least one."]},
            )
        attributes = _attributes(request.data.get("attributes"), len(files))
        for file in files:
            if file.size > MOST_BYTES:
                raise InvalidInput(
                    f"{file.name} has {file.size / 2**20:.0f} MiB; a picture may have 32.",
                    errors={"images": ["Too large."]},
                )
        return [
            Input(data=file.read(), name=file.name or "", attributes=values)
            for file, values in zip(files, attributes, strict=True)
        ]

    def _known_items(self, request: Request) -> list[Input]:
        form = PredictItemsIn(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data["items"]
        items, store = by_hashes(self.project, wanted), object_store()
        missing = [sha for sha in wanted if sha not in items]
        if missing:
            raise InvalidInput(f"This project has no item {missing[0]}.", errors={"items": missing[:10]})
        inputs = []
        for sha in wanted:
            with store.open(items[sha].object_key) as stored:
                inputs.append(Input(data=stored.read(), name=sha, item_id=items[sha].pk, sha256=sha))
        return inputs


class TokenPredictView(PredictView):
    """Without the project in the address: the token says which."""

    @cached_property
    def membership(self) -> Membership:
        token = self.request.auth
        if not isinstance(token, ApiToken) or token.project is None:
            raise Forbidden("This address needs a token that is bound to a project. Make one under Settings, Tokens.")
        return membership_for(self.user, token.project.slug, token)

    @extend_schema(
        operation_id="token_endpoints_predict",
        request={"multipart/form-data": PredictImagesIn, "application/json": PredictItemsIn},
        responses=PredictOut,
        tags=TAGS,
    )
    def create(self, request: Request, name: str, slug: str = "") -> Response:
        """Predict with a token bound to a project."""
        return super().create(request, name)


def _attributes(text: object, count: int) -> list[dict[str, Any]]:
    if not text:
        return [{} for _ in range(count)]
    try:
        values = json.loads(str(text))
    except ValueError:
        values = None
    if isinstance(values, dict):
        return [dict(values) for _ in range(count)]
    if isinstance(values, list) and len(values) == count and all(isinstance(one, dict) for one in values):
        return values
    raise InvalidInput(
        f"attributes is JSON: one object for all pictures, or a list of {count} objects.",
        errors={"attributes": ["Not usable."]},
    )


def _answer_json(answer: Answer, names: dict[str, str]) -> dict[str, Any]:
    keys = (
        None
        if answer.predicted is None
        else [answer.predicted]
        if isinstance(answer.predicted, str)
        else answer.predicted
    )
    return {
        "request_id": UUID(answer.request_id),
        "name": answer.name,
        "sha256": answer.sha256,
        "predicted": keys,
        "predicted_names": None if keys is None else [names[key] for key in keys],
        "score": answer.score,
        "is_flagged": answer.is_flagged,
        "probabilities": [{"key": k, "name": names[k], "probability": p} for k, p in answer.probabilities.items()],
        "latency_ms": answer.latency_ms,
        "problem": problem(422, "unreadable-picture", "The picture cannot be read", answer.problem)
        if answer.problem
        else None,
    }
