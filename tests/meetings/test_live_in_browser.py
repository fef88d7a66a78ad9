"""A meeting as people live it: on a phone, and beside each other, while the page asks what is new."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from members.people.models import Person
from tests import factories
from tests.chromium import Look, Visit
from workinggroups.meetings import actions
from workinggroups.meetings.models import Meeting

Open = Callable[..., Visit]
PHONE = Look(390, "light")
WIDE = Look(1280, "dark")


class Scene:
    """A running meeting of two organizations, of which both are needed."""

    def __init__(self) -> None:
        organization = factories.organization("Aurora Labs")
        self.chair = factories.member_of(organization, "Chiara Chair")
        group = factories.group("Trust Benchmarks", chair=self.chair)
        factories.charter(group, quorum="number", quorum_number=2)
        other = factories.organization("Borealis University")
        self.member = factories.member_of(other, "Mira Member")
        factories.seat(group, self.member)
        self.meeting: Meeting = factories.running_meeting(
            group, "Objection to the interface", join_url="https://join.example/room"
        )
        for title, minutes in (("Roll call", 5), ("The limit", 20), ("Any other business", None)):
            factories.agenda_item(self.meeting, title, minutes=minutes)
        self.path = f"{self.meeting.get_absolute_url()}live/"


@pytest.fixture
def scene(committed_db: str) -> Scene:
    return Scene()


def press(visited: Visit, words: str) -> None:
    visited.page.get_by_role("button", name=words, exact=True).first.click()


def test_a_meeting_on_a_phone(scene: Scene, visit: Open) -> None:
    """The officer and a member see what the other does, without reloading."""
    phone = visit(scene.path, PHONE, scene.member)
    desk = visit(scene.path, WIDE, scene.chair)
    # The one thing to do is within reach of a thumb.
    box = phone.page.get_by_role("button", name="Check in").bounding_box()
    assert box is not None
    assert box["y"] > 700
    assert box["height"] >= 38

    press(phone, "Check in")
    expect(phone.page.get_by_role("button", name="Raise hand")).to_be_visible()
    press(desk, "Check in")
    press(desk, "Record as shown")
    expect(phone.page.get_by_text("Competition-law notice shown")).to_be_visible()
    expect(phone.page.get_by_text("Quorum: 2 of")).to_be_visible()

    press(desk, "Begin “Roll call”")
    press(desk, "Next item")
    expect(phone.page.locator("[aria-current=step]")).to_contain_text("The limit")
    expect(phone.page.locator(".live-left")).to_contain_text("left")

    press(phone, "Raise hand")
    expect(phone.page.get_by_text("You are number 1 on the list.")).to_be_visible()
    press(desk, "Call the first")
    expect(phone.page.get_by_text("You have the floor.", exact=True).last).to_be_visible()
    press(phone, "I'm done")
    expect(desk.page.get_by_text("Nobody waits to speak.")).to_be_visible()

    desk.page.get_by_text("Add a guest").click()
    desk.page.get_by_label("Name").fill("Gwen Guest")
    desk.page.get_by_label("Affiliation").fill("Guild of Guests")
    press(desk, "Add guest")
    expect(phone.page.get_by_text("Gwen Guest")).to_be_visible()
    assert desk.page.get_by_label("Name").input_value() == ""

    scene.meeting.refresh_from_db()
    assert scene.meeting.state == "held"
    for visited in (phone, desk):
        assert visited.faults() == []


def test_what_is_typed_stays_while_others_act(scene: Scene, visit: Open) -> None:
    actions.check_in(actor=scene.member, meeting=scene.meeting)
    desk = visit(f"{scene.path}?write=1", WIDE, scene.chair)
    page = desk.page
    text = page.get_by_role("textbox", name="Notes")
    text.fill("# Roll call\n\nWe are two.")
    text.press("End")

    actions.raise_hand(actor=scene.member, meeting=scene.meeting)
    expect(page.locator("#live-speakers")).to_contain_text("Mira Member")

    assert text.input_value() == "# Roll call\n\nWe are two."
    assert text.evaluate("it => document.activeElement === it")
    page.keyboard.type(" And one guest.")
    assert text.input_value().endswith("We are two. And one guest.")

    # Another saves first, and the chair acts in place in between: the base of the text stays.
    actions.save_notes(actor=scene.member, meeting=scene.meeting, base=0, source="By Mira.")
    expect(page.get_by_text("Mira Member saved the notes at")).to_be_visible()
    press(desk, "Check in")
    expect(page.get_by_role("button", name="Raise hand")).to_be_visible()
    assert text.input_value().endswith("And one guest.")

    # So does a small form that is refused, and one that is not.
    page.get_by_text("Add a guest").click()
    page.get_by_label("Affiliation").fill("Guild of Guests")
    press(desk, "Add guest")
    expect(page.get_by_text("This field is required.")).to_be_visible()
    assert page.get_by_label("Affiliation").input_value() == "Guild of Guests"
    page.get_by_label("Name").fill("Gwen Guest")
    press(desk, "Add guest")
    expect(page.locator("#live-roll")).to_contain_text("Gwen Guest")
    assert text.input_value().endswith("And one guest.")

    press(desk, "Save notes")
    expect(page.get_by_role("heading", name="Mira Member saved these notes")).to_be_visible()
    assert scene.meeting.kept_texts.get().source.endswith("And one guest.")


def test_what_is_unfolded_and_focused_stays(scene: Scene, visit: Open) -> None:
    desk = visit(scene.path, WIDE, scene.chair)
    page = desk.page
    page.get_by_text("Add a guest").click()
    name = page.get_by_label("Name")
    name.fill("Gwen")

    actions.check_in(actor=scene.member, meeting=scene.meeting)
    expect(page.get_by_text("1 person is here.")).to_be_visible()
    assert name.evaluate("it => document.activeElement === it")
    press(desk, "Check in")
    expect(page.get_by_text("2 people are here.")).to_be_visible()

    assert name.is_visible()
    assert name.input_value() == "Gwen"


def test_a_page_that_is_not_up_to_date_says_so_and_catches_up(scene: Scene, visit: Open) -> None:
    phone = visit(scene.path, PHONE, scene.member)
    away = phone.page.get_by_text("This page is not up to date.")
    expect(away).to_be_hidden()

    phone.page.context.set_offline(True)
    expect(away).to_be_visible(timeout=15_000)
    phone.page.context.set_offline(False)

    actions.check_in(actor=scene.chair, meeting=scene.meeting)
    expect(phone.page.get_by_text("1 person is here.")).to_be_visible(timeout=20_000)
    expect(away).to_be_hidden()


def test_who_is_signed_out_is_told(scene: Scene, visit: Open) -> None:
    phone = visit(scene.path, PHONE, scene.member)

    phone.page.context.clear_cookies()

    expect(phone.page.get_by_text("You are signed out.")).to_be_visible(timeout=15_000)


def asked_for(visited: Visit) -> list[int]:
    """The statuses of what the page asks for from now on."""
    statuses: list[int] = []

    def note(response: Any) -> None:
        if "/live/state/" in response.url:
            statuses.append(response.status)

    visited.page.on("response", note)
    return statuses


def test_a_hidden_page_does_not_ask(scene: Scene, visit: Open) -> None:
    phone = visit(scene.path, PHONE, scene.member)
    statuses = asked_for(phone)
    # What the page shows can change with the minute, so one more answer may be a whole one.
    for _second in range(20):
        phone.page.wait_for_timeout(1000)
        if 304 in statuses:
            break
    assert (statuses[0], statuses[-1]) == (200, 304)

    hide = (
        "Object.defineProperty(document, 'hidden', {get: () => true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    phone.page.evaluate(hide)
    phone.page.wait_for_timeout(500)
    before = len(statuses)
    phone.page.wait_for_timeout(9000)
    assert len(statuses) <= before + 1

    phone.page.evaluate(hide.replace("true,", "false,"))
    phone.page.wait_for_timeout(1500)
    assert len(statuses) > before


def test_all_of_it_works_without_scripts(scene: Scene, chromium: Any, site: str) -> None:
    from tests.chromium import session_cookie

    def browser_of(person: Person) -> Any:
        context = chromium.new_context(
            viewport={"width": 390, "height": 844}, java_script_enabled=False
        )
        context.add_cookies([session_cookie(person, site)])
        page = context.new_page()
        page.goto(site + scene.path)
        return page

    phone, desk = browser_of(scene.member), browser_of(scene.chair)
    phone.get_by_role("button", name="Check in").click()
    phone.get_by_role("button", name="Raise hand").click()
    desk.reload()
    desk.get_by_role("button", name="Record as shown").click()
    desk.get_by_role("button", name="Begin “Roll call”").click()
    desk.get_by_role("button", name="Call the first").click()

    phone.reload()

    expect(phone.get_by_text("You have the floor.", exact=True).last).to_be_visible()
    expect(phone.get_by_text("5 minutes left")).to_be_visible()
    phone.get_by_role("button", name="I'm done").click()
    expect(phone.get_by_text("Nobody waits to speak.")).to_be_visible()
    for page in (phone, desk):
        page.context.close()
