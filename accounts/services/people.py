"""People, projects and memberships."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import Membership, Project, Role, User
from accounts.services.audit_trail import record
from accounts.services.passwords import check_password_strength
from common.problems import Conflict, Forbidden, InvalidInput, NotFound


@transaction.atomic
def create_user(*, email: str, name: str, password: str | None, locale: str = "en", is_operator: bool = False) -> User:
    """A person who can sign in. Raises InvalidInput for a weak password, Conflict for a known address."""
    if password is not None:
        check_password_strength(password, User(email=email, name=name))
    try:
        with transaction.atomic():
            return User.objects.create_user(
                email=email, name=name, password=password, locale=locale, is_operator=is_operator
            )
    except IntegrityError as error:
        raise Conflict(f"Somebody with the address {email} is already here.") from error


def may_make_accounts(by: User, project: Project | None = None) -> bool:
    """Whether somebody may make accounts at all, or put new people into this project."""
    owned = Membership.objects.filter(user=by, role=Role.OWNER)
    return by.is_operator or (owned if project is None else owned.filter(project=project)).exists()


def user_by_email(email: str) -> User:
    """Raises NotFound."""
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise NotFound(f"Nobody with the address {email} has an account here. An owner or an operator can make one.")
    return user


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str,
    by: User,
    locale: str = "en",
    password: str | None = None,
    project: Project | None = None,
    role: str = Role.ANNOTATOR,
) -> User:
    """An account that an operator or an owner makes for somebody, since sign-up is closed; put into `project` at once.

    Without a password the person chooses one by a link (`passwords.issue_link`). Raises Forbidden, InvalidInput,
    Conflict.
    """
    if not may_make_accounts(by, project):
        raise Forbidden("Only an operator or an owner of the project can make accounts. Ask one of them.")
    if not name.strip():
        raise InvalidInput("Say whose account this is.", errors={"name": ["A name is needed."]})
    user = create_user(email=email, name=name.strip(), password=password, locale=locale)
    record(project=project, actor=by, action="account.created", subject=user.email)
    if project is not None:
        set_role(project=project, email=user.email, role=role, by=by)
    return user


@transaction.atomic
def create_project(*, name: str, by: User, slug: str = "") -> Project:
    """A project whose owner is `by`. Only operators and owners of another project may. Raises Conflict, Forbidden."""
    if not (by.is_operator or Membership.objects.filter(user=by, role=Role.OWNER).exists()):
        raise Forbidden("Only an operator or an owner of a project can open another one. Ask one of them.")
    slug = slug or slugify(name)[:60]
    if not slug:
        raise InvalidInput(
            "Give the project a short name in Latin letters for its address.", errors={"slug": ["Missing."]}
        )
    try:
        with transaction.atomic():
            project = Project.objects.create(name=name, slug=slug, created_by=by)
    except IntegrityError as error:
        raise Conflict(f"There is already a project with the address “{slug}”. Choose another.") from error
    Membership.objects.create(user=by, project=project, role=Role.OWNER)
    record(project=project, actor=by, action="project.created", subject=project.slug)
    return project


@transaction.atomic
def set_role(*, project: Project, email: str, role: str, by: User) -> Membership:
    """Put a known person into the project in `role`, or change the role. A project never loses its last owner."""
    if role not in Role.values:
        raise InvalidInput(f"“{role}” is not a role.", errors={"role": [f"One of {', '.join(Role.values)}."]})
    user = user_by_email(email)
    _lock_owners(project)
    if role != Role.OWNER:
        _keep_an_owner(project, user)
    membership, _ = Membership.objects.update_or_create(user=user, project=project, defaults={"role": role})
    record(project=project, actor=by, action="member.role-set", subject=user.email, data={"role": role})
    return membership


@transaction.atomic
def remove_member(*, project: Project, user: User, by: User) -> None:
    """Take a person out of the project. Their work stays."""
    _lock_owners(project)
    _keep_an_owner(project, user)
    Membership.objects.filter(project=project, user=user).delete()
    record(project=project, actor=by, action="member.removed", subject=user.email)


def _lock_owners(project: Project) -> None:
    list(Membership.objects.select_for_update().filter(project=project, role=Role.OWNER).order_by("id"))


def _keep_an_owner(project: Project, leaving: User) -> None:
    owners = set(Membership.objects.filter(project=project, role=Role.OWNER).values_list("user_id", flat=True))
    if owners == {leaving.pk}:
        raise Conflict("This is the project's last owner. Make somebody else owner first.")
