"""Stored bytes by signed address: bound to user, project and object; stable for six hours; never shown as a page."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe
from rest_framework.exceptions import AuthenticationFailed

from accounts.api.authentication import token_of
from accounts.models import Membership, Project, User
from common.problems import NotFound, problem_response
from common.storage import object_store
from common.storage.keys import belongs_to, checked, checked_prefix

SALT = "media"
FOLDER_SALT = "media-folder"
INLINE_TYPES = {"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/tiff", "image/avif"}


def valid_until(now: datetime) -> int:
    """The end of validity in seconds: at least one period ahead, rounded up, so that the address stays the same."""
    period = settings.MEDIA_EXPIRY_HOURS * 3600
    return (int(now.timestamp()) // period + 2) * period


def signed_media_url(
    user: User, project: Project, key: str, *, media_type: str = "application/octet-stream", download_as: str = ""
) -> str:
    """An address of `key` that only works for this user (a token of theirs included), until the boundary."""
    content = [user.pk, project.pk, key, media_type, download_as, valid_until(datetime.now(UTC))]
    return f"/media/{signing.Signer(salt=SALT).sign_object(content)}"


def signed_folder_url(user: User, project: Project, prefix: str, *, media_type: str) -> str:
    """The beginning of addresses of all objects below a prefix (with its slash), bound and stable like those of one."""
    content = [user.pk, project.pk, checked_prefix(prefix), media_type, valid_until(datetime.now(UTC))]
    return f"/media/below/{signing.Signer(salt=FOLDER_SALT).sign_object(content)}/"


def may_open(request: HttpRequest, user_id: int, project_id: int) -> bool:
    """Whether the asker, by session or by a program's token, is that user and still in that project."""
    try:
        token = token_of(request)
    except AuthenticationFailed:
        return False
    asker = token.user_id if token else request.user.pk
    if asker != user_id or (token and token.project_id not in (None, project_id)):
        return False
    return Membership.objects.filter(user_id=user_id, project_id=project_id).exists()


def signed_here(address: str, *, salt: str) -> list[Any]:
    """What an address says that was signed with this salt. Raises NotFound."""
    try:
        said: list[Any] = signing.Signer(salt=salt).unsign_object(address)
    except (signing.BadSignature, ValueError):
        raise NotFound("This address was not made here.") from None
    return said


def seconds_left(request: HttpRequest, user_id: int, project_id: int, expires: int) -> int:
    """For how long an address may still be opened. Raises NotFound when it is over, or the asker is another."""
    left = expires - datetime.now(UTC).timestamp()
    if left < 0 or not may_open(request, user_id, project_id):
        raise NotFound("This address has expired or is somebody else's. Reload the page.")
    return int(left)


def opened_address(request: HttpRequest, address: str) -> tuple[int, str]:
    """Project and key behind a signed media address, if the asker may open it. Raises NotFound."""
    user_id, project_id, key, _, _, expires = signed_here(address.rpartition("/media/")[2], salt=SALT)
    seconds_left(request, user_id, project_id, expires)
    return project_id, _own(key, project_id)


@require_safe
def media(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Serve a signed object to its user. A copied address is worthless to others."""
    try:
        user_id, project_id, key, media_type, download_as, expires = signed_here(signed, salt=SALT)
        seconds = seconds_left(request, user_id, project_id, expires)
        if not download_as and media_type not in INLINE_TYPES:
            download_as = key.rsplit("/", 1)[-1]  # never shown as a page, wherever the bytes come from
        return _served(_own(key, project_id), media_type, download_as, seconds)
    except NotFound as error:
        return problem_response(error)


@require_safe
def media_below(request: HttpRequest, signed: str, name: str) -> HttpResponseBase:
    """Serve one object of a signed folder to its user. A picture only: what is asked for stands in no signature."""
    try:
        user_id, project_id, prefix, media_type, expires = signed_here(signed, salt=FOLDER_SALT)
        seconds = seconds_left(request, user_id, project_id, expires)
        if media_type not in INLINE_TYPES:
            raise NotFound("Nothing is shown from this folder.")
        return _served(_own(f"{prefix}{name}", project_id), media_type, "", seconds)
    except NotFound as error:
        return problem_response(error)


def _own(key: str, project_id: int) -> str:
    try:
        mine = belongs_to(checked(key), project_id)
    except ValueError:
        mine = False
    if not mine:
        raise NotFound("This address was not made here.")
    return key


def _served(key: str, media_type: str, download_as: str, seconds: int) -> HttpResponseBase:
    """Raises NotFound when the store has lost it."""
    store = object_store()
    if direct := store.direct_url(key, seconds=seconds, media_type=media_type, download_as=download_as):
        response: HttpResponseBase = HttpResponse(status=302, headers={"Location": direct})
    else:
        try:
            response = FileResponse(
                store.open(key), content_type=media_type, as_attachment=bool(download_as), filename=download_as
            )
        except FileNotFoundError:
            raise NotFound("The stored file is gone. Ask the operator to look at the storage.") from None
    response.headers["Cache-Control"] = f"private, max-age={seconds}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
