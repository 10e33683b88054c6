"""How delicate the pictures of a version are, by the sources they were met in."""

from django.db.models import Exists, OuterRef

from datasets.models import DatasetVersion, Occurrence, Source

PERSONAL_KINDS = (Source.Sensitivity.PERSONAL, Source.Sensitivity.SPECIAL)


def sensitive_sources(version: DatasetVersion) -> list[Source]:
    """Sources of personal or special data that some item of the version was met in, by name."""
    met = Occurrence.objects.filter(source_id=OuterRef("pk"), item__version_rows__version=version)
    delicate = Source.objects.filter(project_id=version.project_id, sensitivity__in=PERSONAL_KINDS)
    return list(delicate.filter(Exists(met)).order_by("name"))
