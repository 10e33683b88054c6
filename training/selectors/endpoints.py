"""Questions about endpoints."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Project, User
from common.problems import NotFound
from training.models import Endpoint, EndpointError, EndpointRelease


def endpoints_of(user: User, project: Project) -> QuerySet[Endpoint]:
    return (
        Endpoint.objects.visible_to(user)
        .filter(project=project)
        .select_related("model_version__line", "model_version__run", "project", "source")
    )


def endpoint_for(user: User, project: Project, name: str) -> Endpoint:
    found = endpoints_of(user, project).filter(name=name).first()
    if found is None:
        raise NotFound(f"There is no endpoint “{name}” in this project.")
    return found


def endpoint_named(project: Project, name: str) -> Endpoint | None:
    """For the apps above."""
    return (
        Endpoint.objects.select_related("model_version__line", "model_version__run", "source")
        .filter(project=project, name=name)
        .first()
    )


def endpoint_or_none(endpoint_id: int) -> Endpoint | None:
    """For receivers of events: the endpoint may be gone by now."""
    return Endpoint.objects.filter(pk=endpoint_id).first()


def endpoint_by_id(endpoint_id: int) -> Endpoint:
    """Raises Endpoint.DoesNotExist."""
    return Endpoint.objects.select_related("project", "model_version__line").get(pk=endpoint_id)


def all_endpoints(project: Project) -> list[Endpoint]:
    """For the apps above: every endpoint with the model that answers."""
    return list(Endpoint.objects.filter(project=project).select_related("model_version__line", "model_version__run"))


def releases_of(endpoint: Endpoint) -> QuerySet[EndpointRelease]:
    """Releases and roll-backs, the latest first."""
    return (
        EndpointRelease.objects.filter(endpoint=endpoint)
        .select_related("model_version__line", "previous__line", "by", "test_look")
        .order_by("-id")
    )


def errors_of(endpoint: Endpoint, *, days: int = 30) -> QuerySet[EndpointError]:
    """What it could not answer lately, by day and reason, the latest day first."""
    return EndpointError.objects.filter(endpoint=endpoint, day__gt=timezone.now().date() - timedelta(days=days))
