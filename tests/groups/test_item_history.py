"""The history of an action item, and the line of the notes from which it comes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.access import viewer_for
from common.record.actions import write
from members.people.models import Person
from tests import factories
from workinggroups.groups import actions
from workinggroups.groups.history import HISTORY_SHOWN, history_of
from workinggroups.groups.models import ActionItem, Group
from workinggroups.groups.sources import Source, source_of, sources_of
from workinggroups.meetings.actions import save_notes
from workinggroups.meetings.models import Meeting

Change = Callable[..., ActionItem]


@pytest.fixture
def change(chair: Person) -> Change:
    """Change some of an item's values as the chair."""

    def changed(item: ActionItem, **values: Any) -> ActionItem:
        item.refresh_from_db()
        before = {"text": item.text, "owners": item.owners, "due_on": item.due_on}
        return actions.change_action_item(
            actor=chair, item=item, version=item.version, **before | values
        )

    return changed


def test_the_history_says_who_changed_what(
    group: Group, chair: Person, member: Person, secretary: Person, change: Change
) -> None:
    item = actions.create_action_item(
        actor=chair, group=group, text="Call the hospital", owners=[member]
    )
    change(item, text="Call both hospitals", due_on=date(2030, 12, 1))
    change(item, owners=[member, secretary])
    change(item, owners=[], due_on=date(2030, 12, 2))
    actions.drop_action_item(actor=chair, item=item)
    item = actions.reopen_action_item(actor=chair, item=item)

    latest = history_of(item)

    assert [(each.sentence, each.lines) for each in latest] == [
        ("Chiara Chair reopened it", ()),
        ("Chiara Chair dropped it", ()),
        (
            "Chiara Chair changed it",
            ("No longer assigned to anybody", "Due 2 Dec 2030 instead of 1 Dec 2030"),
        ),
        ("Chiara Chair changed it", ("Assigned to Mira Member, Sefa Secretary",)),
        ("Chiara Chair changed it", ("Due 1 Dec 2030",)),
        ("Chiara Chair added the action item", ()),
    ]
    words = [str(each.text or "") for each in latest]
    assert [bool(each) for each in words] == [False, False, False, False, True, False]
    assert ("both" in words[4], "hospital</del>" in words[4]) == (True, True)


def test_each_text_is_compared_with_the_one_that_followed_it(
    group: Group, chair: Person, change: Change
) -> None:
    item = actions.create_action_item(actor=chair, group=group, text="One")
    change(item, text="Two")
    change(item, due_on=date(2030, 1, 1))
    item = change(item, text="Three")

    words = [str(each.text or "") for each in history_of(item)]

    assert ["Three</ins>" in words[0], "Two</del>" in words[0]] == [True, True]
    assert ["Two</ins>" in words[2], "One</del>" in words[2]] == [True, True]
    assert [words[1], words[3]] == ["", ""]


def test_the_record_holds_no_text(group: Group, chair: Person, change: Change) -> None:
    item = actions.create_action_item(actor=chair, group=group, text="Call the hospital")
    change(item, text="Call both hospitals")

    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM record_record")
        facts = " ".join(row for (row,) in cursor.fetchall())

    assert "hospital" not in facts


@pytest.mark.django_db
def test_acts_of_before_are_shown_as_they_were_recorded(group: Group, member: Person) -> None:
    """Records of before there were several owners name one, and no version."""
    item = factories.action_item(group, owner=member)
    for verb, facts in (
        ("created", {"owner": None, "due_on": None}),
        ("changed", {"owner": member.uuid, "due_on": "2026-01-02"}),
    ):
        write(
            actor_uuid=factories.person("Gone").uuid if verb == "created" else member.uuid,
            verb=verb,
            kind="action_item",
            object_uuid=item.uuid,
            facts={"group": group.uuid, "number": 1, **facts},
        )

    changed, created = history_of(item)

    assert (created.sentence, created.lines) == ("Gone added the action item", ())
    assert (changed.sentence, changed.text) == ("Mira Member changed it", None)
    assert changed.lines == ("Assigned to Mira Member", "Due 2 Jan 2026")


