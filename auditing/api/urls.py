from django.urls import path

from auditing.api.audits import AuditsView, SchedulesView
from auditing.api.predictions import PredictionsView

P = "projects/<slug:slug>"
urlpatterns = [
    path(f"{P}/predictions", PredictionsView.as_view({"get": "list", "post": "create"}), name="predictions"),
    path(f"{P}/predictions/outcome", PredictionsView.as_view({"post": "outcome"}), name="prediction-outcome"),
    path(f"{P}/audits", AuditsView.as_view({"get": "list", "post": "create"}), name="audits"),
    path(f"{P}/audits/preview", AuditsView.as_view({"post": "preview"}), name="audit-preview"),
    path(f"{P}/audits/<uuid:public_id>", AuditsView.as_view({"get": "retrieve"}), name="audit"),
    path(f"{P}/audits/<uuid:public_id>/refresh", AuditsView.as_view({"post": "refresh"}), name="audit-refresh"),
    path(f"{P}/audits/<uuid:public_id>/end", AuditsView.as_view({"post": "end"}), name="audit-end"),
    path(f"{P}/audits/<uuid:public_id>/errors", AuditsView.as_view({"get": "errors"}), name="audit-errors"),
    path(f"{P}/audit-schedules", SchedulesView.as_view({"get": "list", "post": "create"}), name="audit-schedules"),
    path(f"{P}/audit-schedules/<uuid:public_id>", SchedulesView.as_view({"delete": "destroy"}), name="audit-schedule"),
]
