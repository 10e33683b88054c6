"""The palette: pages, items, versions, runs, models, queues, audits and people by a few letters."""

from dataclasses import dataclass

from accounts.models import Membership, Project, Role, User
from accounts.selectors.projects import members_of
from annotation.selectors.queues import my_queues, queues_of
from auditing.selectors.audits import audits_of
from datasets.selectors.items import found_by_text
from datasets.selectors.versions import versions_of
from training.selectors.models import models_of
from training.selectors.runs import runs_of

FEWEST = 2
PER_KIND = 6


@dataclass(frozen=True, kw_only=True)
class Hit:
    """kind: item, version, model, run, queue, audit or person; link: below the project."""

    kind: str
    title: str
    detail: str
    link: str


def search(user: User, membership: Membership, text: str) -> list[Hit]:
    """At most six of each kind. Annotators find their queues only. Fewer than two letters find nothing."""
    wanted = text.strip().lower()
    if len(wanted) < FEWEST:
        return []
    if membership.role == Role.ANNOTATOR:
        found = [
            Hit(kind="queue", title=card.queue.name, detail="", link=f"label/{card.queue.public_id}")
            for card in my_queues(user, membership.project)
            if wanted in card.queue.name.lower()
        ]
        return found[:PER_KIND]
    return [
        *_data(membership.project, wanted),
        *_models(user, membership.project, wanted),
        *_people(user, membership, wanted),
    ]


def _data(project: Project, wanted: str) -> list[Hit]:
    items = [
        Hit(kind="item", title=name or item.sha256[:12], detail=item.sha256[:12], link=f"data/items/{item.sha256}")
        for item, name in found_by_text(project, wanted, limit=PER_KIND)
    ]
    versions = [
        Hit(kind="version", title=str(one), detail=one.content_hash[:12], link=f"versions/{one}")
        for one in versions_of(project)
        if wanted in str(one).lower() or one.content_hash.startswith(wanted)
    ]
    return items + versions[:PER_KIND]


def _models(user: User, project: Project, wanted: str) -> list[Hit]:
    models = [
        Hit(kind="model", title=str(one), detail=str(one.stage), link=f"models/{one.public_id}")
        for one in models_of(user, project).prefetch_related(None)[:200]  # their name is all that is shown
        if wanted in str(one).lower()
    ]
    runs = [
        Hit(kind="run", title=one.recipe, detail=str(one.version), link=f"models/runs/{one.public_id}")
        for one in runs_of(user, project)[:200]
        if wanted in f"{one.recipe} {one.public_id}".lower()
    ]
    audits = [
        Hit(kind="audit", title=one.name, detail=one.state, link=f"production/audits/{one.public_id}")
        for one in audits_of(user, project).filter(name__icontains=wanted).order_by("-id")[:PER_KIND]
    ]
    return models[:PER_KIND] + runs[:PER_KIND] + audits


def _people(user: User, membership: Membership, wanted: str) -> list[Hit]:
    queues = [
        Hit(kind="queue", title=one.name, detail=str(one.state), link=f"label/{one.public_id}/overview")
        for one in queues_of(user, membership.project)
        if wanted in one.name.lower()
    ]
    if membership.role == Role.RESEARCHER:
        return queues[:PER_KIND]
    people = members_of(membership.project).filter(user__name__icontains=wanted)[:PER_KIND]
    return queues[:PER_KIND] + [
        Hit(kind="person", title=one.user.name, detail=one.role, link="people") for one in people
    ]
