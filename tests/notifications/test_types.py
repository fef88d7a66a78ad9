"""What holds for every notification type: it is registered, described, stored, and read."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_type_hints

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.functional import Promise

from common.access import viewer_for
from common.mail.models import Message
from members.organizations.models import Organization
from members.people.models import Person
from notifications.actions import notify
from notifications.choices import Category, Frequency
from notifications.content import contents_of
from notifications.deliver import hand_over
from notifications.fan_out import fan_out_waiting, is_still_recipient
from notifications.mails import render_notification
from notifications.models import Event, Notification
from notifications.registry import notification_types, payload_of
from notifications.types import AnyPayload, NotificationType
from tests.notifications.samples import SAMPLES, Cast
from workinggroups.groups.models import Group

PLAIN = {int, str, str | None}

# What was stored under these names before there was a class for each, and in links of mails.
STORED = {
    "action_item_assigned": {"group", "item", "person"},
    "action_item_commented": {"group", "comment"},
    "action_item_due": {"group", "item", "person", "items", "late", "mail_at"},
    "action_items_handed_over": {"group", "person", "to", "count"},
    "admission_decided": {"group", "request", "person"},
    "admission_requested": {"group", "request"},
    "agenda_item_proposed": {"group", "proposal"},
    "agenda_missing": {"person", "meetings"},
    "agenda_posted": {"group", "meeting"},
    "agenda_proposal_answered": {"group", "proposal"},
    "agreement_changed": {"version", "kind"},
    "application_completed": {"application"},
    "application_decided": {"application"},
    "application_received": {"application"},
    "application_sent": {"application"},
    "attendance_claimed": {"group", "meeting"},
    "ballot_announced": {"group", "ballot"},
    "ballot_changed": {"group", "ballot", "step"},
    "ballot_closed": {"group", "ballot"},
    "ballot_opened": {"group", "ballot"},
    "ballot_stated": {"group", "ballot"},
    "ballot_stepped_out": {"group", "entry", "actor", "has_returned"},
    "vote_cast_by_colleague": {"group", "vote"},
    "vote_missing": {"group", "ballot", "days"},
    "vote_receipt": {"group", "vote"},
    "vote_wanted": {"group", "ballot"},
    "break_glass_opened": {"group", "opening"},
    "chair_handed_over": {"group", "person"},
    "changes_requested": {"group", "deliverable", "revision"},
    "charter_adopted": {"group", "number"},
    "claim_answered": {"group", "claim"},
    "clocks_change": {"person", "changes", "series"},
    "colleague_joined": {"organization", "person"},
    "comment_added": {"group", "comment"},
    "comment_answered": {"group", "comment"},
    "correction_answered": {"group", "correction"},
    "correction_requested": {"group", "correction"},
    "decision_recorded": {"group", "decision"},
    "deliverable_approved": {"group", "deliverable", "decision", "early_until"},
    "group_access_changed": {"group", "person", "all_members", "listing_from", "listing_to"},
    "group_created": {"group"},
    "group_invited": {"group", "invitation"},
    "legal_name_answered": {"organization", "request"},
    "legal_name_asked": {"organization"},
    "level_changed": {"group", "person", "level"},
    "meeting_cancelled": {"group", "meeting"},
    "meeting_moved": {"group", "meeting"},
    "meeting_planned": {"group", "meeting"},
    "member_added": {"group", "person", "all_members"},
    "member_joined": {"group", "person"},
    "member_left": {"group", "person"},
    "membership_changed": {"organization", "status"},
    "minutes_approved": {"group", "meeting"},
    "minutes_due": {"person", "meetings"},
    "minutes_offered": {"group", "meeting"},
    "minutes_unlocked": {"group", "meeting"},
    "office_ended": {"group", "person", "office"},
    "office_given": {"group", "person", "office"},
    "post_added": {"group", "topic", "post"},
    "publication_withdrawn": {"group", "publication"},
    "published": {"group", "publication"},
    "representative_missing": {"organization"},
    "review_opened": {"group", "deliverable", "revision"},
    "rotation_planned": {"group", "series"},
    "series_changed": {"group", "series"},
    "voter_asked": {"group", "request"},
    "voter_ended": {"group", "voter"},
    "voter_named": {"group", "voter"},
    "series_ended": {"group", "series"},
    "series_gathered": {"group", "series"},
    "series_planned": {"group", "series"},
    "time_poll_cancelled": {"group", "poll"},
    "time_poll_due": {"group", "poll"},
    "time_poll_opened": {"group", "poll"},
    "time_poll_over": {"group", "poll"},
    "topic_started": {"group", "topic", "post"},
    "virus_found": {"file"},
}


def subclasses_of(base: type[Any]) -> Iterator[type[AnyPayload]]:
    for each in base.__subclasses__():
        yield each
        yield from subclasses_of(each)


def is_of_the_product(type_: type[AnyPayload]) -> bool:
    return not type_.__module__.startswith("tests.")


@pytest.fixture
def cast(
    organization: Organization,
    group: Group,
    chair: Person,
    member: Person,
    outsider: Person,
    representative: Person,
    staff: Person,
) -> Cast:
    return Cast(organization, group, chair, member, outsider, representative, staff)


def test_every_class_with_a_name_is_registered_and_has_a_sample() -> None:
    named = {each for each in subclasses_of(NotificationType) if hasattr(each, "name")}
    registered = set(notification_types())

    assert {each for each in named if is_of_the_product(each)} == set(SAMPLES)
    assert {each for each in registered if is_of_the_product(each)} == set(SAMPLES)


@pytest.mark.parametrize("type_", SAMPLES, ids=lambda type_: type_.name)
def test_a_type_is_described_and_its_payload_holds_plain_values(type_: type[AnyPayload]) -> None:
    hints = get_type_hints(type_)

    assert isinstance(type_.label, Promise)
    assert str(type_.label)
    assert isinstance(type_.category, Category)
    assert isinstance(type_.default_frequency, Frequency)
    assert fields(type_)
    assert {hints[each.name] for each in fields(type_)} <= PLAIN


@pytest.mark.django_db
@pytest.mark.parametrize("type_", SAMPLES, ids=lambda type_: type_.name)
def test_a_recipient_reads_it_in_the_inbox_and_by_mail(type_: type[AnyPayload], cast: Cast) -> None:
    payload, reader = SAMPLES[type_](cast)
    Event.objects.all().delete()
    event = notify(payload, cause="now", scope_uuid=cast.group.uuid)
    event.refresh_from_db()

    assert (event.kind, set(event.ref)) == (type_.name, STORED[type_.name])
    assert payload_of(event) == payload

    fan_out_waiting()
    Notification.objects.filter(channel="mail").update(rhythm="now")
    hand_over()

    assert Notification.objects.filter(event=event, person=reader, channel="inbox").exists()
    assert is_still_recipient(event, reader)
    content = contents_of([event], viewer_for(reader.pk))[event.pk]
    mail = render_notification(Message.objects.get(kind="notice", to_address=reader.email))
    assert mail is not None
    assert content.title in mail.full_text
    assert f"{settings.SITE_URL}{content.url}" in mail.full_text
    assert (mail.unsubscribe_url is None) == type_.mandatory
    assert content.question == "" or f"{content.question}:" in mail.full_text


@pytest.mark.django_db
@pytest.mark.parametrize("type_", SAMPLES, ids=lambda type_: type_.name)
def test_twenty_events_cost_as_many_queries_as_one(type_: type[AnyPayload], cast: Cast) -> None:
    payload, reader = SAMPLES[type_](cast)
    Event.objects.all().delete()
    events = [notify(payload, cause=str(number)) for number in range(20)]
    viewer = viewer_for(reader.pk)
    contents_of(events[:1], viewer)

    with CaptureQueriesContext(connection) as one:
        contents_of(events[:1], viewer)
    with CaptureQueriesContext(connection) as twenty:
        assert len(contents_of(events, viewer)) == 20

    assert len(twenty) == len(one)
