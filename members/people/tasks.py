"""Scheduled tasks of this app."""

from celery import shared_task
from django.utils import timezone

from members.people.models import ApiToken, Session


@shared_task(name="people.purge_expired")
def purge_expired() -> None:
    """Delete expired sign-ins and tokens, which were no longer valid anyway."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    ApiToken.objects.filter(expiry__lt=now).delete()
