"""Officers are reminded that an agenda is missing, before it is late and once more; pages say until when."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.access import viewer_for
from members.people.models import Person
from notifications.models import Event
from notifications.registry import payload_of
from notifications.types import NotificationContent
from tests import factories
from tests.committed import together
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, tasks
from workinggroups.meetings.models import Meeting


def coming(group: Group, **parts: float) -> Meeting:
    """A meeting so far ahead, scheduled a month ago, without an agenda."""
    return factories.meeting(
        group, starts_at=factories.ahead(**parts), created_at=factories.ago(days=30)
    )


def reminded() -> list[str]:
    """Return who was reminded, by name, with the number of meetings."""
    events = Event.objects.filter(kind="agenda_missing").order_by("pk")
    return sorted(
        f"{Person.objects.get(pk=event.ref['person']).name}: {event.ref['meetings'].count(',') + 1}"
        for event in events
    )


def read_by(person: Person) -> NotificationContent | None:
    """Return what the person reads of the last reminder."""
    payload: Any = payload_of(Event.objects.filter(kind="agenda_missing").latest("pk"))
    viewer = viewer_for(person.pk)
    targets = type(payload).find_targets([payload], viewer)
    content: NotificationContent | None = (
        payload.content(targets[payload], viewer) if payload in targets else None
    )
    return content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("notice_days", "hours", "is_due"),
    [
        (7, 24 * 9 + 1, False),
        (7, 24 * 9 - 1, True),
        (7, 1, True),
        (1, 73, False),
        (1, 71, True),
        (60, 24 * 62 + 1, False),
        (60, 24 * 62 - 1, True),
        (None, 49, False),
        (None, 47, True),
    ],
)
def test_officers_are_reminded_two_days_before_it_is_late_or_before_the_meeting(
    chair: Person,
    secretary: Person,
    member: Person,
    group: Group,
    notice_days: int | None,
    hours: float,
    is_due: bool,
) -> None:
    if notice_days:
        factories.charter(group, author=chair, notice_days=notice_days)
    coming(group, hours=hours)

    tasks.remind_of_agendas()

    assert reminded() == ([f"{chair.name}: 1", f"{secretary.name}: 1"] if is_due else [])


@pytest.mark.django_db
def test_a_meeting_is_reminded_of_once(chair: Person, group: Group) -> None:
    meeting = coming(group, hours=20)

    assert tasks.remind_of_agendas() == 1
    assert tasks.remind_of_agendas() == 0
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=factories.ahead(hours=30), ends_at=factories.ahead(hours=31)
    )
    assert tasks.remind_of_agendas() == 0


def move(meeting: Meeting, **parts: float) -> None:
    """Let the meeting begin so far ahead: time passes, or it is moved."""
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=factories.ahead(**parts), ends_at=factories.ahead(**parts, minutes=60)
    )


@pytest.mark.django_db
def test_of_a_due_agenda_officers_are_reminded_before_and_when_it_is_late_and_never_again(
    chair: Person, group: Group
) -> None:
    factories.charter(group, author=chair, notice_days=7)
    meeting = coming(group, days=8)

    assert tasks.remind_of_agendas() == 1
    assert tasks.remind_of_agendas() == 0
    early = read_by(chair)
    move(meeting, days=6)
    assert tasks.remind_of_agendas() == 1
    assert tasks.remind_of_agendas() == 0
    late = read_by(chair)
    move(meeting, hours=3)
    assert tasks.remind_of_agendas() == 0

    assert reminded() == [f"{chair.name}: 1"] * 2
    assert early is not None
    assert early.detail.startswith("The charter asks to post it by ")
    assert late is not None
    assert late.detail.endswith(", so it is late.")


@pytest.mark.django_db
def test_a_meeting_moved_away_is_not_reminded_of_and_what_was_sent_says_nothing(
    chair: Person, group: Group
) -> None:
    factories.charter(group, author=chair, notice_days=7)
    meeting = coming(group, days=8)
    tasks.remind_of_agendas()
    payload = payload_of(Event.objects.get(kind="agenda_missing"))

    move(meeting, days=30)

    assert tasks.remind_of_agendas() == 0
    assert read_by(chair) is None
    assert list(payload.recipients()) == []


@pytest.mark.django_db
def test_a_run_with_early_and_late_agendas_sends_one_reminder(chair: Person, group: Group) -> None:
    factories.charter(group, author=chair, notice_days=7)
    for days in (3, 6, 8):
        coming(group, days=days)

    assert tasks.remind_of_agendas() == 1
    assert reminded() == [f"{chair.name}: 3"]
    assert tasks.remind_of_agendas() == 0


@pytest.mark.django_db
def test_no_reminder_where_there_is_an_agenda_or_no_meeting(chair: Person, group: Group) -> None:
    factories.agenda_item(coming(group, hours=20))
    series = factories.meeting_series(group)
    factories.template_item(series)
    Meeting.objects.filter(series=series).update(
        starts_at=factories.ahead(hours=20),
        ends_at=factories.ahead(hours=21),
        created_at=factories.ago(days=9),
    )
    cancelled = coming(group, hours=20)
    cancelled.state = "cancelled"
    cancelled.save()
    factories.past_meeting(group)
    factories.running_meeting(group)
    # Scheduled a moment ago: its officers are about to write the agenda.
    factories.meeting(group, starts_at=factories.ahead(hours=20))
    concluded = factories.group("Concluded", chair=chair)
    coming(concluded, hours=20)
    concluded.state = "concluded"
    concluded.save()

    assert tasks.remind_of_agendas() == 0
    assert reminded() == []


@pytest.mark.django_db
def test_an_agenda_that_was_begun_and_emptied_is_missing(chair: Person, group: Group) -> None:
    series = factories.meeting_series(group)
    factories.template_item(series)
    Meeting.objects.filter(series=series).update(
        starts_at=factories.ahead(hours=20),
        ends_at=factories.ahead(hours=21),
        created_at=factories.ago(days=9),
        agenda_begun_at=factories.ago(days=1),
    )

    assert tasks.remind_of_agendas() == 1


@pytest.mark.django_db
def test_the_first_run_sends_a_person_one_reminder_with_the_count(
    chair: Person, group: Group
) -> None:
    other = factories.group("Another", chair=chair)
    for hours in (5, 20, 30, 47):
        coming(group, hours=hours)
    coming(other, hours=8)

    tasks.remind_of_agendas()

    assert reminded() == [f"{chair.name}: 5"]
    content = read_by(chair)
    assert content is not None
    assert (content.title, content.url) == ("5 meetings have no agenda yet", reverse("calendar"))
    Meeting.objects.filter(group=other).update(state="cancelled")
    content = read_by(chair)
    assert content is not None
    assert content.url == reverse("meetings", args=[group.slug])


@pytest.mark.django_db
def test_the_reminder_links_to_the_agenda_and_says_until_when(chair: Person, group: Group) -> None:
    factories.charter(group, author=chair, notice_days=7)
    meeting = coming(group, days=6)

    tasks.remind_of_agendas()

    content = read_by(chair)
    assert content is not None
    assert content.title == "No agenda yet: Weekly meeting"
    assert content.url == reverse("meeting-agenda", args=[group.slug, meeting.address])
    assert content.detail.startswith("The charter asked to post it by ")


@pytest.mark.django_db
def test_who_is_no_officer_any_more_or_has_written_it_reads_nothing(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = coming(group, hours=20)
    tasks.remind_of_agendas()
    payload = payload_of(Event.objects.get(kind="agenda_missing"))
    assert read_by(member) is None
    assert list(payload.recipients()) == [chair]

    actions.add_agenda_item(actor=chair, meeting=meeting, title="Welcome")

    assert read_by(chair) is None
    assert list(payload.recipients()) == []


@pytest.mark.django_db
def test_a_group_without_officers_waits_for_one(group: Group, chair: Person) -> None:
    meeting = coming(group, hours=20)
    group.offices.update(during=(factories.ago(days=9), factories.ago(days=1)))

    assert tasks.remind_of_agendas() == 0
    meeting.refresh_from_db()
    assert meeting.agenda_reminded_at is None


@pytest.mark.django_db
def test_a_run_takes_as_many_queries_for_many_meetings(
    chair: Person, group: Group, django_assert_max_num_queries: Any
) -> None:
    for hours in range(1, 11):
        coming(group, hours=hours)

    with django_assert_max_num_queries(14):
        tasks.remind_of_agendas()


def test_two_runs_at_once_remind_once(committed_db: None) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"))
    group = factories.group(chair=chair)
    coming(group, hours=20)

    together(actions.remind_of_agendas, actions.remind_of_agendas)

    assert Event.objects.filter(kind="agenda_missing").count() == 1


# --- pages -------------------------------------------------------------------------------------


def words(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


@pytest.mark.django_db
def test_officers_see_until_when_the_agenda_is_due_and_that_it_is_late(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    factories.charter(group, author=chair, notice_days=7)
    in_time = factories.meeting(group, starts_at=factories.ahead(days=9))
    late = factories.meeting(group, starts_at=factories.ahead(days=6))

    for page in (in_time.get_absolute_url(), reverse("meeting-agenda", args=[group.slug, "1"])):
        assert "No agenda yet. It is due by" in words(client_of(chair), page)
    shown = words(client_of(chair), late.get_absolute_url())
    assert "No agenda yet, and it is late." in shown
    assert "It was due by" in shown
    for meeting in (in_time, late):
        shown = words(client_of(member), meeting.get_absolute_url())
        assert "The agenda is empty." in shown
        assert "No agenda yet" not in shown


@pytest.mark.django_db
def test_without_a_rule_the_agenda_is_due_when_the_meeting_begins(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    near = factories.meeting(group, starts_at=factories.ahead(hours=1))
    running = factories.running_meeting(group)
    over = factories.past_meeting(group)
    planned = factories.meeting(group, starts_at=factories.ahead(days=1))
    factories.agenda_item(planned)

    officer = client_of(chair)
    assert "It is due by" in words(officer, near.get_absolute_url())
    assert "it is late" in words(officer, running.get_absolute_url())
    for meeting in (over, planned):
        assert "No agenda yet" not in words(officer, meeting.get_absolute_url())


@pytest.mark.django_db
def test_the_template_of_a_series_is_an_agenda(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    factories.template_item(series)

    shown = words(client_of(chair), series.meetings.get().get_absolute_url())

    assert "No agenda yet" not in shown
