"""The sheet of components, in a real browser: what every page is made of has no fault itself."""

from collections.abc import Callable

import pytest

from tests.chromium import LOOKS, Look, Visit


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("path", ["/components/", "/", "/no-such-page/"])
def test_page_has_no_fault(path: str, look: Look, visit: Callable[..., Visit]) -> None:
    assert visit(path, look).faults() == []


def test_chosen_theme_wins_over_the_system(visit: Callable[..., Visit]) -> None:
    visited = visit("/appearance/", Look(1280, "light"))

    visited.page.get_by_label("Dark").check()
    visited.page.get_by_role("button", name="Save my choice").click()
    visited.page.goto(visited.page.url.replace("/appearance/", "/"))

    ground = visited.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(22, 20, 16)"


def test_slash_goes_to_the_search_box_of_the_desk(visit: Callable[..., Visit]) -> None:
    from tests import factories

    visited = visit("/appearance/", LOOKS[0], factories.person("Ines Reader"))

    visited.page.keyboard.press("/")

    assert visited.page.evaluate("document.activeElement.id") == "jump"
