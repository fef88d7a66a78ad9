"""What one person does for themselves, in a browser that runs no scripts: signing in with an app,
settings, search, the filters of the catalogue. The rest is told in the other journey."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from members.people.models import Person
from tests.factories.people import PASSWORD
from tests.journeys.people import Somebody
from tests.people.test_sign_in import totp
from tests.test_pages import furnished
from tests.world import build_world

pytestmark = pytest.mark.xdist_group("without-scripts")


@pytest.fixture
def person(committed_db: str) -> Person:
    """A member of the group in which most happened."""
    return furnished(build_world()).people["member"]


@pytest.fixture
def visitor(chromium: Any, person: Person, site: str) -> Iterator[Somebody]:
    somebody = Somebody(chromium, site, person.email, person.name, scripts=False)
    yield somebody
    somebody.context.close()


def signs_in(visitor: Somebody) -> None:
    visitor.go("/accounts/login/")
    visitor.fill(login=visitor.email, password=PASSWORD)
    visitor.press("Sign in")


def test_everything_at_the_desk_is_done_without_scripts(visitor: Somebody) -> None:
    signs_in(visitor)
    visitor.go("/settings/second-factor/")
    visitor.follow("Set up an app")
    secret = visitor.page.locator("main code").first.inner_text()
    visitor.fill(code=totp(secret))
    visitor.press("Turn on")
    visitor.go("/accounts/logout/")
    visitor.page.locator("main form button").first.click()
    cache.clear()  # A code works once; the clock has hardly moved since.
    signs_in(visitor)
    assert visitor.path.startswith("/accounts/second-factor/")
    visitor.fill(code=totp(secret))
    visitor.press("Sign in")

    visitor.go("/settings/")
    visitor.fill(name="Somebody Else", zone="Europe/Oslo")
    visitor.press("Save profile")
    assert visitor.page.locator("[name=zone]").input_value() == "Europe/Oslo"

    visitor.go("/settings/notices/")
    choice = visitor.page.locator("main input[type=radio]:not(:checked)").first
    name, value = choice.get_attribute("name"), choice.get_attribute("value")
    choice.check(force=True)
    visitor.press("Save settings")
    visitor.go("/settings/notices/")
    assert visitor.page.locator(f"[name='{name}'][value='{value}']").is_checked()

    visitor.go("/appearance/")
    visitor.page.locator("[name=theme][value=dark]").check()
    visitor.press("Save my choice")
    assert visitor.page.locator("html").get_attribute("data-theme") == "dark"


def test_what_is_there_is_found_and_sifted_without_scripts(visitor: Somebody) -> None:
    visitor.go("/catalogue/")
    facet = visitor.page.locator(".facet [type=checkbox]").first
    name = facet.get_attribute("name")
    facet.check()
    visitor.press("Apply filters")
    assert f"{name}=" in visitor.path
    assert visitor.page.locator(".facet [type=checkbox]").first.is_checked()
    visitor.fill(q="zzyzx")
    visitor.press("Search")
    visitor.reads("No matching publications")

    signs_in(visitor)
    visitor.page.locator("#jump").fill("limit")
    with visitor.page.expect_navigation():
        visitor.page.locator("#jump").press("Enter")
    visitor.reads("The limit")
