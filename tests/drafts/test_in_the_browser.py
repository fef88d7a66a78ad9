"""What the script adds: text is kept as it is typed, and nobody leaves it unasked."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from common.drafts.models import Draft
from tests import factories
from tests.chromium import session_cookie
from tests.server.running import eventually
from workinggroups.discussion import actions as discussion
from workinggroups.discussion.models import Post

pytestmark = pytest.mark.xdist_group("drafts")

WORDS = "The limit favours those with their own hardware."


@pytest.fixture
def tab(chromium: Any, committed_db: str, site: str) -> Iterator[Callable[[], Any]]:
    """`tab()` opens the page of a topic as a member of its group."""
    organization = factories.organization("Aurora Labs")
    member = factories.member_of(organization, "Mira Member")
    group = factories.group("Trust Benchmarks", preset="listed", chair=member)
    topic = discussion.start_topic(actor=member, group=group, title="Limit", source="Needed?")
    context = chromium.new_context()
    context.add_cookies([session_cookie(member, site)])

    def opened() -> Any:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(site + topic.get_absolute_url())
        return page

    yield opened
    context.close()


def typed(page: Any, words: str = WORDS) -> None:
    page.locator("[name=source]").fill(words)


def saved(page: Any) -> None:
    page.locator(".draft-state", has_text="Draft saved").wait_for()


def test_text_is_kept_after_a_pause_and_offered_on_return(tab: Any) -> None:
    page = tab()
    typed(page)
    saved(page)

    again = tab()
    assert "Unsaved text from" in again.locator(".draft-offer").inner_text()
    again.get_by_role("link", name="Continue editing").click()
    assert again.locator("[name=source]").input_value() == WORDS
    again.get_by_role("button", name="Post reply").click()
    again.locator(".post", has_text=WORDS).wait_for()

    assert not Draft.objects.exists()
    assert Post.objects.filter(source=WORDS).count() == 1


def test_leaving_unsaved_text_is_asked_about(tab: Any) -> None:
    page = tab()
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    typed(page)
    page.locator(".crumbs a").first.click(no_wait_after=True)
    page.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    assert page.locator("[name=source]").input_value() == WORDS


def test_leaving_is_asked_about_only_while_the_server_does_not_hold_the_text(tab: Any) -> None:
    page = tab()
    url = page.url
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    typed(page)
    saved(page)
    typed(page, WORDS + " More.")
    page.locator(".crumbs a").first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert (asked, page.url) == (["beforeunload"], url)

    eventually(lambda: Draft.objects.get().fields["source"] == [WORDS + " More."], "kept", 10)
    page.wait_for_timeout(200)
    page.locator(".crumbs a").first.click()
    page.wait_for_url(lambda left: left != url)
    assert asked == ["beforeunload"]

    again = tab()
    assert "Unsaved text from" in again.locator(".draft-offer").inner_text()


def test_leaving_a_continued_draft_is_not_asked_about(tab: Any) -> None:
    page = tab()
    typed(page)
    saved(page)
    again = tab()
    again.get_by_role("link", name="Continue editing").click()
    again.wait_for_function(f"document.querySelector('[name=source]').value === '{WORDS}'")
    asked: list[str] = []
    again_url = again.url.partition("?")[0]
    again.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    again.locator(".crumbs a").first.click()
    again.wait_for_url(lambda url: not url.startswith(again_url))

    assert asked == []


def test_a_preview_comes_without_leaving_the_page(tab: Any) -> None:
    page = tab()
    typed(page, "It is **needed**.\n\n<!-- why? -->")
    page.get_by_role("button", name="Preview").click()
    page.locator(".preview-place strong", has_text="needed").wait_for()

    assert (
        page.locator(".hidden-characters").inner_text()
        == "Line 3: The comment “why?” is not shown."
    )
    assert page.locator("[name=source]").input_value().startswith("It is")


def test_a_draft_is_discarded_where_it_is_offered(tab: Any) -> None:
    page = tab()
    typed(page)
    saved(page)
    again = tab()
    again.on("dialog", lambda dialog: dialog.accept())
    again.get_by_role("link", name="Discard").click()
    again.locator(".draft-offer").wait_for(state="detached")

    assert not Draft.objects.exists()


def test_a_save_waits_for_a_server_that_is_away(tab: Any) -> None:
    page = tab()
    page.route("**/drafts/save/", lambda route: route.fulfill(status=503, body="away"))
    typed(page)
    page.get_by_role("button", name="Post reply").click()
    page.locator(".draft-state", has_text="Not saved yet, trying again").wait_for()
    assert page.locator("[name=source]").input_value() == WORDS

    page.unroute("**/drafts/save/")
    page.locator(".post", has_text=WORDS).wait_for()

    assert Post.objects.filter(source=WORDS).count() == 1
