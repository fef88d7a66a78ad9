"""`manage.py backup [FILE]`: write the database and the uploads to one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from alliance.backup import back_up
from common.errors import DomainError


class Command(BaseCommand):
    help = "Write one file with the database and the uploads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: backups/<date>.tar")

    def handle(self, *args: object, file: Path | None, **options: object) -> None:
        target = file or Path("backups") / f"alliance-{timezone.now():%Y%m%d-%H%M%S}.tar"
        try:
            manifest = back_up(target)
        except DomainError as error:
            raise CommandError(str(error)) from error
        rows, files = sum(manifest["rows"].values()), len(manifest["files"])
        self.stdout.write(f"{target}: {rows} rows, {files} files, {target.stat().st_size} bytes.")
