import pytest
from django.db import IntegrityError, transaction

from datasets.brief_form.templates import TEMPLATES
from datasets.models import Brief, LabelSchema
from datasets.services.briefs import save_draft, sign_brief
from tests.datasets import factories

pytestmark = pytest.mark.django_db


def test_a_schema_cannot_be_changed_even_by_a_bulk_update():
    schema = factories.schema(factories.project())
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        LabelSchema.objects.filter(pk=schema.pk).update(name="Another")


def test_a_signed_brief_never_changes() -> None:
    project = factories.project()
    by = factories.member(project)
    template = next(one for one in TEMPLATES if one.key == "P6")
    save_draft(project=project, answers=template.answers, template="P6", by=by)
    brief = sign_brief(project=project, name="Ada", by=by)
    for change in ({"answers": {}}, {"state": "draft"}, {"signed_name": "Bob"}, {"positive_share": 0.5}):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            Brief.objects.filter(pk=brief.pk).update(**change)
