from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from training.models import Run
from training.services.runs import rerun


class Command(BaseCommand):
    help = "Start a run again from its row: same version, recipe, settings, protocol and seed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=_uuid, help="the run's id, as in its address")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Run.objects.select_related("project", "version__schema").filter(public_id=options["run"]).first()
        if found is None:
            raise CommandError(f"There is no run {options['run']}. Its id is the last part of its page's address.")
        again = rerun(run=found, by=None)
        self.stdout.write(f"Run {again.public_id} is queued; it repeats {found.recipe} on {found.version}.")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not a run's id, which looks like 01926f3e-….") from error
