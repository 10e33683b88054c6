import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.people import create_user
from common.problems import DomainError


class Command(BaseCommand):
    help = "Make an account. Sign-up is closed, so this is how the first person comes in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--operator", action="store_true", help="may open projects and make accounts")

    def handle(self, *, email: str, name: str, operator: bool, **_: Any) -> None:
        password = getpass.getpass("Password (10 characters or more): ")
        try:
            create_user(email=email, name=name, password=password, is_operator=operator)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{name} can sign in as {email}.")
