"""A small act changes the page where it is: nothing is loaded anew, lost or scrolled away."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from notifications.fan_out import fan_out_waiting
from notifications.models import Notification
from tests import factories
from tests.chromium import session_cookie
from tests.factories import works
from tests.server.running import eventually
from workinggroups.discussion import actions as discussion
from workinggroups.discussion.models import Follow
from workinggroups.groups.models import ActionItem

pytestmark = pytest.mark.xdist_group("drafts")


@pytest.fixture
def world(committed_db: str) -> Any:
    organization = factories.organization("Aurora Labs")
    member = factories.member_of(organization, "Mira Member")
    group = factories.group("Trust Benchmarks", preset="listed", chair=member)
    for number in range(1, 31):
        factories.action_item(group, owner=member, text=f"Write letter {number}")
    topic = discussion.start_topic(actor=member, group=group, title="Limit", source="Needed?")
    return member, group, topic


@pytest.fixture
def tab(chromium: Any, world: Any, site: str) -> Iterator[Callable[[str], Any]]:
    """`tab(path)` opens a page as the member; what it loads after that is counted."""
    context = chromium.new_context(viewport={"width": 1000, "height": 500})
    context.add_cookies([session_cookie(world[0], site)])

    def opened(path: str) -> Any:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(site + path)
        page.evaluate("window.isTheSamePage = true")
        return page

    yield opened
    context.close()


def is_the_same_page(page: Any) -> bool:
    return bool(page.evaluate("window.isTheSamePage === true"))


def test_an_item_is_marked_done_without_leaving_the_place(tab: Any, world: Any) -> None:
    page = tab(f"{world[1].get_absolute_url()}actions/")
    button = page.get_by_role("button", name="Mark as done Write letter 20", exact=True)
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 0

    button.click()

    button.wait_for(state="detached")
    assert is_the_same_page(page)
    assert page.evaluate("scrollY") == before
    assert page.url.endswith("/actions/")
    assert ActionItem.objects.get(text="Write letter 20").state != "open"


def test_an_item_is_open_again_by_keyboard_and_the_place_stays(tab: Any, world: Any) -> None:
    page = tab(f"{world[1].get_absolute_url()}actions/")
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    button = page.get_by_role("button", name="Mark as done Write letter 20", exact=True)
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    button.click()
    button.wait_for(state="detached")

    undo = page.get_by_role("status").get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")

    page.locator("#toasts").get_by_text("Undone. A-20 is open again.").wait_for()
    button.wait_for()
    assert is_the_same_page(page)
    assert page.evaluate("scrollY") == before
    assert ActionItem.objects.get(text="Write letter 20").state == "open"
    assert page.get_by_role("button", name="Undo").count() == 0
    assert refused == []


def test_a_message_that_offers_something_is_closed_by_its_button(tab: Any, world: Any) -> None:
    page = tab(f"{world[1].get_absolute_url()}actions/")
    page.get_by_role("button", name="Mark as done Write letter 20", exact=True).click()

    page.get_by_role("status").get_by_role("button", name="Close").click()

    page.locator("#toasts .toast").wait_for(state="detached")


@pytest.mark.parametrize("delay", [1, 300])
def test_a_double_click_marks_one_item_however_slow_it_is(tab: Any, world: Any, delay: int) -> None:
    page = tab(f"{world[1].get_absolute_url()}actions/")
    place = page.locator(".rows form[hx-boost] button").first.bounding_box()
    x, y = place["x"] + 5, place["y"] + 5

    page.mouse.dblclick(x, y, delay=delay)  # by the second click another item may lie there
    page.locator("#toasts").get_by_text("marked as done.").wait_for()
    page.wait_for_timeout(500)

    assert page.locator("h1").inner_text() == "Trust Benchmarks"
    assert ActionItem.objects.exclude(state="open").count() == 1
    page.mouse.click(x, y)
    eventually(lambda: ActionItem.objects.exclude(state="open").count() == 2, "a later click", 10)


def test_what_is_typed_beside_stays_and_the_button_keeps_the_focus(tab: Any, world: Any) -> None:
    page = tab(world[2].get_absolute_url())
    page.locator("[name=source]").fill("Half a sentence")

    page.get_by_role("button", name="Mute").focus()
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Follow").wait_for()
    assert is_the_same_page(page)
    assert page.locator("[name=source]").input_value() == "Half a sentence"
    assert page.evaluate("document.activeElement.textContent.trim()") == "Follow"
    assert Follow.objects.get(person=world[0]).muted_at


def test_the_inbox_is_read_and_the_number_in_the_menu_goes(tab: Any, world: Any) -> None:
    member, group, _topic = world
    colleague = factories.member_of(factories.organization("Borealis"), "Cole Colleague")
    factories.seat(group, colleague)
    discussion.start_topic(actor=colleague, group=group, title="Licence", source="Which one?")
    fan_out_waiting()
    page = tab("/inbox/")
    unread = Notification.objects.filter(person=member, channel="inbox", read_at=None).count()
    assert page.locator("li.unread").count() == unread > 0

    page.get_by_role("button", name="Mark all as read").click()

    page.locator("li.unread").first.wait_for(state="detached")
    assert is_the_same_page(page)
    assert page.locator("li.unread").count() == 0
    assert page.get_by_role("button", name="Mark all as read").count() == 0


def test_a_filter_changes_the_address_and_back_leads_back(tab: Any, world: Any) -> None:
    works.publication(world[0], world[1])
    page = tab("/catalogue/")
    page.locator("#filter [name=kind]").first.check()
    page.wait_for_url(lambda url: "kind=" in url)
    assert is_the_same_page(page)

    page.go_back()
    page.wait_for_url(lambda url: "kind=" not in url)
    page.wait_for_function("() => window.isTheSamePage !== true")


@pytest.mark.parametrize("path", ["/members/", "/groups/"])
def test_a_choice_filters_a_directory_and_what_is_typed_beside_it_stays(
    tab: Any, world: Any, path: str
) -> None:
    page = tab(path)
    page.locator(".filters [name=q]").fill("aur")
    choice = page.locator(".filters select").first
    name = choice.get_attribute("name")

    choice.select_option(index=choice.locator("option").count() - 1)

    page.wait_for_url(lambda url: f"{name}=" in url and "q=aur" in url)
    assert is_the_same_page(page)
    assert page.locator(".filters [name=q]").input_value() == "aur"


def test_whoever_is_signed_out_meanwhile_is_told_and_can_send_it_again(
    tab: Any, world: Any
) -> None:
    page = tab(world[2].get_absolute_url())
    page.context.clear_cookies(name="sid")

    page.get_by_role("button", name="Mute").click()

    page.get_by_role("heading", name="You have been signed out").wait_for()
    action = page.get_by_role("button", name="Send again").evaluate("it => it.form.action")
    assert action.endswith("/follow/")


def test_without_a_connection_the_page_says_so_and_stays(tab: Any, world: Any) -> None:
    page = tab(world[2].get_absolute_url())
    page.context.set_offline(True)

    page.get_by_role("button", name="Mute").click()

    page.locator("#toasts").get_by_text("The site is not responding.").wait_for()
    assert is_the_same_page(page)
    assert page.get_by_role("button", name="Mute").is_visible()
