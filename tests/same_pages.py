"""Does every page still say and look the same? Run on demand, after a change of markup or style alone.

`make same-pages AGAINST=main` draws each page, state and mail twice from one database: with the
templates and styles of this checkout, and with those of that commit. Chromium opens both at two
widths. Equal must be the elements with their attributes and text, the words as a reader sees them,
the accessibility tree, and the place and size of every element.

What differs is printed and written to the folder that `SAME_PAGES` names, if it names one.
"""

import difflib
import os
import random
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.template import engines

from common.http import errors
from common.ui.templatetags import fragments
from tests.chromium import LOOKS, served
from tests.committed import copied_db
from tests.factories import groups, organizations, people
from tests.pages import PAGES, PageType, Stage
from tests.rendered_pages import RENDERED, RenderedPage
from tests.states import STATES
from tests.states.looking import browser
from tests.test_pages import furnished
from tests.world import build_world

ROOT = Path(settings.BASE_DIR)
AGAINST = os.environ.get("AGAINST", "main")
WIDTHS = sorted({look.width for look in LOOKS}, reverse=True)
# Opens what is folded, and describes the page in lines of text.
READ = Path(__file__).with_name("same_pages.js").read_text()


def as_rendered(page: PageType) -> RenderedPage:
    """The page of an address, drawn in this process."""

    def draw(stage: Stage) -> Any:
        return browser(stage, page.role).get(page.path(stage))

    return RenderedPage(page.name, page.family, draw)


EVERYTHING = [*map(as_rendered, PAGES), *RENDERED, *STATES]


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the templates and styles of the other commit."""
    folder = tmp_path_factory.mktemp("former")
    archive = subprocess.run(
        ["git", "archive", AGAINST, "templates", "static/css"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


@pytest.fixture(scope="module")
def site(chromium: Any, migrated_db: None, django_db_blocker: Any) -> Iterator[tuple[str, Stage]]:
    with copied_db(django_db_blocker), served() as address:
        yield address, furnished(build_world())


@pytest.fixture(scope="module")
def windows(chromium: Any, former: Path) -> Iterator[tuple[Any, Any]]:
    """Two windows: one with the styles of that commit, one with those of this checkout."""
    contexts = [chromium.new_context(reduced_motion="reduce") for _ in range(2)]

    def styles_of_that_commit(route: Any) -> None:
        file = former / "static" / route.request.url.partition("?")[0].partition("/static/")[2]
        if file.is_file():
            route.fulfill(path=file, content_type="text/css")
        else:
            route.fulfill(status=404)

    contexts[0].route("**/static/css/**", styles_of_that_commit)
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    "rendered", EVERYTHING, ids=lambda rendered: f"{rendered.family}-{rendered.name}"
)
def test_page_is_the_same(
    rendered: RenderedPage, site: tuple[str, Stage], windows: tuple[Any, Any], former: Path
) -> None:
    address, stage = site
    with templates_of(former / "templates", "django.template.loaders.filesystem.Loader"):
        before = read(windows[0], address, rendered, answer_of(rendered, stage))
    with templates_of(ROOT / "templates", "common.ui.template_loader.Loader"):
        after = read(windows[1], address, rendered, answer_of(rendered, stage))

    differences = list(difflib.unified_diff(before, after, "before", "after", lineterm="", n=1))
    if differences and "SAME_PAGES" in os.environ:
        file = Path(os.environ["SAME_PAGES"]) / f"{rendered.family}-{rendered.name}.diff"
        file.write_text("\n".join(differences) + "\n", encoding="utf-8")
    assert differences == []


@contextmanager
def templates_of(folder: Path, loader: str) -> Iterator[None]:
    """Let the process draw with the templates in this folder."""
    engine = engines["django"].engine
    loaders = [(loader, [folder]), "django.template.loaders.app_directories.Loader"]
    cached = ("django.template.loaders.cached.Loader", loaders)
    of_the_project = engine.template_loaders
    engine.template_loaders = engine.get_template_loaders([cached])
    for kept in (fragments.cached_fragment, errors._constant):
        kept.cache_clear()
    try:
        yield
    finally:
        engine.template_loaders = of_the_project


def answer_of(rendered: RenderedPage, stage: Stage) -> dict[str, Any]:
    """The page, with the same random values and invented names as the other time it is drawn."""
    seeded = random.Random(rendered.name)
    with ExitStack() as patches:
        for name in ("os.urandom", "random._urandom"):
            patches.enter_context(mock.patch(name, seeded.randbytes))
        for factory in (groups, organizations, people):
            patches.enter_context(mock.patch.object(factory, "_numbers", count(1000)))
        return rendered.answer(stage)


def read(window: Any, address: str, rendered: RenderedPage, answer: dict[str, Any]) -> list[str]:
    """What is compared, in lines."""
    url = f"{address}/drawn/{rendered.family}/{rendered.name}/"
    window.route(url, lambda route: route.fulfill(**answer))
    lines: list[str] = []
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": 900})
        if width == WIDTHS[0]:
            window.goto(url)
            window.evaluate("document.fonts.ready.then(() => null)")
            words, elements = window.evaluate(READ)
            lines += ["# Words", *map(str.rstrip, words.splitlines()), "# Elements", *elements]
            lines += ["# Accessibility", *window.locator("body").aria_snapshot().splitlines()]
        lines += [f"# Places at {width}", *window.evaluate(PLACES)]
    return [masked(line) for line in lines]


PLACES = """
() => [...document.body.querySelectorAll("*")].filter(element => !element.closest("svg *, head"))
  .map(element => {
    const box = element.getBoundingClientRect()
    const numbers = [box.x, box.y, box.width, box.height].map(number => Math.round(number))
    return `${element.localName}.${element.className} ${numbers.join(" ")}`
  })
"""
# A page drawn again is about rows written again.
VOLATILE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{12,64}\b"
    r"|\b\d\d:\d\d(:\d\d)?|\.\d{6}\b|[\w-]{20,}:\w{6}:[\w-]{43}"
)


def masked(line: str) -> str:
    return VOLATILE.sub("…", line)
