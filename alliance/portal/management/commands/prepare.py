from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alliance.server import prepare
from alliance.server.processes import ServerError


class Command(BaseCommand):
    help = "Make the database if needed, migrate it, collect static files; load the demo at first."
    requires_system_checks = []  # `make check` runs them; a start should not wait for them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="begin a new database with it")

    def handle(self, *args: Any, **options: Any) -> None:
        def report(line: str) -> None:
            self.stdout.write(line)
            self.stdout.flush()

        try:
            prepare.prepare(report, demo=options["demo"])
        except ServerError as error:
            raise CommandError(str(error)) from error
