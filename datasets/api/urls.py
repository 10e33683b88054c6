from typing import Any

from django.urls import path

from datasets.api.brief import BriefView, HypothesesView
from datasets.api.imports import ImportsView, UploadsView
from datasets.api.items import ItemsView
from datasets.api.reports import AnyReportView, RepresentView, SamplingBiasView, UnderstandView
from datasets.api.schemas import LabelsView, QuestionsView, SchemasView
from datasets.api.sources import AttributesView, PopulationsView, SourcesView
from datasets.api.tiles import TilesView
from datasets.api.versions import ExportsView, PreviewView, VersionsView

P = "projects/<slug:slug>"
LIST: dict[str, Any] = {"get": "list", "post": "create"}
REPORT: dict[str, Any] = {"get": "retrieve", "post": "compute"}

urlpatterns = [
    path(f"{P}/brief", BriefView.as_view({"get": "retrieve", "put": "update"}), name="brief"),
    path(f"{P}/brief/sign", BriefView.as_view({"post": "sign"}), name="brief-sign"),
    path(f"{P}/brief/stop", BriefView.as_view({"post": "stop"}), name="brief-stop"),
    path(f"{P}/brief/templates", BriefView.as_view({"get": "templates"}), name="brief-templates"),
    path(f"{P}/hypotheses", HypothesesView.as_view({"get": "list"}), name="hypotheses"),
    path(f"{P}/hypotheses/<str:kind>", HypothesesView.as_view({"post": "change"}), name="hypothesis"),
    path(f"{P}/sources", SourcesView.as_view(LIST), name="sources"),
    path(f"{P}/attributes", AttributesView.as_view({"get": "list", "put": "update"}), name="attributes"),
    path(f"{P}/populations", PopulationsView.as_view({"get": "list", "put": "update"}), name="populations"),
    path(f"{P}/populations/<uuid:public_id>", PopulationsView.as_view({"delete": "destroy"}), name="population"),
    path(f"{P}/imports", ImportsView.as_view(LIST), name="imports"),
    path(f"{P}/imports/places", ImportsView.as_view({"get": "places"}), name="import-places"),
    path(f"{P}/imports/<uuid:public_id>", ImportsView.as_view({"get": "retrieve"}), name="import"),
    path(f"{P}/imports/<uuid:public_id>/files", ImportsView.as_view({"get": "files"}), name="import-files"),
    path(f"{P}/uploads", UploadsView.as_view({"post": "create"}), name="uploads"),
    path(f"{P}/uploads/<uuid:public_id>", UploadsView.as_view({"get": "retrieve", "patch": "append"}), name="upload"),
    path(f"{P}/items", ItemsView.as_view({"get": "list"}), name="items"),
    path(f"{P}/items/facets", ItemsView.as_view({"get": "facets"}), name="item-facets"),
    path(f"{P}/items/<str:sha256>", ItemsView.as_view({"get": "retrieve"}), name="item"),
    path(f"{P}/items/<str:sha256>/neighbours", ItemsView.as_view({"get": "neighbours"}), name="item-neighbours"),
    path("tiles/<str:signed>", TilesView.as_view(), name="tiles"),
    path(f"{P}/schemas", SchemasView.as_view(LIST), name="schemas"),
    path(f"{P}/schemas/<uuid:public_id>", SchemasView.as_view({"get": "retrieve"}), name="schema-version"),
    path(f"{P}/questions", QuestionsView.as_view({"get": "list"}), name="questions"),
    path(f"{P}/labels", LabelsView.as_view(LIST), name="labels"),
    path(f"{P}/understand", UnderstandView.as_view(REPORT), name="understand"),
    path(f"{P}/represent", RepresentView.as_view(REPORT), name="represent"),
    path(f"{P}/sampling-bias", SamplingBiasView.as_view(REPORT), name="sampling-bias"),
    path(f"{P}/reports/<uuid:public_id>", AnyReportView.as_view({"get": "retrieve"}), name="report"),
    path(f"{P}/versions", VersionsView.as_view(LIST), name="versions"),
    path(f"{P}/versions/preview", PreviewView.as_view({"post": "preview"}), name="version-preview"),
    path(f"{P}/versions/<str:ref>", VersionsView.as_view({"get": "retrieve"}), name="version"),
    path(f"{P}/versions/<str:ref>/diff", VersionsView.as_view({"get": "diff"}), name="version-diff"),
    path(f"{P}/versions/<str:ref>/exports", ExportsView.as_view(LIST), name="version-exports"),
]
