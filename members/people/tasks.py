"""What happens to accounts by the clock."""

from celery import shared_task
from django.utils import timezone

from members.people.models import ApiToken, Session


@shared_task(name="people.purge_expired")
def purge_expired() -> None:
    """Sign-ins and tokens whose time is over no longer take room; they opened nothing any more."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    ApiToken.objects.filter(expiry__lt=now).delete()
