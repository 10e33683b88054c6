import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Membership, Role, User
from accounts.services import people
from common.problems import Conflict, Forbidden, InvalidInput, NotFound
from tests.accounts.factories import make_member, make_project, make_user

pytestmark = pytest.mark.django_db


def test_an_address_is_taken_whatever_its_case():
    people.create_user(email="Ada@Example.org", name="Ada", password="a long enough secret")
    with pytest.raises(Conflict, match="already here"):
        people.create_user(email="aDA@example.ORG", name="Other", password="a long enough secret")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ADA@example.org", name="Third")


def test_a_weak_password_is_refused_with_its_reasons():
    with pytest.raises(InvalidInput) as caught:
        people.create_user(email="b@example.org", name="B", password="12345")
    assert caught.value.context["errors"]["password"]


def test_an_operator_opens_a_project_and_owns_it():
    operator = make_user(is_operator=True)
    project = people.create_project(name="Unknown Sites", by=operator)
    assert project.slug == "unknown-sites"
    assert Membership.objects.get(project=project).role == Role.OWNER
    assert AuditEntry.objects.get(project=project).action == "project.created"


def test_somebody_else_cannot_open_a_project():
    with pytest.raises(Forbidden):
        people.create_project(name="Mine", by=make_member(make_project(), Role.LEAD))


def test_a_taken_address_of_a_project_is_told():
    operator = make_user(is_operator=True)
    people.create_project(name="Sites", by=operator)
    with pytest.raises(Conflict, match="sites"):
        people.create_project(name="Sites", by=operator)


def test_a_name_without_latin_letters_asks_for_an_address():
    with pytest.raises(InvalidInput, match="Latin"):
        people.create_project(name="사진", by=make_user(is_operator=True))


def test_a_project_never_loses_its_last_owner():
    project = make_project()
    owner = make_member(project, Role.OWNER)
    with pytest.raises(Conflict, match="last owner"):
        people.set_role(project=project, email=owner.email, role=Role.LEAD, by=owner)
    with pytest.raises(Conflict, match="last owner"):
        people.remove_member(project=project, user=owner, by=owner)
    second = make_user("Bob")
    people.set_role(project=project, email=second.email, role=Role.OWNER, by=owner)
    people.remove_member(project=project, user=owner, by=second)
    assert list(Membership.objects.filter(project=project).values_list("user_id", flat=True)) == [second.pk]


def test_an_unknown_person_or_role_is_told():
    project = make_project()
    owner = make_member(project, Role.OWNER)
    with pytest.raises(NotFound, match="nobody@example"):
        people.set_role(project=project, email="nobody@example.org", role=Role.LEAD, by=owner)
    with pytest.raises(InvalidInput, match="king"):
        people.set_role(project=project, email=owner.email, role="king", by=owner)


def test_the_audit_trail_is_append_only():
    project = make_project()
    people.set_role(project=project, email=make_user("Bob").email, role=Role.LEAD, by=make_member(project, Role.OWNER))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(action="nothing.happened")
