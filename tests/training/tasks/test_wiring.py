import pytest

from accounts.models import Job
from common.outbox import publish
from datasets.events import ItemsImported
from tests.training import factories
from training import subscriptions, tasks
from training.services import embeddings

pytestmark = pytest.mark.django_db
NAMES = {getattr(one, "name", "") for one in vars(tasks).values()}


def test_every_name_in_the_subscriptions_is_a_task():
    wanted = {name for name, _ in subscriptions.JOB_TASKS.values()}
    wanted |= {name for names in subscriptions.SUBSCRIPTIONS.values() for name in names}
    wanted |= {periodic.task for periodic in subscriptions.SCHEDULE}
    assert wanted <= NAMES
    assert {queue for _, queue in subscriptions.JOB_TASKS.values()} == {"training", "predictions"}


def test_an_import_asks_for_embeddings_once_however_often_it_is_told():
    owner = factories.project()
    event = publish(ItemsImported(project_id=owner.pk, import_id=1, first_item_id=1, last_item_id=2))
    tasks.embed_imported_items(event.pk)
    tasks.embed_imported_items(event.pk)
    assert Job.objects.get(kind=embeddings.EMBED_JOB).payload == {"project_id": owner.pk}
    # A second import while the job still waits adds none: the job takes whatever has no vector.
    other = publish(ItemsImported(project_id=owner.pk, import_id=2, first_item_id=3, last_item_id=4))
    tasks.embed_imported_items(other.pk)
    assert Job.objects.filter(kind=embeddings.EMBED_JOB).count() == 1
