"""Pieces of a page that are drawn once for the same facts."""

from dataclasses import dataclass, replace

from django.template import Context, Template

from common.ui import icons
from common.ui.templatetags import fragments


@dataclass(frozen=True)
class Tabs:
    slug: str = "trust"
    name: str = "Trust & <Safety>"
    tab: str = "overview"
    is_profile_only: bool = False
    hides_people: bool = False
    counts: tuple[str, ...] = ()


TABS = Template('{% cached_include "components/group_tabs.html" facts %}')
SEARCH = Template(
    '{% collect_icons %}{% cached_include "components/rail.html" facts %}|{% icon_sheet %}'
)


@dataclass(frozen=True)
class Rail:
    items: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    name: str = "Ada Ekström"
    organization: str = ""


def test_the_same_facts_are_drawn_once() -> None:
    fragments.cached_fragment.cache_clear()

    first = TABS.render(Context({"facts": Tabs()}))
    second = TABS.render(Context({"facts": Tabs()}))

    assert first == second
    assert fragments.cached_fragment.cache_info().misses == 1


def test_other_facts_are_drawn_anew() -> None:
    here = TABS.render(Context({"facts": Tabs()}))
    there = TABS.render(Context({"facts": replace(Tabs(), tab="people")}))

    assert here != there


def test_facts_are_escaped() -> None:
    assert "Trust &amp; &lt;Safety&gt;" in TABS.render(Context({"facts": Tabs()}))


def test_a_kept_part_still_brings_its_icons_to_the_sheet() -> None:
    fragments.cached_fragment.cache_clear()
    pages = [SEARCH.render(Context({"facts": Rail()})) for _ in range(2)]

    assert pages[0] == pages[1]
    assert '<symbol id="i-search"' in pages[1].partition("|")[2]


def test_without_a_sheet_icons_are_drawn_in_place() -> None:
    html = Template('{% cached_include "components/rail.html" facts %}').render(
        Context({"facts": Rail()})
    )

    assert icons.SHEET not in html
    assert "<use" not in html
    assert "<path" in html
