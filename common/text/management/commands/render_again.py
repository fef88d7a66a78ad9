"""`manage.py render_again`: render all texts of an older renderer now, showing progress."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.text.markdown import RENDERER_VERSION
from common.text.registry import AnyStoredText, stored_texts
from common.text.render_again import Progress, make_all_stale, render_again, stale


class Command(BaseCommand):
    help = (
        "Render stored texts again whose HTML is from an older renderer. "
        "Can be stopped at any moment and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            dest="is_all",
            help="also the texts that are from the present renderer",
        )

    def handle(self, *args: object, is_all: bool, **options: object) -> None:
        if is_all:
            make_all_stale()
        total = sum(stale(kind).count() for kind in stored_texts())
        if not total:
            self.stdout.write(f"All texts are from renderer {RENDERER_VERSION}.")
            return

        def report(kind: AnyStoredText, progress: Progress) -> None:
            done = progress.rendered + progress.refused
            self.stdout.write(f"{done} of {total} ({kind.kind})")

        progress = render_again(report=report)
        if not progress.is_complete:
            raise CommandError("Another process is rendering the texts already.")
        self.stdout.write(
            f"{progress.rendered} texts rendered: the words of {progress.changed} changed, "
            f"{progress.refused} were refused and keep their HTML. "
            "The Admin page lists both."
        )
