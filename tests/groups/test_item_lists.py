"""Lists of action items by owner, due day and state, on pages and as CSV."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from alliance.portal.my_work.page import my_work
from common import days
from common.access import Level, viewer_for
from common.files.csv_cells import csv_text, unprotected
from members.people.models import Person
from tests import factories
from tests.groups.concluding import conclude
from workinggroups.groups import actions
from workinggroups.groups.item_csv import COLUMNS
from workinggroups.groups.item_lists import DUE, STATES, Filters
from workinggroups.groups.models import ActionItem, Group
from workinggroups.meetings.actions import save_notes

pytestmark = pytest.mark.django_db

Clients = Callable[..., Client]


@pytest.fixture
def items(group: Group, chair: Person, member: Person) -> dict[str, ActionItem]:
    """One of each kind, by name; `member` and `chair` own some."""
    today = days.first_running()

    def item(name: str, due: int | None = None, **fields: Any) -> ActionItem:
        due_on = None if due is None else today + timedelta(days=due)
        return factories.action_item(group, text=name, due_on=due_on, **fields)

    closed = {"closed_by": chair, "closed_at": factories.ago(days=1)}
    listed = [
        item("two weeks late", -15, owners=[member]),
        item("late", -1, owners=[chair, member]),
        item("today", 0, owners=[chair]),
        item("in a month", 30, owners=[member]),
        item("some day", owners=[member]),
        item("nobody's", 3),
        item("done", 1, owners=[member], state="done", **closed),
        item("dropped", owners=[chair], state="dropped", **closed),
    ]
    return {each.text: each for each in listed}


def shown(client: Client, path: str, **query: str) -> list[str]:
    return [item.text for item in client.get(path, query).context["page"]]


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ({}, ["two weeks late", "late", "today", "nobody's", "in a month", "some day"]),
        ({"owner": "me"}, ["two weeks late", "late", "in a month", "some day"]),
        ({"mine": "1"}, ["two weeks late", "late", "in a month", "some day"]),
        ({"owner": "none"}, ["nobody's"]),
        ({"due": "late"}, ["two weeks late", "late"]),
        ({"due": "two_weeks_late"}, ["two weeks late"]),
        ({"due": "soon"}, ["today", "nobody's"]),
        ({"due": "none"}, ["some day"]),
        ({"due": "none", "owner": "none"}, []),
        ({"state": "done"}, ["done"]),
        ({"state": "dropped"}, ["dropped"]),
        ({"state": "closed", "owner": "me"}, ["done"]),
        ({"state": "?", "due": "x", "owner": "x", "page": "z"}, None),
    ],
)
def test_a_group_lists_items_by_owner_due_day_and_state(
    items: dict[str, ActionItem],
    group: Group,
    member: Person,
    client_of: Clients,
    query: dict[str, str],
    texts: list[str] | None,
) -> None:
    path = reverse("group-actions", args=[group.slug])

    listed = shown(client_of(member), path, **query)

    everything = ["two weeks late", "late", "today", "nobody's", "in a month", "some day"]
    assert listed == (everything if texts is None else texts)


def test_a_list_of_one_person_has_what_they_own_with_others(
    items: dict[str, ActionItem], group: Group, chair: Person, member: Person, client_of: Clients
) -> None:
    path = reverse("group-actions", args=[group.slug])
    page = client_of(member).get(path, {"owner": str(chair.uuid), "state": "all"})

    assert [item.text for item in page.context["page"]] == ["late", "today", "dropped"]
    assert f'<option value="{chair.uuid}" selected>' in page.text
    assert [owner.name for owner in page.context["owners"]] == ["Chiara Chair", "Mira Member"]


def test_items_of_owners_who_left_are_marked_and_can_be_listed(
    items: dict[str, ActionItem], group: Group, chair: Person, member: Person, client_of: Clients
) -> None:
    actions.remove_member(actor=chair, group=group, person=member)
    client, path = client_of(chair), reverse("group-actions", args=[group.slug])

    assert shown(client, path, owner="left") == ["two weeks late", "late", "in a month", "some day"]
    page = " ".join(client.get(path).text.split())
    assert page.count("Mira Member (no longer in the group)") == 4
    assert "Chiara Chair, Mira Member (no longer in the group)" in page


def test_a_concluded_group_offers_no_button_that_would_be_refused(
    items: dict[str, ActionItem], group: Group, chair: Person, staff: Person, client_of: Clients
) -> None:
    conclude(staff, group)

    pages = (reverse("group-actions", args=[group.slug]), items["today"].get_absolute_url())

    assert not any("Mark as done" in client_of(chair).get(path).text for path in pages)


def test_own_items_of_all_groups_are_one_list(
    items: dict[str, ActionItem], member: Person, client_of: Clients
) -> None:
    other = factories.group("Another", chair=member)
    factories.action_item(other, owner=member, text="elsewhere", due_on=date(2020, 1, 1))
    left = factories.group("Left")
    factories.action_item(left, owner=member, text="left behind", level=Level.ALLIANCE)
    client, path = client_of(member), reverse("own-action-items")

    assert shown(client, path) == [
        *("elsewhere", "two weeks late", "late"),
        *("in a month", "some day"),
    ]
    assert shown(client, path, due="late", whose="mine") == ["elsewhere", "two weeks late", "late"]
    assert shown(client, path, whose="chaired") == ["elsewhere"]
    assert "In the groups I chair" in client.get(path).text


def test_who_chairs_nothing_is_offered_nothing_of_it(
    items: dict[str, ActionItem], group: Group, secretary: Person, client_of: Clients
) -> None:
    client, path = client_of(secretary), reverse("own-action-items")

    assert "In the groups I chair" not in client.get(path).text
    assert shown(client, path, whose="chaired") == []


def test_a_chair_sees_on_my_work_how_many_items_are_long_late_and_opens_just_these(
    items: dict[str, ActionItem], chair: Person, member: Person, client_of: Clients
) -> None:
    [need] = [
        need for need in my_work(chair, viewer_for(chair.pk)).needs if "two weeks" in need.title
    ]

    assert need.title == "1 action item of Trust Benchmarks is late for two weeks or more"
    assert shown(client_of(chair), need.url) == ["two weeks late"]
    own = my_work(member, viewer_for(member.pk)).needs
    assert [each.title for each in own] == ["two weeks late", "late"]


@pytest.mark.parametrize("name", ["group-actions", "group-actions-csv"])
@pytest.mark.parametrize("everything", [False, True])
def test_a_list_of_five_hundred_costs_as_many_queries_as_one_of_two(
    group: Group,
    chair: Person,
    member: Person,
    secretary: Person,
    client_of: Clients,
    name: str,
    everything: bool,
) -> None:
    client, path = client_of(member), reverse(name, args=[group.slug])
    query = {"state": "all"} if everything else {"owner": "left", "due": "late"}
    meeting = factories.past_meeting(group)
    counts = []
    for count in (2, 500):
        number = ActionItem.objects.count()
        ActionItem.objects.bulk_create(
            ActionItem(
                group=group,
                number=place + 1,
                text="Call",
                owner=member,
                created_by=chair,
                due_on=date(2020, 1, 1),
                source_kind="meeting",
                source_uuid=meeting.uuid,
                source_line=f"1.{place}",
            )
            for place in range(number, count)
        )
        for item in ActionItem.objects.all()[number:count]:
            item.ownerships.create(person=secretary, position=1)
        client.get(path, query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, query).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 15


# --- CSV -----------------------------------------------------------------------------------------


def rows_in(client: Client, path: str, **query: str) -> list[dict[str, str]]:
    answer = client.get(path, query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_filtered_list_is_a_file(
    items: dict[str, ActionItem], group: Group, chair: Person, member: Person, client_of: Clients
) -> None:
    client, path = client_of(member), reverse("group-actions-csv", args=[group.slug])

    answer = client.get(path)
    late, done = rows_in(client, path, due="late")[1], rows_in(client, path, state="done")[0]

    assert answer["Content-Disposition"] == (
        'attachment; filename="trust-benchmarks-action-items.csv"'
    )
    assert list(late) == list(COLUMNS)
    assert (late["number"], late["text"], late["owners"], late["is_late"]) == (
        *("A-2", "late", "Chiara Chair; Mira Member"),
        "yes",
    )
    assert late["due_on"] == (days.first_running() - timedelta(days=1)).isoformat()
    assert late["address"].endswith(f"/groups/{group.slug}/actions/2/")
    assert (done["state"], done["closed_by"], done["is_late"]) == ("done", "Chiara Chair", "no")
    link = f'href="{path}?due=late"'
    page = client.get(reverse("group-actions", args=[group.slug]), {"due": "late", "page": "1"})
    assert link in page.text


def test_the_file_names_the_meeting_to_those_who_see_it(
    group: Group, chair: Person, member: Person, client_of: Clients
) -> None:
    meeting = factories.past_meeting(group, "Evaluations call")
    save_notes(actor=chair, meeting=meeting, base=0, source=f"action: @{member} calls them")
    path = reverse("own-action-items-csv")

    [own] = rows_in(client_of(member), path)
    assert own["meeting"].startswith("1. Evaluations call, ")
    type(meeting).objects.update(level=Level.CHAIRS)
    [own] = rows_in(client_of(member), path)
    assert own["meeting"] == ""


def test_nobody_else_gets_the_file(
    items: dict[str, ActionItem], group: Group, outsider: Person, client_of: Clients
) -> None:
    path = reverse("group-actions-csv", args=[group.slug])

    assert client_of(outsider).get(path).status_code == 404
    assert rows_in(client_of(outsider), reverse("own-action-items-csv")) == []


CELL = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=5))
def test_cells_are_read_back_as_they_were_and_none_is_a_formula(rows: list[list[str]]) -> None:
    text = csv_text(["a", "b", "c"], rows)

    read = list(csv.reader(io.StringIO(text.removesuffix("\r\n"))))

    assert len(read) == len(rows) + 1
    for cells, original in zip(read[1:], rows, strict=True):
        assert [unprotected(cell) for cell in cells] == [
            " ".join(each.split()) for each in original
        ]
        assert not any(cell[:1] in "=+-@\uff1d\uff0b\uff0d\uff20\t\r" for cell in cells if cell)


# --- filters -------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(["state", "due", "owner", "mine"]), CELL))
def test_any_query_is_a_filter_that_the_page_offers_or_none(query: dict[str, str]) -> None:
    filters = Filters.of(query)

    assert filters.state in dict(STATES)
    assert filters.due in dict(DUE)
    assert filters.owner in {"", "me", "none", "left"} or len(filters.owner) == 36
