"""The task that renders stored texts again."""

from celery import shared_task

from common.text.render_again import has_stale_texts
from common.text.render_again import render_again as run
from common.wake_worker import enqueue_on_commit

# Well below the time limit of a task; the next one continues where this one ends.
SECONDS = 45


@shared_task(name="text.render_again")
def render_again() -> None:
    """Render texts of an older renderer; queue the next run while some are left."""
    if not has_stale_texts():
        return
    progress = run(seconds=SECONDS)
    if progress.rendered and not progress.is_complete:
        enqueue_on_commit("text.render_again")
