"""Reminders of action items: who is reminded on which mornings, of what, and how often."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from common.access import Level, viewer_for
from common.mail.models import Message
from demo.clock import Clock, set_back
from members.people.models import Person
from notifications.actions import choose
from notifications.choices import Frequency
from notifications.content import contents_of
from notifications.deliver import hand_over, hand_over_digests
from notifications.fan_out import fan_out_waiting
from notifications.mails import render_digest, render_notification
from notifications.models import Event, Notification, Preference
from notifications.mornings import DIGEST_HOUR
from notifications.types import NotificationContent
from tests import factories
from tests.committed import together
from workinggroups.groups import actions
from workinggroups.groups.models import ActionItem, Group, Participation
from workinggroups.groups.reminder_days import (
    AHEAD,
    current_morning,
    due_for_reminder,
    is_chairs_day,
    is_owners_day,
)

DAY = timedelta(days=1)
TODAY = date(2026, 3, 16)
# A run of the task on the morning of TODAY in UTC, before the mails of that morning.
NOW = datetime.combine(TODAY, time(6, 40), UTC)
ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix"))
)


def at(moment: datetime) -> Any:
    return set_back(Clock(moment))


@pytest.fixture(autouse=True)
def this_morning(request: pytest.FixtureRequest) -> Iterator[Clock]:
    clock = Clock(NOW)
    with set_back(clock):
        yield clock


def item(group: Group, owner: Person | None = None, due: int = 0, **fields: Any) -> ActionItem:
    """An item from a month ago that is due so many days from TODAY."""
    return factories.action_item(
        group,
        **{
            "owner": owner,
            "created_by": owner or factories.person(),
            "created_at": NOW - 30 * DAY,
            "due_on": TODAY + due * DAY,
            **fields,
        },
    )


def reminders() -> list[Event]:
    return list(Event.objects.filter(kind="action_item_due").order_by("pk"))


def reads(person: Person) -> list[NotificationContent]:
    """Return what the person reads of all reminders now."""
    contents = contents_of(reminders(), viewer_for(person.pk))
    return [contents[event.pk] for event in reminders() if event.pk in contents]


# --- the days ----------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(
    due_on=st.dates(date(2020, 1, 10), date(2035, 1, 1)),
    zone=st.sampled_from(ZONES),
    minute=st.integers(0, 14),
)
# A change of clocks among the days, in both directions; a day that a country left out.
@example(due_on=date(2026, 3, 29), zone="Europe/Prague", minute=10)
@example(due_on=date(2026, 10, 25), zone="Europe/Prague", minute=10)
@example(due_on=date(2026, 4, 5), zone="Australia/Lord_Howe", minute=10)
@example(due_on=date(2026, 3, 8), zone="America/New_York", minute=0)
@example(due_on=date(2011, 12, 29), zone="Pacific/Apia", minute=10)
@example(due_on=date(2026, 11, 30), zone="Asia/Kathmandu", minute=14)
def test_reminders_come_the_day_before_on_the_day_and_every_week(
    due_on: date, zone: str, minute: int
) -> None:
    """The task runs each quarter of an hour, `minute` minutes past it, for six weeks."""
    place = ZoneInfo(zone)
    moment = datetime.combine(due_on - 3 * DAY, time(0, minute), UTC)
    to_owner: dict[date, datetime] = {}
    to_chairs: dict[date, datetime] = {}
    while moment.date() < due_on + 40 * DAY:
        morning = current_morning(zone, moment)
        if morning and is_owners_day(due_on, morning.day):
            to_owner.setdefault(morning.day, max(morning.at, moment))
        if morning and is_chairs_day(due_on, morning.day):
            to_chairs.setdefault(morning.day, max(morning.at, moment))
        moment += timedelta(minutes=15)

    weekly = [due_on + weeks * 7 * DAY for weeks in range(6)]
    left_out = {date(2011, 12, 30)} if zone == "Pacific/Apia" else set()
    assert list(to_owner) == [day for day in [due_on - DAY, *weekly] if day not in left_out]
    assert list(to_chairs) == weekly[2:]
    for day, mailed_at in {**to_owner, **to_chairs}.items():
        local = mailed_at.astimezone(place)
        assert (local.date(), local.hour) == (day, DIGEST_HOUR)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-30, 800))
def test_the_filter_in_the_database_has_the_days_of_the_rule(today: date, late: int) -> None:
    due_on = today - late * DAY
    first, second = due_for_reminder(today).children
    assert first == ("due_on", today + DAY)
    conditions = dict(second.children)  # type: ignore[union-attr, arg-type]
    found = due_on == today + DAY or (
        due_on <= conditions["due_on__lte"]
        and due_on.isoweekday() == conditions["due_on__iso_week_day"]
    )
    assert found == is_owners_day(due_on, today)


def test_the_digest_comes_after_the_run_that_prepares_it() -> None:
    # The task runs at minutes 10, 25, 40 and 55, and mornings are at full quarters of an hour.
    assert timedelta(minutes=15) < AHEAD


# --- who is reminded of what -------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "to_owner", "to_chair"),
    [
        (2, False, False),
        (1, True, False),
        (0, True, False),
        (-1, False, False),
        (-6, False, False),
        (-7, True, False),
        (-8, False, False),
        (-13, False, False),
        (-14, True, True),
        (-15, False, False),
        (-21, True, True),
        (-28, True, True),
    ],
)
def test_owners_and_from_two_weeks_on_chairs(
    group: Group, chair: Person, member: Person, due: int, to_owner: bool, to_chair: bool
) -> None:
    item(group, member, due)

    assert actions.remind_of_due_items() == to_owner + to_chair

    assert bool(reads(member)) == to_owner
    assert bool(reads(chair)) == to_chair


@pytest.mark.django_db
def test_what_owners_and_chairs_read(group: Group, chair: Person, member: Person) -> None:
    late = item(group, member, -14, text="Ask the lab")

    actions.remind_of_due_items()

    (own,) = reads(member)
    assert own.title == "Late: Ask the lab"
    assert own.detail == "14 days late, due Mon 2 Mar 2026."
    assert own.url == late.get_absolute_url()
    (chaired,) = reads(chair)
    assert chaired.title == "Late in a group you chair: Ask the lab"
    assert chaired.detail == f"14 days late, due Mon 2 Mar 2026. Assigned to {member}."
    assert chaired.why == "because you chair the group"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "title"), [(1, "Due tomorrow: Ask"), (0, "Due today: Ask"), (-7, "Late: Ask")]
)
def test_the_title_says_when(group: Group, member: Person, due: int, title: str) -> None:
    item(group, member, due, text="Ask")

    actions.remind_of_due_items()

    assert reads(member)[0].title == title


@pytest.mark.django_db
def test_each_owner_is_reminded_and_a_chair_who_owns_it_once(
    group: Group, chair: Person, member: Person
) -> None:
    late = item(group, member, -14)
    late.ownerships.create(person=chair, position=1)

    assert actions.remind_of_due_items() == 2

    assert [each.title for each in reads(chair)] == ["Late: Write the test plan"]


@pytest.mark.django_db
def test_chairs_learn_of_late_items_that_nobody_does(group: Group, chair: Person) -> None:
    item(group, None, -14)

    actions.remind_of_due_items()

    assert "Nobody is assigned to it." in reads(chair)[0].detail


@pytest.mark.django_db
def test_several_items_are_one_notification_and_one_mail_with_a_list(
    group: Group, chair: Person, member: Person
) -> None:
    other = factories.group("Other group", chair=member)
    item(group, member, 1, text="One")
    item(group, member, -7, text="Two")
    item(other, chair, -21, text="Three")

    actions.remind_of_due_items()
    fan_out_waiting()

    (content,) = reads(member)
    assert content.title == "3 action items are due or late"
    assert content.detail.splitlines() == [
        f"A-2 Two ({group}): 7 days late, due Mon 9 Mar 2026.",
        f"A-1 One ({group}): due tomorrow, Tue 17 Mar 2026.",
        f"A-1 Three (Other group): 21 days late, due Mon 23 Feb 2026. Assigned to {chair}.",
    ]
    assert content.url == "/my/action-items/"
    assert Notification.objects.filter(person=member, channel="inbox").count() == 1
    assert Notification.objects.filter(person=member, channel="mail").count() == 1


@pytest.mark.django_db
def test_the_first_run_sends_one_mail_with_the_count_and_a_link(
    group: Group, chair: Person, member: Person
) -> None:
    for number in range(30):
        item(group, member, -7 * number, text=f"Item {number}")

    assert actions.remind_of_due_items() == 2

    (content,) = reads(member)
    assert content.title == "30 action items are due or late"
    assert len(content.detail.splitlines()) == 21
    assert content.detail.endswith("And 10 more.")
    (chaired,) = reads(chair)
    assert chaired.title == "28 action items are late in groups you chair"
    assert chaired.url == "/my/action-items/?whose=chaired&due=two_weeks_late"


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["done", "dropped", "reassigned", "moved", "concluded", "left"])
@pytest.mark.parametrize("when", ["before the run", "before the mail"])
def test_who_has_nothing_to_do_is_not_reminded(
    group: Group, chair: Person, member: Person, change: str, when: str
) -> None:
    late = item(group, member, -7)
    changes = {
        "done": {"state": "done"},
        "dropped": {"state": "dropped"},
        "reassigned": {"owner": chair},
        "moved": {"due_on": TODAY + 5 * DAY},
    }
    if when == "before the mail":
        actions.remind_of_due_items()
    if change in changes:
        ActionItem.objects.filter(pk=late.pk).update(**changes[change])
    elif change == "concluded":
        Group.objects.update(state="concluded")
    else:
        actions.remove_member(actor=chair, group=group, person=member)
    if when == "before the run":
        assert actions.remind_of_due_items() == (change == "reassigned")

    assert reads(member) == []


@pytest.mark.django_db
def test_an_item_of_the_chairs_reminds_only_them(
    group: Group, chair: Person, member: Person
) -> None:
    item(group, member, 0, level=Level.CHAIRS)
    # Whoever is of the alliance reads it, but no longer takes part.
    public = item(group, member, 0, level=Level.ALLIANCE)
    Participation.objects.filter(person=member).delete()

    assert actions.remind_of_due_items() == 0
    ActionItem.objects.filter(pk=public.pk).update(owner=chair)
    assert actions.remind_of_due_items() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["create", "change", "reopen"])
def test_what_was_changed_this_morning_waits_for_the_next_reminder(
    group: Group, chair: Person, member: Person, act: str, this_morning: Clock
) -> None:
    this_morning.now = NOW + timedelta(hours=3)
    if act == "create":
        actions.create_action_item(
            actor=chair, group=group, text="One", owners=[member], due_on=TODAY
        )
    elif act == "change":
        old = item(group, member, 5)
        actions.change_action_item(
            actor=chair, item=old, version=1, text="One", owners=[member], due_on=TODAY
        )
    else:
        actions.reopen_action_item(actor=chair, item=item(group, member, 0, state="done"))

    assert actions.remind_of_due_items() == 0
    this_morning.now = NOW + 7 * DAY
    assert actions.remind_of_due_items() == 1


# --- when and how often ------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_is_the_hour_of_the_person(group: Group, member: Person, this_morning: Clock) -> None:
    Person.objects.filter(pk=member.pk).update(zone="Asia/Kathmandu")
    item(group, member, 1)
    morning = datetime.combine(TODAY, time(7), ZoneInfo("Asia/Kathmandu")).astimezone(UTC)

    this_morning.now = morning - timedelta(minutes=21)
    assert actions.remind_of_due_items() == 0
    this_morning.now = morning - timedelta(minutes=20)
    assert actions.remind_of_due_items() == 1

    fan_out_waiting()
    assert Notification.objects.get(channel="mail").due_at == morning


@pytest.mark.django_db
def test_a_run_reminds_nobody_again_that_day_whatever_changes(
    group: Group, chair: Person, member: Person, this_morning: Clock
) -> None:
    item(group, member, 0)
    assert actions.remind_of_due_items() == 1

    choose(actor=member, kind="action_item_due", frequency=Frequency.OFF, scope_uuid=group.uuid)
    item(group, member, 0)
    for hours in (0, 1, 10, 17):
        this_morning.now = NOW + timedelta(hours=hours)
        assert actions.remind_of_due_items() == 0

    assert len(reminders()) == 1
    this_morning.now = NOW + 7 * DAY
    assert actions.remind_of_due_items() == 1


@pytest.mark.django_db
def test_after_an_outage_the_reminder_comes_late_but_on_no_other_day(
    group: Group, member: Person, this_morning: Clock
) -> None:
    item(group, member, 0)

    this_morning.now = NOW + DAY
    assert actions.remind_of_due_items() == 0
    this_morning.now = NOW + timedelta(hours=17)
    assert actions.remind_of_due_items() == 1


def test_two_runs_at_once_remind_once(committed_db: str) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"))
    item(factories.group(chair=chair), chair, -14)

    assert sorted(together(actions.remind_of_due_items, actions.remind_of_due_items)) == [0, 1]

    assert len(reminders()) == 1


@pytest.mark.django_db
def test_the_days_of_an_item_over_five_weeks(
    group: Group, chair: Person, member: Person, this_morning: Clock
) -> None:
    """From run to run over a change of clocks, with the database."""
    Person.objects.filter(pk__in=[member.pk, chair.pk]).update(zone="Europe/Prague")
    due_on = date(2026, 3, 20)
    item(group, member, due_on=due_on)
    for day in range(40):
        for hour in (4, 4.67, 5, 5.67, 6, 12, 20):
            this_morning.now = datetime.combine(TODAY, time(), UTC) + timedelta(day, hours=hour)
            actions.remind_of_due_items()

    days: dict[int, list[str]] = {member.pk: [], chair.pk: []}
    for event in reminders():
        mail_at = datetime.fromisoformat(event.ref["mail_at"]).astimezone(ZoneInfo("Europe/Prague"))
        assert mail_at.hour == DIGEST_HOUR
        days[event.ref["person"]].append(f"{mail_at:%d.%m}")
    weekly = ["20.03", "27.03", "03.04", "10.04", "17.04", "24.04"]
    assert days == {member.pk: ["19.03", *weekly], chair.pk: weekly[2:]}


# --- mail and choices --------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_mail_waits_for_the_hour(group: Group, member: Person) -> None:
    item(group, member, 0)
    actions.remind_of_due_items()
    fan_out_waiting()
    mail = Notification.objects.get(channel="mail")

    # The database compares with its own clock.
    later = datetime.now(UTC) + timedelta(minutes=5)
    Notification.objects.filter(pk=mail.pk).update(due_at=later)
    assert hand_over() == 0
    Notification.objects.filter(pk=mail.pk).update(due_at=later - timedelta(minutes=10))
    assert hand_over() == 1
    rendered = render_notification(Message.objects.get(kind="notice"))
    assert rendered is not None
    assert "Due today: Write the test plan" in rendered.full_text


@pytest.mark.django_db
def test_the_digest_of_the_same_morning_has_it(
    group: Group, member: Person, this_morning: Clock
) -> None:
    choose(actor=member, kind="action_item_due", frequency=Frequency.DIGEST)
    item(group, member, 0)
    actions.remind_of_due_items()
    fan_out_waiting()

    this_morning.now = NOW + timedelta(minutes=21)
    assert hand_over_digests() == 1

    digest = render_digest(Message.objects.get(kind="digest"))
    assert digest is not None
    assert "Due today: Write the test plan" in digest.full_text


@pytest.mark.django_db
def test_the_link_stops_the_mail_of_the_group_that_it_names(
    client: Client, group: Group, member: Person, this_morning: Clock
) -> None:
    other = factories.group("Other group")
    factories.seat(other, member)
    item(group, member, 0)

    def mails() -> list[str]:
        """Run the task, and return the texts of the mails that it makes for the member."""
        Message.objects.all().delete()
        actions.remind_of_due_items()
        fan_out_waiting()
        Notification.objects.update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
        hand_over()
        rendered = [render_notification(message) for message in Message.objects.order_by("pk")]
        return [mail.full_text for mail in rendered if mail]

    assert len(mails()) == 1
    rendered = render_notification(Message.objects.get())
    assert rendered
    assert rendered.unsubscribe_url
    assert rendered.list_id == f"action-item-due.{group.list_name}"
    client.post(rendered.unsubscribe_url.removeprefix("http://testserver"))
    assert Preference.objects.get(person=member).scope_uuid == group.uuid

    item(other, member, 0, text="Another")
    this_morning.now = NOW + 7 * DAY
    ActionItem.objects.filter(group=other).update(due_on=TODAY + 7 * DAY)
    (second,) = mails()
    assert "Another" in second
    assert "Write the test plan" not in second
    inbox = Notification.objects.filter(person=member, channel="inbox")
    assert inbox.count() == 3


@pytest.mark.django_db
def test_a_mail_about_several_groups_stops_everywhere(group: Group, member: Person) -> None:
    other = factories.group("Other group")
    factories.seat(other, member)
    item(group, member, -7)
    second = item(other, member, -7)
    actions.remind_of_due_items()
    fan_out_waiting()
    Notification.objects.update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    hand_over()

    for _several_or_one in range(2):
        mail = render_notification(Message.objects.get())
        assert mail is not None
        assert mail.list_id == "action-item-due"
        ActionItem.objects.filter(pk=second.pk).update(state="done")


@pytest.mark.django_db
def test_an_event_of_before_is_read_as_ever(group: Group, member: Person) -> None:
    late = item(group, member, 2, text="Ask")
    event = Event.objects.create(
        dedupe_key="old", kind="action_item_due", ref={"group": group.pk, "item": late.pk}
    )
    fan_out_waiting()

    assert Notification.objects.filter(event=event, person=member).count() == 2
    assert [each.title for each in reads(member)] == ["Due soon: Ask"]


@pytest.mark.django_db
def test_ten_people_cost_a_run_as_many_queries_as_one(group: Group) -> None:
    organization = factories.organization("Many")

    def queries(count: int) -> int:
        for _ in range(count):
            somebody = factories.member_of(organization)
            factories.seat(group, somebody)
            item(group, somebody, -7)
        with CaptureQueriesContext(connection) as captured:
            actions.remind_of_due_items()
        # What each notification takes is one statement and its savepoint.
        return len(
            [
                each
                for each in captured
                if "notifications_event" not in each["sql"] and "SAVEPOINT" not in each["sql"]
            ]
        )

    one = queries(1)
    Event.objects.all().delete()
    assert queries(9) == one
