"""`manage.py demo [--size large] [--if-empty]`: the invented alliance."""

from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.server.prepare import prepare_database
from common.errors import DomainError
from demo.loading import load

SMALL, LARGE = SIZES = ("small", "large")


class Command(BaseCommand):
    help = "Load the demo alliance; one that was loaded before is replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", default=SMALL, help=" or ".join(SIZES))
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where the database holds anything"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        size = options["size"]
        if size not in SIZES:
            raise CommandError(f"SIZE is {' or '.join(SIZES)}, not {size}.")
        if size == LARGE and find_spec("bench") is None:
            raise CommandError("SIZE=large needs the folder bench/, which is missing here.")
        prepare_database(self.stdout.write, demo=True)
        try:
            loaded = load(self.stdout.write, only_if_empty=options["if_empty"])
            if loaded and size == LARGE:
                from demo.large import add_large

                add_large(self.stdout)
        except DomainError as error:
            raise CommandError(str(error)) from error
