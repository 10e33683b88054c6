from importlib.util import find_spec

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config.frontend import index, problem_page
from config.health import health

APPS = ("datasets", "annotation", "training", "auditing")

urlpatterns = [
    path("healthz", health, name="health"),
    path("api/v1/", include("annotation.api.hot.urls")),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", SpectacularSwaggerView.as_view(url_name="schema"), name="swagger"),
    path("api/v1/", include("accounts.api.urls")),
    *[path("api/v1/", include(f"{app}.api.urls")) for app in APPS if find_spec(f"{app}.api.urls")],
    path("media/", include("accounts.api.media_urls")),
    re_path(r"^problems/[a-z0-9-]+$", problem_page, name="problem-page"),
    re_path(r"^(?!api/|static/|media/).*$", index, name="frontend"),
]

handler404 = "common.problems.not_found"
handler500 = "common.problems.server_error"
