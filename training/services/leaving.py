"""Signing for it that files of a model made of sensitive data may leave the server."""

from django.db import transaction

from accounts.models import User
from accounts.services.audit_trail import record
from common.problems import Conflict, DomainError, InvalidInput
from training.models import ExportSignature, ModelVersion
from training.selectors.leaving import sensitivity_of

SHORTEST_REASON = 15


class ExportBlocked(DomainError):
    code = "export-blocked"
    title = "Sensitive data block the export"


@transaction.atomic
def sign_export(*, model: ModelVersion, name: str, reason: str, by: User | None) -> ExportSignature:
    """Let the files of a model leave the server although its data are sensitive. Signed once, kept for ever.

    Raises InvalidInput without a name or a written reason, Conflict when it is signed already or nothing is sensitive.
    """
    errors = {}
    if not name.strip():
        errors["name"] = ["Missing."]
    if len(reason.strip()) < SHORTEST_REASON:
        errors["reason"] = [f"At least {SHORTEST_REASON} characters."]
    if errors:
        raise InvalidInput(
            "Write who answers for it, and why the files may leave the server and where to.", errors=errors
        )
    locked = (
        ModelVersion.objects.select_for_update(of=("self",)).select_related("run__project", "line").get(pk=model.pk)
    )
    there = ExportSignature.objects.filter(model_version=locked).first()
    if there is not None:
        raise Conflict(f"{there.name} signed for {locked} on {there.created_at:%d %B %Y} already.")
    if not sensitivity_of(locked.run):
        raise Conflict("Neither the brief nor a source calls these data sensitive: there is nothing to sign.")
    signed = ExportSignature.objects.create(model_version=locked, name=name.strip(), reason=reason.strip(), by=by)
    record(
        project=locked.project,
        actor=by,
        action="training.export_signed",
        subject=str(locked),
        data={"name": signed.name, "reason": signed.reason},
    )
    return signed
