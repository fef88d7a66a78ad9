"""Hours of this day at which calendars around the world differ."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from common.mail.models import Message
from common.mail.registry import Mail
from demo.clock import Clock, set_back
from members.people.models import Person
from notifications.deliver import hand_over
from notifications.fan_out import fan_out_waiting
from notifications.mails import render_notification
from notifications.models import Notification

SetHour = Callable[[float], datetime]


@pytest.fixture
def at_hour() -> Iterator[SetHour]:
    """Sets the clock to an hour of this day in UTC, for the rest of the test; the moment."""
    with ExitStack() as stack:

        def set_hour(hour: float) -> datetime:
            midnight = datetime.combine(timezone.now().date(), datetime.min.time(), tzinfo=UTC)
            moment = midnight + timedelta(hours=hour)
            stack.enter_context(set_back(Clock(moment)))
            return moment

        yield set_hour


def mail_to(person: Person) -> Mail:
    """The last notification that waits for this person, as it would be mailed now."""
    fan_out_waiting()
    Notification.objects.filter(channel="mail").update(rhythm="now")
    hand_over()
    mail = render_notification(
        Message.objects.filter(to_address=person.email).latest("created_at", "pk")
    )
    assert mail is not None
    return mail
