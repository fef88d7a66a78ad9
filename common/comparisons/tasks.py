"""Tasks that compare texts."""

from celery import shared_task

from common.comparisons import actions


@shared_task(name=actions.MAKE_COMPARISONS)
def make() -> None:
    """Make the comparisons that readers wait for."""
    actions.make_comparisons()


@shared_task(name="comparisons.sweep")
def sweep() -> None:
    """Once a day: delete outdated comparisons."""
    actions.sweep_comparisons()
