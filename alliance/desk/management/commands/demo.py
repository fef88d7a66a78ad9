"""`manage.py demo [--size large] [--if-empty]`: the invented alliance."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.demo.loading import LARGE, SIZES, add_large, load
from alliance.server.prepare import prepare_database
from common.errors import DomainError


class Command(BaseCommand):
    help = "Load the demo alliance; one that was loaded before is replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", default=SIZES[0], help=" or ".join(SIZES))
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where the database holds anything"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["size"] not in SIZES:
            raise CommandError(f"SIZE is {' or '.join(SIZES)}, not {options['size']}.")
        prepare_database(self.stdout.write, demo=True)
        try:
            loaded = load(self.stdout.write, only_if_empty=options["if_empty"])
            if loaded and options["size"] == LARGE:
                add_large(self.stdout)
        except DomainError as error:
            raise CommandError(str(error)) from error
