from django.urls import path

from auditing.api.audits import AuditsView, SchedulesView
from auditing.api.hard_samples import HardSamplesView
from auditing.api.home import HomeView, SearchView
from auditing.api.predictions import PredictionsView
from auditing.api.production import ProductionView, SuggestionsView

P = "projects/<slug:slug>"
AUDIT = f"{P}/audits/<uuid:public_id>"
BATCH = f"{P}/hard-samples/<uuid:public_id>"
SUGGESTION = f"{P}/suggestions/<uuid:public_id>"

urlpatterns = [
    path(f"{P}/home", HomeView.as_view({"get": "retrieve"}), name="home"),
    path(f"{P}/search", SearchView.as_view({"get": "list"}), name="search"),
    path(f"{P}/production", ProductionView.as_view({"get": "retrieve"}), name="production"),
    path(f"{P}/production/endpoints", ProductionView.as_view({"get": "endpoints"}), name="production-endpoints"),
    path(f"{P}/production/check", ProductionView.as_view({"post": "check"}), name="production-check"),
    path(f"{P}/windows/compare", ProductionView.as_view({"post": "compare"}), name="windows-compare"),
    path(f"{P}/predictions", PredictionsView.as_view({"get": "list", "post": "create"}), name="predictions"),
    path(f"{P}/predictions/outcome", PredictionsView.as_view({"post": "outcome"}), name="prediction-outcome"),
    path(f"{P}/audits", AuditsView.as_view({"get": "list", "post": "create"}), name="audits"),
    path(f"{P}/audits/preview", AuditsView.as_view({"post": "preview"}), name="audit-preview"),
    path(AUDIT, AuditsView.as_view({"get": "retrieve"}), name="audit"),
    path(f"{AUDIT}/refresh", AuditsView.as_view({"post": "refresh"}), name="audit-refresh"),
    path(f"{AUDIT}/end", AuditsView.as_view({"post": "end"}), name="audit-end"),
    path(f"{AUDIT}/errors", AuditsView.as_view({"get": "errors"}), name="audit-errors"),
    path(f"{P}/audit-schedules", SchedulesView.as_view({"get": "list", "post": "create"}), name="audit-schedules"),
    path(f"{P}/audit-schedules/<uuid:public_id>", SchedulesView.as_view({"delete": "destroy"}), name="audit-schedule"),
    path(f"{P}/hard-samples", HardSamplesView.as_view({"get": "list", "post": "create"}), name="hard-samples"),
    path(BATCH, HardSamplesView.as_view({"get": "retrieve"}), name="hard-sample-batch"),
    path(f"{BATCH}/samples", HardSamplesView.as_view({"get": "samples"}), name="hard-sample-samples"),
    path(f"{BATCH}/to-audit", HardSamplesView.as_view({"post": "to_audit"}), name="hard-samples-to-audit"),
    path(f"{BATCH}/to-queue", HardSamplesView.as_view({"post": "to_queue"}), name="hard-samples-to-queue"),
    path(f"{P}/suggestions", SuggestionsView.as_view({"get": "list"}), name="suggestions"),
    path(f"{SUGGESTION}/accept", SuggestionsView.as_view({"post": "accept"}), name="suggestion-accept"),
    path(f"{SUGGESTION}/dismiss", SuggestionsView.as_view({"post": "dismiss"}), name="suggestion-dismiss"),
]
