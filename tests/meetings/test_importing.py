"""A series is imported from a calendar file: what it makes, whom it tells, and its page."""

import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.errors import Conflict, DomainError, Invalid, NotAllowed
from members.people.models import Person
from notifications.models import Event
from tests import factories
from tests.meetings import calendar_samples as samples
from tests.meetings.test_imported_series import read
from tests.meetings.test_series import changed, planned
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, calendars
from workinggroups.meetings.choices import Frequency, MeetingState
from workinggroups.meetings.imported_series import ImportedSeries
from workinggroups.meetings.models import Meeting, MeetingSeries

pytestmark = pytest.mark.django_db


def imported(actor: Person, group: Group, text: str, **options: Any) -> MeetingSeries:
    return actions.import_series(actor=actor, group=group, imported=able(text), **options)


def able(text: str) -> ImportedSeries:
    (series,) = [each for each in read(text) if not each.problem]
    return series


def edit(dice: random.Random, chair: Person, group: Group) -> None:
    """Do one of the things that chairs do; what is refused is refused."""
    coming = Meeting.objects.filter(group=group, series__isnull=False, starts_at__gt=timezone.now())
    meeting = dice.choice(list(coming.exclude(recurrence_id="").order_by("pk")))
    at = time(dice.randrange(24), dice.choice([0, 30]))
    try:
        match dice.randrange(6):
            case 0:
                actions.cancel_meeting(actor=chair, meeting=meeting, reason="Holiday.")
            case 1:
                actions.change_meeting(
                    actor=chair,
                    meeting=meeting,
                    sequence=meeting.sequence,
                    title=meeting.title,
                    local_date=meeting.local_date + timedelta(days=dice.randrange(3)),
                    local_time=at,
                    zone=dice.choice([meeting.zone, "Asia/Kolkata"]),
                    duration_minutes=30,
                    fold=0,
                )
            case 2:
                changed(chair, meeting, local_time=at)
            case 3:
                day = actions.original_date(meeting) + timedelta(days=dice.randrange(1, 5))
                changed(chair, meeting, first_on=day, interval=dice.randrange(1, 4))
            case 4:
                day = actions.original_date(meeting)
                changed(chair, meeting, skipped=[(day + timedelta(days=7 * n), "") for n in (1, 3)])
            case 5:
                day = actions.original_date(meeting)
                changed(chair, meeting, frequency=Frequency.MONTHLY_DAY, first_on=day, interval=1)
    except DomainError:
        pass


def near(*lines: str, days: int = 3, **more: str) -> str:
    """A weekly series that begins so many days from now, or before."""
    start = timezone.now() + timedelta(days=days)
    return samples.event("DURATION:PT1H", *lines, start=f"DTSTART:{start:%Y%m%dT%H%M00Z}", **more)


def day(count: int) -> date:
    return (timezone.now() + timedelta(days=count)).date()


def test_a_series_with_its_exceptions_is_made_and_the_group_told_once(
    chair: Person, group: Group
) -> None:
    series = imported(chair, group, samples.GOOGLE)

    assert (series.words, series.until) == ("Every Tuesday, 16:00 Paris", date(2040, 3, 27))
    assert (series.place, series.join_url) == (
        "Room 4, second floor", "https://meet.calendar.example/abc-defg-hij",
    )  # fmt: skip
    assert [str(skipped) for skipped in series.skipped.all()] == ["2040-01-24"]
    rows = {row.recurrence_id[:8]: row for row in series.meetings.all()}
    moved, cancelled = rows["20400110"], rows["20400117"]
    assert moved.starts_at == datetime(2040, 1, 11, 9, tzinfo=UTC)
    assert moved.moved_from == datetime(2040, 1, 10, 15, tzinfo=UTC)
    assert (moved.title, moved.follows_series) == ("Evaluations call (moved)", False)
    assert (cancelled.state, cancelled.day_key) == ("cancelled", "2040-01-17")
    assert rows["20400103"].follows_series
    (item,) = series.template.all()
    assert "1. Results" in item.html
    assert "<ol>" not in item.html
    assert [event.kind for event in Event.objects.all()] == ["series_planned"]
    assert series.uid != "google-1@calendar.example"


def test_additional_dates_are_extra_meetings(chair: Person, group: Group) -> None:
    series = imported(chair, group, samples.APPLE)

    (extra,) = series.meetings.beside_rule()
    assert extra.starts_at == datetime(2040, 1, 18, 17, tzinfo=UTC)
    assert extra.uid != series.uid


