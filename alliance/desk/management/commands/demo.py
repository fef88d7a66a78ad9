"""`manage.py demo [--if-empty]`: the invented alliance."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.demo.loading import load
from common.errors import DomainError


class Command(BaseCommand):
    help = "Load the demo alliance; one that was loaded before is replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where the database holds anything"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load(self.stdout.write, only_if_empty=options["if_empty"])
        except DomainError as error:
            raise CommandError(str(error)) from error
