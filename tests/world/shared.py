"""What belongs to no group: one's own things, members and the way in, the catalogue."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from common.drafts.actions import save_draft
from common.identifiers import new_uuid
from common.mail.models import Message
from common.mail.pauses import hold
from members.organizations.models import Organization
from members.people import api_tokens
from members.people.models import Person
from notifications.mails import stop_token
from notifications.models import Event, Notification
from tests.factories import works
from tests.world.members import things_around
from workinggroups.meetings.answers import answer_token, poll_token, series_answer_token
from workinggroups.meetings.models import CalendarFeed
from workinggroups.meetings.views.calendar import token_of

People = dict[str, Person]
Organizations = dict[str, Organization]


def shared_things(people: People, organizations: Organizations) -> dict[str, Any]:
    return {
        "site_text": "privacy",
        **_own(people),
        **things_around(people, organizations),
        "outside_entry": works.outside_entry(people["staff"]),
    }


def _own(people: People) -> dict[str, Any]:
    """A token, a calendar and a notification of the member's, and a mail that failed."""
    member = people["member"]
    draft = save_draft(
        person_uuid=member.uuid,
        uuid=new_uuid(),
        page="/my/",
        form="PostForm",
        fields={"source": ["A word not said yet."]},
    )
    token, _secret = api_tokens.create_token(
        actor=member, name="Script", scopes=["read"], valid=timedelta(days=30)
    )
    event = Event.objects.create(
        dedupe_key="world", kind="office_given", ref={"group": 0, "person": member.pk}
    )
    Notification.objects.create(event=event, person=member, channel="inbox", state="done")
    mail = Message.objects.create(
        dedupe_key="world", to_address=member.email, kind="notice", ref={}, state="failed"
    )
    hold()
    return {
        "token": token,
        "own_draft": draft,
        "last_day": (timezone.now() + timedelta(days=90)).date().isoformat(),
        "feed_token": token_of(CalendarFeed.objects.create(person=member)),
        "stop_token": stop_token(member, "member_joined"),
        "unknown_meeting_token": answer_token(new_uuid(), member),
        "unknown_series_token": series_answer_token(new_uuid(), member),
        "unknown_poll_token": poll_token(new_uuid(), member),
        "poll_times": {
            "first": f"{timezone.now() + timedelta(days=8):%Y-%m-%d}T16:00",
            "second": f"{timezone.now() + timedelta(days=9):%Y-%m-%d}T09:30",
            "due": (timezone.now() + timedelta(days=5)).date().isoformat(),
        },
        "event": event,
        "failed_mail": mail,
    }