def test_past_meetings_are_made_only_if_asked(chair: Person, group: Group) -> None:
    text = near("RRULE:FREQ=WEEKLY", days=-18)
    series = imported(chair, group, text)
    assert series.first_on == day(3)
    assert not series.meetings.filter(starts_at__lte=timezone.now()).exists()

    other = factories.group("Other", chair=chair)
    series = imported(chair, other, text, with_past=True)
    past = series.meetings.filter(starts_at__lte=timezone.now())
    assert {(row.state, row.entered_at is not None) for row in past} == {("held", True)}
    assert past.count() == 3
    assert actions.number_begun_meetings() == 3


def test_past_meetings_are_bounded(chair: Person, group: Group) -> None:
    series = imported(chair, group, near("RRULE:FREQ=WEEKLY", days=-7 * 300 - 1), with_past=True)

    assert series.meetings.filter(starts_at__lte=timezone.now()).count() == 100


def test_a_past_date_that_was_moved_ahead_is_an_extra_meeting(chair: Person, group: Group) -> None:
    start = timezone.now() - timedelta(days=1)
    later = start + timedelta(days=3)
    text = near("RRULE:FREQ=WEEKLY", days=-1).replace(
        "END:VCALENDAR",
        f"BEGIN:VEVENT\nUID:one\nRECURRENCE-ID:{start:%Y%m%dT%H%M00Z}\n"
        f"DTSTART:{later:%Y%m%dT%H%M00Z}\nEND:VEVENT\nEND:VCALENDAR",
    )

    series = imported(chair, group, text)

    assert series.first_on == day(6)
    assert [row.starts_at.date() for row in series.meetings.beside_rule()] == [later.date()]


def test_days_of_one_meeting_are_counted_and_cancelled_days_stay(
    chair: Person, group: Group
) -> None:
    start = timezone.now() + timedelta(days=3)
    second = start + timedelta(days=1)
    text = near("RRULE:FREQ=DAILY;COUNT=3", f"EXDATE:{second:%Y%m%dT%H%M00Z}")

    series = imported(chair, group, text)

    assert series.days_in_all == 3
    states = series.meetings.order_by("starts_at").values_list("state", flat=True)
    assert list(states) == ["planned", "cancelled", "planned"]


def test_who_plans_imports_and_each_series_once_a_group(
    chair: Person, member: Person, group: Group
) -> None:
    text = near("RRULE:FREQ=WEEKLY")
    with pytest.raises(NotAllowed):
        imported(member, group, text)
    imported(chair, group, text)
    with pytest.raises(Conflict):
        imported(chair, group, text)
    imported(chair, factories.group("Other", chair=chair), text)
    own = planned(chair, group)
    with pytest.raises(Conflict):
        imported(chair, group, calendars.calendar_of_series(own).decode())
    (holiday,) = read(samples.event(start="DTSTART;VALUE=DATE:20400101"))
    with pytest.raises(Invalid):
        actions.import_series(actor=chair, group=group, imported=holiday)


@pytest.mark.parametrize("seed", range(12))
def test_our_own_file_imported_again_has_the_same_instants(
    chair: Person, group: Group, seed: int
) -> None:
    dice = random.Random(seed)
    zone = dice.choice(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "UTC"])
    planned(chair, group, zone=zone, interval=dice.randrange(1, 4))
    for _step in range(4):
        edit(dice, chair, group)
    until = timezone.now() + timedelta(days=150)

    for number, series in enumerate(MeetingSeries.objects.filter(group=group)):
        before = instants(series, until)
        found = read(calendars.calendar_of_series(series).decode())
        able_ones = [each for each in found if not each.problem]
        assert bool(able_ones) >= bool(before)
        if able_ones:
            other = factories.group(f"Other {number}", chair=chair)
            again = actions.import_series(actor=chair, group=other, imported=able_ones[0])
            assert instants(again, until) == before


def instants(series: MeetingSeries, until: datetime) -> list[datetime]:
    rows = series.meetings.exclude(recurrence_id="").exclude(state=MeetingState.CANCELLED)
    return sorted(rows.filter(starts_at__lte=until).values_list("starts_at", flat=True))


def upload(client: Client, url: str, text: str, **data: Any) -> Any:
    file = SimpleUploadedFile("calendar.ics", text.encode())
    return client.post(url, {"file": file, "zone": "Europe/Berlin", **data})