@pytest.mark.django_db
def test_a_long_history_is_cut_and_costs_three_queries(
    group: Group, chair: Person, member: Person, change: Change
) -> None:
    item = actions.create_action_item(actor=chair, group=group, text="One")
    for number in range(HISTORY_SHOWN):
        change(item, text=f"Text {number}", owners=[member] if number % 2 else [])
    item.refresh_from_db()

    with CaptureQueriesContext(connection) as queries:
        history = history_of(item)

    assert (len(history), len(queries)) == (HISTORY_SHOWN, 3)
    assert history[-1].text is not None


# --- the line ------------------------------------------------------------------------------------


@pytest.fixture
def meeting(group: Group, chair: Person) -> Meeting:
    return factories.past_meeting(group, "Evaluations call", created_by=chair)


def noted(actor: Person, meeting: Meeting, source: str) -> ActionItem:
    meeting.refresh_from_db()
    save_notes(actor=actor, meeting=meeting, base=meeting.notes_count, source=source)
    return ActionItem.objects.get(source_uuid=meeting.uuid)


def test_an_item_leads_to_its_very_line(
    group: Group,
    chair: Person,
    member: Person,
    meeting: Meeting,
    client_of: Callable[..., Client],
) -> None:
    item = noted(chair, meeting, f"Before.\n\naction: @{member} calls them")

    source = source_of(item, viewer_for(member.pk))

    url = f"{meeting.get_absolute_url()}#A-1"
    assert source == Source(meeting.name_and_day, url)
    assert source.title.startswith("1. Evaluations call, ")
    client = client_of(member)
    assert f'href="{url}"' in client.get(item.get_absolute_url()).text
    assert f'href="{url}"' in client.get(reverse("group-actions", args=[group.slug])).text
    assert 'id="A-1"' in client.get(meeting.get_absolute_url()).text


def test_a_line_that_was_removed_is_found_in_the_text_that_had_it(
    group: Group,
    chair: Person,
    member: Person,
    meeting: Meeting,
    client_of: Callable[..., Client],
) -> None:
    item = noted(chair, meeting, f"action: @{member} calls them")
    noted(chair, meeting, "Nothing to do any more.")

    source = source_of(item, viewer_for(member.pk))

    revision = reverse("notes-revision", args=[group.slug, meeting.address, 1])
    assert source == Source(meeting.name_and_day, f"{revision}#A-1", is_former=True)
    client = client_of(member)
    assert "Its line is no longer in the notes." in client.get(item.get_absolute_url()).text
    assert 'id="A-1"' in client.get(revision).text


def test_readers_of_the_item_who_cannot_see_the_meeting_get_no_link(
    group: Group, chair: Person, member: Person, meeting: Meeting
) -> None:
    item = noted(chair, meeting, f"action: @{member} calls them")
    Meeting.objects.update(level=3)

    assert source_of(item, viewer_for(member.pk)) is None
    assert sources_of([item], viewer_for(member.pk)) == {}
    assert source_of(item, viewer_for(chair.pk)) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("line", ["", "x", "12", "1.2.3", "٣.1"])
def test_a_source_line_of_any_form_breaks_no_page(
    group: Group, chair: Person, meeting: Meeting, line: str
) -> None:
    item = factories.action_item(
        group, source_kind="meeting", source_uuid=meeting.uuid, source_line=line
    )

    source = source_of(item, viewer_for(chair.pk))

    assert source == Source(
        meeting.name_and_day, f"{meeting.get_absolute_url()}#notes", is_former=True
    )


@pytest.mark.django_db
def test_a_page_of_items_costs_one_query_for_all_their_meetings(
    group: Group, chair: Person
) -> None:
    items = []
    for _number in range(5):
        held = factories.past_meeting(group)
        items += [
            factories.action_item(
                group, source_kind="meeting", source_uuid=held.uuid, source_line=f"1.{line}"
            )
            for line in (1, 2)
        ]
    viewer = viewer_for(chair.pk)

    with CaptureQueriesContext(connection) as queries:
        assert len(sources_of(items, viewer)) == 10
    assert len(queries) == 1
