"""`manage.py restore FILE`: a backup brought back into an empty installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.backup import restore
from alliance.server.prepare import connect
from common.errors import DomainError


class Command(BaseCommand):
    help = "Bring a backup back into an empty installation, and compare it with its manifest."
    requires_system_checks = []  # the database may be without tables

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        connect(self.stdout.write)
        try:
            manifest = restore(options["file"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored what was there at {manifest['made_at']}.")
        self.stdout.write("Mail is held until staff release it under Admin, Mail delivery.")
