"""`manage.py export_record FILE`: the whole record, to be checked by anyone with verify.py."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from common.record import queries


class Command(BaseCommand):
    help = "Write the record and its chain as JSON lines, and print the head."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        head = None
        with file.open("w", encoding="utf-8", newline="\n") as out:
            for entry in queries.export():
                out.write(json.dumps(entry, ensure_ascii=False) + "\n")
                head = entry["hash"]
        self.stdout.write(f"Head: {head or 'none, the record is empty'}")
