from django.db import IntegrityError, transaction

from accounts.models import Project, User
from common.problems import Conflict, InvalidInput
from datasets.models import PopulationMargin, Source


def create_source(
    *,
    project: Project,
    name: str,
    kind: str,
    by: User | None,
    uri: str = "",
    population: str = "",
    licence: str = "",
    consent: str = "",
    sensitivity: str = Source.Sensitivity.INTERNAL,
    description: str = "",
) -> Source:
    """A new source. Raises Conflict when the name is taken."""
    if not name.strip():
        raise InvalidInput("Give the source a name.", errors={"name": ["Name is missing."]})
    try:
        with transaction.atomic():
            return Source.objects.create(
                project=project, name=name.strip(), kind=kind, created_by=by, uri=uri, population=population,
                licence=licence, consent=consent, sensitivity=sensitivity, description=description,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(
            f"This project already has a source called {name.strip()}. Use it, or choose another name."
        ) from None


def source_named(
    *, project: Project, name: str, kind: str, by: User | None, uri: str = "", population: str = ""
) -> Source:
    """The source with this name, made if it is missing."""
    source, _ = Source.objects.get_or_create(
        project=project, name=name, defaults={"kind": kind, "uri": uri, "population": population, "created_by": by}
    )
    return source


def declare_margin(
    *, project: Project, population: str, attribute: str, shares: dict[str, float], reference: str, by: User | None
) -> PopulationMargin:
    """Declare or replace the shares of an attribute in a population.

    Shares in percent (sum about 100) are taken as such. Raises InvalidInput unless they are positive and sum to 1.
    """
    values = {str(key): float(value) for key, value in shares.items()}
    total = sum(values.values())
    if abs(total - 100) < 0.5:
        values = {key: value / 100 for key, value in values.items()}
        total /= 100
    if len(values) < 2 or any(not value > 0 for value in values.values()) or abs(total - 1) > 0.005:
        raise InvalidInput(
            f"The shares of {attribute} must be positive and sum to 1 (or 100%), not to {total:.3g}.",
            errors={"shares": ["They must be positive and sum to 1."]},
        )
    if not population.strip() or not attribute.strip():
        raise InvalidInput("Name the population and the attribute.")
    margin, _ = PopulationMargin.objects.update_or_create(
        project=project, population=population.strip(), attribute=attribute.strip(),
        defaults={
            "shares": {key: value / total for key, value in values.items()}, "reference": reference, "created_by": by,
        },
    )  # fmt: skip
    return margin
