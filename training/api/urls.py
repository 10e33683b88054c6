from django.urls import path

from training.api.endpoint_views import EndpointsView, PredictView, TokenPredictView
from training.api.model_views import ModelsView
from training.api.run_views import LooksView, RecipesView, RunsView
from training.api.suggestion_views import SuggestionsView

P = "projects/<slug:slug>"
RUN = f"{P}/runs/<uuid:public_id>"
MODEL = f"{P}/models/<uuid:public_id>"
ENDPOINT = f"{P}/endpoints/<slug:name>"

urlpatterns = [
    path(f"{P}/recipes", RecipesView.as_view({"get": "list"}), name="recipes"),
    path(f"{P}/looks", LooksView.as_view({"get": "list"}), name="looks"),
    path(f"{P}/runs", RunsView.as_view({"get": "list", "post": "create"}), name="runs"),
    path(f"{P}/runs/baselines", RunsView.as_view({"post": "baselines"}), name="runs-baselines"),
    path(RUN, RunsView.as_view({"get": "retrieve"}), name="run"),
    path(f"{RUN}/curves", RunsView.as_view({"get": "curves"}), name="run-curves"),
    path(f"{RUN}/cancel", RunsView.as_view({"post": "cancel"}), name="run-cancel"),
    path(f"{RUN}/exports", RunsView.as_view({"post": "start_export"}), name="run-exports"),
    path(f"{RUN}/rerun", RunsView.as_view({"post": "rerun"}), name="run-rerun"),
    path(f"{P}/models", ModelsView.as_view({"get": "list", "post": "create"}), name="models"),
    path(MODEL, ModelsView.as_view({"get": "retrieve"}), name="model"),
    path(f"{MODEL}/expectations", ModelsView.as_view({"get": "expectations"}), name="model-expectations"),
    path(
        f"{MODEL}/thresholds",
        ModelsView.as_view({"get": "thresholds", "put": "set_threshold"}),
        name="model-thresholds",
    ),
    path(f"{MODEL}/failures", ModelsView.as_view({"get": "failures"}), name="model-failures"),
    path(f"{MODEL}/exports", ModelsView.as_view({"get": "exports", "post": "start_export"}), name="model-exports"),
    path(f"{MODEL}/export-signature", ModelsView.as_view({"post": "sign_export"}), name="model-export-signature"),
    path(f"{MODEL}/gate", ModelsView.as_view({"get": "gates", "post": "start_gate"}), name="model-gate"),
    path(f"{MODEL}/test-look", ModelsView.as_view({"post": "test_look"}), name="model-test-look"),
    path(f"{MODEL}/release", ModelsView.as_view({"post": "release"}), name="model-release"),
    path(f"{MODEL}/rollback", ModelsView.as_view({"post": "rollback"}), name="model-rollback"),
    path(
        f"{P}/queues/<uuid:queue>/suggestions", SuggestionsView.as_view({"get": "retrieve"}), name="queue-suggestions"
    ),
    path(f"{P}/endpoints", EndpointsView.as_view({"get": "list", "post": "create"}), name="endpoints"),
    path(ENDPOINT, EndpointsView.as_view({"get": "retrieve", "patch": "partial_update"}), name="endpoint"),
    path(f"{ENDPOINT}/rollback", EndpointsView.as_view({"post": "rollback"}), name="endpoint-rollback"),
    path(f"{ENDPOINT}/predict", PredictView.as_view({"post": "create"}), name="endpoint-predict"),
    path("endpoints/<slug:name>/predict", TokenPredictView.as_view({"post": "create"}), name="token-predict"),
]
