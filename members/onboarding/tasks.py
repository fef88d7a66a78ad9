"""Scheduled tasks of this app."""

from celery import shared_task

from members.onboarding.actions import addresses


@shared_task(name="onboarding.forget_old_proofs")
def forget_old_proofs() -> None:
    addresses.forget_old_proofs()
