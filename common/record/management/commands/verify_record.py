"""`manage.py verify_record [--head HASH]`: check the chain in the database."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.record import queries
from common.record.verify import verify


class Command(BaseCommand):
    help = "Check the record's chain, and that published heads occur in it. Fails if broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", action="append", default=[])

    def handle(self, *args: object, head: list[str], **options: object) -> None:
        broken = verify(queries.export(), head)
        if broken:
            raise CommandError(str(broken))
        newest = queries.head()
        self.stdout.write(f"The record is intact. Head: {newest.hash if newest else 'none'}")
