import pytest
from django.db import IntegrityError, transaction

from datasets.models import LabelSchema
from tests.datasets import factories

pytestmark = pytest.mark.django_db


def test_a_schema_cannot_be_changed_even_by_a_bulk_update():
    schema = factories.schema(factories.project())
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        LabelSchema.objects.filter(pk=schema.pk).update(name="Another")
