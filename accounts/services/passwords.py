"""Passwords: a person changes the own one; a new person chooses the first one through a link that works once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Role, User
from accounts.services.audit_trail import record
from common.problems import DomainError, Forbidden, InvalidInput


class LinkSpent(DomainError):
    code = "link-spent"
    title = "This link does not work any more"


def check_password_strength(password: str, user: User | None = None, *, field: str = "password") -> None:
    """Raises InvalidInput for a weak password, by the validators of the settings."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), errors={field: list(error.messages)}) from error


@transaction.atomic
def change_password(*, user: User, current: str, new: str) -> User:
    """Give oneself another password. Every session that was opened with the old one ends; tokens go on.

    Raises InvalidInput for a wrong current password and for a new one that is weak or the same.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.check_password(current):
        raise InvalidInput(
            "This is not your current password. Type the one that you sign in with.",
            errors={"current_password": ["Not your current password."]},
        )
    if current == new:
        raise InvalidInput(
            "The new password is the old one. Choose another.", errors={"new_password": ["The same as before."]}
        )
    check_password_strength(new, locked, field="new_password")
    locked.set_password(new)
    locked.save(update_fields=["password"])
    record(project=None, actor=locked, action="password.changed", subject=locked.email)
    return locked


@transaction.atomic
def issue_link(*, user: User, by: User) -> tuple[str, datetime]:
    """The secret of a link by which a person chooses a password, and until when it works. It is kept nowhere.

    An operator may do so for everybody; the owner of a project for its members who never chose a password. Of somebody
    without a password, links that were issued before end. Raises Forbidden.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    is_new = not locked.has_usable_password()
    if not by.is_operator and not (is_new and _owns_a_project_of(by, locked)):
        raise Forbidden(
            f"{locked.name} has chosen a password already, so only an operator can give out a link for a new one."
            if not is_new
            else "Only an operator, or an owner of a project that this person is in, can give out the link."
        )
    if is_new:
        locked.set_unusable_password()  # made anew: the secret is computed from it
        locked.save(update_fields=["password"])
    record(project=None, actor=by, action="password.link-issued", subject=locked.email)
    return default_token_generator.make_token(locked), timezone.now() + timedelta(
        seconds=settings.PASSWORD_RESET_TIMEOUT
    )


@transaction.atomic
def choose_password(*, user_id: UUID, secret: str, password: str) -> User:
    """Use a link: once, since its secret is computed from the password that this replaces. Raises LinkSpent."""
    user = User.objects.select_for_update().filter(public_id=user_id, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, secret):
        raise LinkSpent("This link was used, replaced or is too old. Ask whoever sent it for a new one.")
    check_password_strength(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(project=None, actor=user, action="password.chosen", subject=user.email)
    return user


def _owns_a_project_of(by: User, user: User) -> bool:
    owned = Membership.objects.filter(user=by, role=Role.OWNER).values("project_id")
    return Membership.objects.filter(user=user, project_id__in=owned).exists()
