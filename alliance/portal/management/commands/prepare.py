from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from alliance.server import prepare
from alliance.server.processes import ServerError


class Command(BaseCommand):
    help = "Create the database if needed, migrate it, and collect static files."
    requires_system_checks = []  # `make check` runs them; a start should not wait for them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo into a new database")

    def handle(self, *args: object, demo: bool, **options: object) -> None:
        def report(line: str) -> None:
            self.stdout.write(line)
            self.stdout.flush()

        try:
            prepare.prepare(report, demo=demo)
        except ServerError as error:
            raise CommandError(str(error)) from error
