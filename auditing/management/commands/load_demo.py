import json
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import ApiToken, Membership, Project, Role, User
from accounts.services.people import create_project, create_user, set_role
from accounts.services.tokens import create_token
from annotation.services.annotators import enrol
from client.api import ProblemError
from examples.emoji.catalogue import PicturesMissing
from examples.emoji.simulated_annotators import CHARACTERS
from examples.emoji.walk import FULL, PROJECT, SMALL, Tokens, Walk

PEOPLE = {
    Role.OWNER: ("olga@demo.example", "Olga Owner"),
    Role.LEAD: ("lena@demo.example", "Lena Lead"),
    Role.REVIEWER: ("ravi@demo.example", "Ravi Reviewer"),
    Role.ANNOTATOR: ("ana@demo.example", "Ana Annotator"),
    Role.RESEARCHER: ("rosa@demo.example", "Rosa Researcher"),
}


class Command(BaseCommand):
    help = "Load the demo: a project with people in each role, walked once around the loop through the HTTP API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--small", action="store_true", help="a quarter of the pictures and one network, for tests")

    def handle(self, *, small: bool, **_: Any) -> None:
        folder = Path(settings.DATA_DIR)
        lead = self._people(folder / "demo-logins.json")
        project = Project.objects.get(slug=PROJECT)
        tokens = Tokens(
            lead=_token(lead, project, ["write", "predict"]),
            annotators=tuple(_token(user, project, ["label"]) for user in self._simulated(project, lead)),
        )
        walk = None
        try:
            walk = Walk(settings.PUBLIC_URL, tokens, folder / "demo-state.json", self._tell, SMALL if small else FULL)
            walk.go()
        except (PicturesMissing, ProblemError, TimeoutError) as error:
            raise CommandError(f"The demo could not be loaded: {error}") from error
        finally:
            ApiToken.objects.filter(user=lead, name="demo").delete()

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    @transaction.atomic
    def _people(self, logins_file: Path) -> User:
        """The project and a person in each role; their passwords are made up once and written beside the data."""
        if not Project.objects.filter(slug=PROJECT).exists():
            owner_email, owner_name = PEOPLE[Role.OWNER]
            logins = []
            for role, (email, name) in PEOPLE.items():
                password = f"demo-{secrets.token_hex(6)}"
                create_user(email=email, name=name, password=password, is_operator=role == Role.OWNER)
                logins.append({"role": str(role), "email": email, "password": password})
            owner = User.objects.get(email=owner_email)
            project = create_project(name="Emoji", slug=PROJECT, by=owner)
            for role, (email, _) in PEOPLE.items():
                if role != Role.OWNER:
                    set_role(project=project, email=email, role=role, by=owner)
            logins_file.parent.mkdir(parents=True, exist_ok=True)
            logins_file.write_text(json.dumps(logins, indent=2))
            logins_file.chmod(0o600)
        return User.objects.get(email=PEOPLE[Role.LEAD][0])

    @transaction.atomic
    def _simulated(self, project: Project, by: User) -> list[User]:
        users = []
        for number, character in enumerate(CHARACTERS, start=1):
            email = f"simulated-{number}@demo.example"
            user = User.objects.filter(email=email).first()
            if user is None:
                user = create_user(email=email, name=character.name, password=None)
                Membership.objects.create(user=user, project=project, role=Role.ANNOTATOR)
                enrol(project=project, user=user, kind=character.kind, is_simulated=True, by=by)
            users.append(user)
        return users


def _token(user: User, project: Project, scopes: list[str]) -> str:
    """A fresh key for this walk; an earlier one ends."""
    ApiToken.objects.filter(user=user, name="demo").delete()
    _, text = create_token(user=user, name="demo", scopes=scopes, project=project)
    return text
