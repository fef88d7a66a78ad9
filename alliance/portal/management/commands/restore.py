"""`manage.py restore FILE`: restore a backup into an empty installation."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.backup import restore
from alliance.server.prepare import connect
from common.errors import DomainError


class Command(BaseCommand):
    help = "Restore a backup into an empty installation, and compare it with its manifest."
    requires_system_checks = []  # the database may have no tables yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        connect(self.stdout.write)
        try:
            manifest = restore(file)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored the backup of {manifest['made_at']}.")
        self.stdout.write("Mail is held until staff release it under Admin, Mail delivery.")
