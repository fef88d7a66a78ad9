"""The page on which a whole agenda is pasted."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings.choices import AGENDA_MAX_ITEMS, AGENDA_PASTE_MAX_CHARACTERS
from workinggroups.meetings.models import Meeting

pytestmark = pytest.mark.django_db

AGENDA = (
    "1. Welcome (5 min)\n2. Budget (Mira Member)\n   See [the sheet](https://a.example/).\n3. AOB\n"
)


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return factories.meeting(group)


@pytest.fixture
def paste(client_of: Callable[..., Client], chair: Person, meeting: Meeting) -> Callable[..., Any]:
    client = client_of(chair)
    address = reverse("agenda-paste", args=[meeting.group.slug, meeting.address])

    def post(source: str, **data: object) -> Any:
        return client.post(address, {"source": source, **data})

    return post


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def seen(response: Any) -> str:
    return str(response.context["form"].digest)


def test_a_preview_adds_nothing(
    paste: Callable[..., Any], meeting: Meeting, member: Person
) -> None:
    response = paste(AGENDA)

    words = text(response)
    assert response.status_code == 200
    assert [word in words for word in ("Welcome", "5 minutes", "Budget", "Mira Member", "AOB")]
    assert '<a href="https://a.example/"' in response.content.decode()
    assert meeting.agenda.count() == 0


def test_the_chosen_items_of_the_preview_are_added(
    paste: Callable[..., Any], meeting: Meeting, member: Person
) -> None:
    factories.agenda_item(meeting, "Minutes")

    response = paste(AGENDA, seen=seen(paste(AGENDA)), add="1", point=["0", "1"])

    assert response.headers["Location"].endswith("/agenda/")
    items = list(meeting.agenda.all())
    assert [(item.position, item.title) for item in items] == [
        (1, "Minutes"), (2, "Welcome"), (3, "Budget"),
    ]  # fmt: skip
    assert [item.minutes for item in items] == [None, 5, None]
    assert items[2].presenter == member
    assert items[2].source == "See [the sheet](https://a.example/)."
    assert '<a href="https://a.example/"' in items[2].html


def test_a_text_changed_after_the_preview_is_shown_again(
    paste: Callable[..., Any], meeting: Meeting
) -> None:
    response = paste("- Welcome\n- Lunch", seen=seen(paste(AGENDA)), add="1", point=["0", "1"])

    assert "You changed the text after the preview." in text(response)
    assert "Lunch" in text(response)
    assert meeting.agenda.count() == 0


def test_nothing_chosen_is_said(paste: Callable[..., Any], meeting: Meeting) -> None:
    response = paste(AGENDA, seen=seen(paste(AGENDA)), add="1")

    assert response.status_code == 422
    assert "Choose at least one item." in text(response)
    assert "checked" not in response.content.decode()


def test_an_agenda_of_6000_characters_is_added_whole(
    paste: Callable[..., Any], meeting: Meeting
) -> None:
    paragraph = "The pilot went on, and its numbers are in the sheet of the group. " * 6
    source = "\n\n".join(f"## {number}. Point {number}\n\n{paragraph}" for number in range(1, 15))
    assert len(source) > 5_500

    paste(source, seen=seen(paste(source)), add="1", point=[str(place) for place in range(14)])

    items = list(meeting.agenda.all())
    assert [item.title for item in items] == [f"Point {number}" for number in range(1, 15)]
    assert {item.source for item in items} == {paragraph.strip()}


def test_what_has_no_room_is_in_the_last_item_and_the_page_says_so(
    paste: Callable[..., Any], meeting: Meeting
) -> None:
    for number in range(AGENDA_MAX_ITEMS - 2):
        factories.agenda_item(meeting, f"Item {number}")
    source = "1. A\n2. B\n3. C\n4. D"

    preview = paste(source)
    paste(source, seen=seen(preview), add="1", point=["0", "1"])

    assert "2 more are in the text of the last one." in text(preview)
    assert [item.title for item in meeting.agenda.all()][-2:] == ["A", "B"]
    assert meeting.agenda.last().source == "3. C\n4. D"


def test_a_full_agenda_takes_no_more(paste: Callable[..., Any], meeting: Meeting) -> None:
    for number in range(AGENDA_MAX_ITEMS):
        factories.agenda_item(meeting, f"Item {number}")

    response = paste(AGENDA)

    assert "This agenda already has 60 items" in text(response)


@pytest.mark.parametrize(
    "source", ["", "x" * (AGENDA_PASTE_MAX_CHARACTERS + 1), "> " * 200 + "x", "a" + "\u0301" * 30]
)
def test_a_text_that_cannot_be_is_refused_and_shown_again(
    paste: Callable[..., Any], meeting: Meeting, source: str
) -> None:
    response = paste(source, add="1", seen="x")

    assert response.status_code == 422
    assert source in response.content.decode().replace("&gt;", ">")


def test_a_double_click_adds_the_items_once(paste: Callable[..., Any], meeting: Meeting) -> None:
    data = {"seen": seen(paste(AGENDA)), "add": "1", "point": ["0"], "once": "a-key"}

    paste(AGENDA, **data)
    paste(AGENDA, **data)

    assert meeting.agenda.count() == 1


def test_members_do_not_paste(
    client_of: Callable[..., Client], member: Person, meeting: Meeting
) -> None:
    address = reverse("agenda-paste", args=[meeting.group.slug, meeting.address])

    assert client_of(member).get(address).status_code == 403
