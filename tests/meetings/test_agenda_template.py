"""The agenda template of a series: agendas begin with it, and what has begun stays as it is."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.errors import Invalid, NotAllowed, WrongState
from members.people.models import Person
from tests import factories
from tests.browser import queries_of
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.choices import AGENDA_TEMPLATE_MAX_ITEMS
from workinggroups.meetings.models import Meeting, MeetingSeries

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(chair: Person, group: Group) -> MeetingSeries:
    """A weekly series whose next meeting is in about ten days."""
    return actions.plan_series(
        actor=chair,
        group=group,
        title="Call",
        first_on=(timezone.now() + timedelta(days=10)).date(),
        local_time=time(16),
        zone="Europe/Paris",
        duration_minutes=60,
        frequency="weekly",
    )


def occurrences(series: MeetingSeries) -> list[Meeting]:
    return list(series.meetings.order_by("starts_at"))


def titles(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.agenda.all()]


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_officers_write_a_template(secretary: Person, series: MeetingSeries) -> None:
    welcome, minutes = actions.add_template_items(
        actor=secretary,
        series=series,
        items=[
            {"title": "Welcome", "office": "chair", "minutes": 5, "text": "The *law*."},
            {"title": "Minutes"},
        ],
    )
    actions.move_template_item(actor=secretary, item=minutes, places=-1)
    actions.change_template_item(actor=secretary, item=welcome, title="Opening", minutes=10)

    template = list(series.template.all())
    assert [(item.position, item.title) for item in template] == [(1, "Minutes"), (2, "Opening")]
    assert (template[1].office, template[1].minutes) == ("chair", 10)
    assert template[1].html == "<p>The <em>law</em>.</p>\n"

    actions.remove_template_item(actor=secretary, item=template[0])

    assert [item.position for item in series.template.all()] == [1]


def test_members_read_a_template_and_do_not_write_it(
    member: Person, chair: Person, series: MeetingSeries
) -> None:
    item = factories.template_item(series)

    for act in (
        lambda: actions.add_template_items(actor=member, series=series, items=[{"title": "x"}]),
        lambda: actions.change_template_item(actor=member, item=item, title="x"),
        lambda: actions.move_template_item(actor=member, item=item, places=1),
        lambda: actions.remove_template_item(actor=member, item=item),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_series_that_has_ended_has_no_template_to_write(
    chair: Person, series: MeetingSeries
) -> None:
    actions.end_series(actor=chair, series=series, reason="Done.")

    with pytest.raises(WrongState):
        actions.add_template_items(actor=chair, series=series, items=[{"title": "x"}])


def test_a_template_has_a_longest_length(chair: Person, series: MeetingSeries) -> None:
    many: list[Any] = [{"title": f"Item {number}"} for number in range(AGENDA_TEMPLATE_MAX_ITEMS)]
    actions.add_template_items(actor=chair, series=series, items=many)

    with pytest.raises(Invalid):
        actions.add_template_items(actor=chair, series=series, items=[{"title": "One more"}])


def test_an_agenda_begins_with_the_template_at_its_first_change(
    chair: Person, secretary: Person, series: MeetingSeries
) -> None:
    factories.template_item(series, "Welcome", office="chair", minutes=5, text="*Law*")
    factories.template_item(series, "Minutes", office="secretary", goal="decide")
    factories.template_item(series, "Any other business")
    first = occurrences(series)[0]

    actions.add_agenda_item(actor=chair, meeting=first, title="Budget")

    agenda = list(first.agenda.all())
    assert [item.title for item in agenda] == ["Welcome", "Minutes", "Any other business", "Budget"]
    assert [item.presenter for item in agenda] == [chair, secretary, None, None]
    assert (agenda[0].minutes, agenda[0].html) == (5, "<p><em>Law</em></p>\n")
    assert agenda[1].goal == "decide"
    assert [item.is_from_template for item in agenda] == [True, True, True, False]


def test_of_an_office_that_two_people_hold_nobody_presents(
    chair: Person, group: Group, organization: Any, series: MeetingSeries
) -> None:
    for name in ("Cora", "Cyra"):
        factories.seat(group, factories.member_of(organization, name), office="co_chair")
    factories.template_item(series, office="co_chair")
    first = occurrences(series)[0]

    actions.begin_with_template(actor=chair, meeting=first)

    assert first.agenda.get().presenter is None


def test_a_changed_template_changes_only_agendas_that_have_not_begun(
    chair: Person, series: MeetingSeries
) -> None:
    item = factories.template_item(series, "Welcome")
    first, second = occurrences(series)[:2]
    actions.begin_with_template(actor=chair, meeting=first)

    actions.change_template_item(actor=chair, item=item, title="Opening")
    actions.begin_with_template(actor=chair, meeting=second)

    assert (titles(first), titles(second)) == (["Welcome"], ["Opening"])


def test_a_template_is_taken_once(chair: Person, series: MeetingSeries) -> None:
    factories.template_item(series, "Welcome")
    first = occurrences(series)[0]
    actions.begin_with_template(actor=chair, meeting=first)
    actions.remove_agenda_item(actor=chair, item=first.agenda.get())

    actions.begin_with_template(actor=chair, meeting=first)
    actions.add_agenda_item(actor=chair, meeting=first, title="Budget")

    assert titles(first) == ["Budget"]


def test_posting_an_agenda_that_follows_the_template_posts_its_items(
    chair: Person, series: MeetingSeries
) -> None:
    factories.template_item(series, "Welcome")
    first = occurrences(series)[0]

    posted = actions.post_agenda(actor=chair, meeting=first)

    assert titles(first) == ["Welcome"]
    assert posted.agenda_posted_at is not None


def test_a_meeting_that_is_over_takes_no_template(chair: Person, series: MeetingSeries) -> None:
    factories.template_item(series, "Welcome")
    first = occurrences(series)[0]
    Meeting.objects.filter(pk=first.pk).update(
        starts_at=factories.ago(days=1), ends_at=factories.ago(hours=23), number=1
    )

    actions.add_agenda_item(actor=chair, meeting=first, title="What we spoke of")

    assert titles(first) == ["What we spoke of"]


def test_a_changed_series_takes_its_template_along(chair: Person, series: MeetingSeries) -> None:
    factories.template_item(series, "Welcome", office="chair")
    start = occurrences(series)[2]

    changed = actions.change_series(
        actor=chair,
        start=start,
        sequence=series.sequence,
        title="Call",
        first_on=start.local_date,
        local_time=time(9),
        zone="Europe/Paris",
        duration_minutes=60,
        frequency="weekly",
    )

    assert changed != series
    assert [(item.title, item.office) for item in changed.template.all()] == [("Welcome", "chair")]
    actions.change_template_item(actor=chair, item=changed.template.get(), title="Opening")
    assert series.template.get().title == "Welcome"


def test_an_agenda_becomes_the_template_of_a_series_without_one(
    chair: Person, member: Person, series: MeetingSeries
) -> None:
    first, second = occurrences(series)[:2]
    actions.add_agenda_item(
        actor=chair, meeting=first, title="Welcome", presenter=member, text="*x*"
    )

    actions.make_template(actor=chair, meeting=first)
    actions.begin_with_template(actor=chair, meeting=second)

    assert [(item.title, item.presenter) for item in second.agenda.all()] == [("Welcome", None)]
    with pytest.raises(WrongState):
        actions.make_template(actor=chair, meeting=first)


# --- the periodic task --------------------------------------------------------------------------


def in_days(meeting: Meeting, days: float) -> None:
    starts_at = factories.ahead(days=days)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )


@pytest.mark.parametrize(
    ("notice_days", "days", "begins"),
    [(None, 1.9, True), (None, 2.1, False), (7, 8.9, True), (7, 9.1, False), (7, 1, True)],
)
def test_an_agenda_begins_two_days_before_it_is_due(
    chair: Person,
    group: Group,
    series: MeetingSeries,
    notice_days: int | None,
    days: float,
    begins: bool,
) -> None:
    if notice_days:
        factories.charter(group, author=chair, notice_days=notice_days)
    factories.template_item(series, "Welcome")
    first = occurrences(series)[0]
    in_days(first, days)

    assert actions.begin_due_agendas() == begins
    assert actions.begin_due_agendas() == 0

    assert titles(first) == (["Welcome"] if begins else [])


def test_only_planned_meetings_of_series_with_a_template_begin(
    chair: Person, group: Group, series: MeetingSeries
) -> None:
    first, second = occurrences(series)[:2]
    for meeting in (first, second):
        in_days(meeting, 1)
    factories.meeting(group, starts_at=factories.ahead(days=1))
    assert actions.begin_due_agendas() == 0

    factories.template_item(series)
    actions.cancel_meeting(actor=chair, meeting=first, reason="Nobody can come.")

    assert actions.begin_due_agendas() == 1
    assert titles(first) == []


# --- pages --------------------------------------------------------------------------------------


def test_a_meeting_shows_the_template_until_its_agenda_begins(
    client_of: Callable[..., Client], chair: Person, member: Person, series: MeetingSeries
) -> None:
    factories.template_item(series, "Welcome", office="chair", minutes=5)
    first = occurrences(series)[0]
    client = client_of(member)

    before = text(client.get(first.get_absolute_url()))
    actions.add_agenda_item(actor=chair, meeting=first, title="Budget")
    after = text(client.get(first.get_absolute_url()))

    assert "The usual agenda of this series. It can still change." in before
    assert "Welcome To discuss · Chair 5 min" in before
    assert "The usual agenda" not in after
    assert "Welcome To discuss · Chiara Chair 5 min" in after


def test_a_template_is_written_by_form(
    client_of: Callable[..., Client], chair: Person, series: MeetingSeries
) -> None:
    client = client_of(chair)
    address = reverse("agenda-template", args=[series.group.slug, series.uuid])

    client.post(address, {"title": "Welcome", "goal": "inform", "office": "chair"})
    item = series.template.get()
    edit = reverse("template-item", args=[series.group.slug, series.uuid, item.uuid])
    client.post(edit, {"title": "Opening", "goal": "inform", "minutes": "5"})

    item.refresh_from_db()
    assert (item.title, item.office, item.minutes) == ("Opening", "", 5)
    assert "Opening" in text(client.get(series.get_absolute_url()))


def test_a_whole_template_is_pasted(
    client_of: Callable[..., Client], chair: Person, series: MeetingSeries
) -> None:
    client = client_of(chair)
    address = reverse("template-paste", args=[series.group.slug, series.uuid])
    source = "1. Welcome (5 min)\n2. Minutes (Chiara Chair)"

    preview = client.post(address, {"source": source})
    seen = preview.context["form"].digest
    client.post(address, {"source": source, "seen": seen, "add": "1", "point": ["0", "1"]})

    assert [(item.title, item.minutes) for item in series.template.all()] == [
        ("Welcome", 5), ("Minutes (Chiara Chair)", None),
    ]  # fmt: skip


def test_the_page_of_a_template_takes_as_many_queries_for_any_number_of_items(
    client_of: Callable[..., Client], chair: Person, series: MeetingSeries
) -> None:
    client = client_of(chair)
    address = reverse("agenda-template", args=[series.group.slug, series.uuid])
    factories.template_item(series)
    few = queries_of(client, address)
    for number in range(20):
        factories.template_item(series, f"Item {number}")

    assert queries_of(client, address) == few
