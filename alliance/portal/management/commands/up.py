from django.core.management.base import BaseCommand

from alliance.server import commands


class Command(BaseCommand):
    help = "Run the whole platform: database, Valkey, web, worker and beat (what `make run` does)."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        raise SystemExit(commands.up())