def test_the_page_shows_a_dry_run_and_then_imports(
    chair: Person, group: Group, client_of: Callable[..., Client]
) -> None:
    client = client_of(chair)
    url = reverse("series-import", args=[group.slug])
    assert url in client.get(reverse("meetings", args=[group.slug])).content.decode()
    assert client.get(url).status_code == 200

    # Whatever is sent with a file, it is shown first.
    shown = upload(client, url, samples.GOOGLE, save="1", series="x")
    page = shown.content.decode()
    assert shown.status_code == 200
    assert not MeetingSeries.objects.exists()
    for words in ("Every Tuesday, 16:00 Paris", "Room 4, second floor", "Names and addresses of"):
        assert words in page
    assert "guest@calendar.example" not in page
    data = {"source": shown.context["lines"], "zone": "Europe/Berlin", "save": "1"}
    nothing = client.post(url, data)
    assert nothing.status_code == 422
    (key,) = re.findall(r'name="series" value="(\w+)"', page)
    saved = client.post(url, {**data, "series": key})

    series = MeetingSeries.objects.get()
    assert saved["Location"] == series.get_absolute_url()
    again = upload(client, url, samples.GOOGLE).content.decode()
    assert "This series is already in the group." in again
    assert series.get_absolute_url() in again
    refused = client.post(url, {**data, "series": key})
    assert refused.status_code == 422
    assert Meeting.objects.filter(series=series).exists()


def test_several_series_of_one_file_are_imported_together_or_none(
    chair: Person, group: Group, client_of: Callable[..., Client]
) -> None:
    client = client_of(chair)
    url = reverse("series-import", args=[group.slug])
    parts = [near("RRULE:FREQ=WEEKLY", uid=uid) for uid in ("one", "two", "three")]
    text = "BEGIN:VCALENDAR\n" + "".join(
        re.findall(r"BEGIN:VEVENT.*END:VEVENT\r\n", part, re.DOTALL)[0] for part in parts
    )
    shown = upload(client, url, text + "END:VCALENDAR\n")
    keys = re.findall(r'name="series" value="(\w+)"', shown.content.decode())
    assert len(keys) == 3
    assert "checked" not in re.findall(r'name="series"[^>]*>', shown.content.decode())[0]

    data = {"source": shown.context["lines"], "zone": "UTC", "save": "1"}
    saved = client.post(url, {**data, "series": keys[:2]})
    assert saved["Location"] == reverse("meetings", args=[group.slug])
    assert MeetingSeries.objects.count() == 2
    refused = client.post(url, {**data, "series": keys[1:]})
    assert refused.status_code == 422
    assert MeetingSeries.objects.count() == 2


def test_a_series_on_several_weekdays_is_shown_and_imported_as_one_for_each(
    chair: Person, group: Group, client_of: Callable[..., Client]
) -> None:
    client = client_of(chair)
    url = reverse("series-import", args=[group.slug])
    text = samples.event("DURATION:PT1H", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH")
    shown = upload(client, url, text)
    page = shown.content.decode()
    for words in ("Every second Tuesday, 16:00 UTC", "Every second Thursday, 16:00 UTC"):
        assert words in page
    boxes = re.findall(r'name="series" value="(\w+)"( checked)?', page)
    assert [checked for _key, checked in boxes] == [" checked"] * 2

    data = {"source": shown.context["lines"], "zone": "UTC", "save": "1"}
    client.post(url, {**data, "series": [key for key, _checked in boxes]})

    made = MeetingSeries.objects.order_by("first_on")
    assert [(series.title, str(series.first_on), series.interval) for series in made] == [
        ("Call", "2040-01-03", 2),
        ("Call", "2040-01-05", 2),
    ]
    again = upload(client, url, text).content.decode()
    assert again.count("This series is already in the group.") == 2
    # The same event, after its Thursdays were left out in the other program.
    fewer = upload(client, url, text.replace("TU,TH", "TU")).content.decode()
    assert "This series is already in the group." in fewer
    other_day = text.replace("DTSTART:20400103", "DTSTART:20400104").replace("TU,TH", "WE")
    assert (
        "This series is already in the group."
        not in upload(client, url, other_day).content.decode()
    )


@pytest.mark.parametrize("text", ["", "a,b\n", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "\0" * 9])
def test_a_file_without_series_says_so(
    chair: Person, group: Group, client_of: Callable[..., Client], text: str
) -> None:
    url = reverse("series-import", args=[group.slug])

    assert upload(client_of(chair), url, text).status_code in {200, 422}
    assert client_of(chair).post(url, {"source": text, "zone": "UTC"}).status_code in {200, 422}
