from celery import shared_task

from common.public_changes.actions import forget_old_changes


@shared_task(name="public_changes.forget_old")
def forget_old() -> None:
    forget_old_changes()
