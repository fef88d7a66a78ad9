"""Debian's Chromium for tests: pages at two widths and in two themes, checked by axe.

A pytest plugin named in `addopts`. Where no browser is installed these tests are skipped, and the
summary says so; `REQUIRE_BROWSER=1` makes that an error, so that no run can forget them.
"""

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without `preload`, axe reads imported style sheets once more and puts them into the page, which
# the content policy refuses. Only an experimental rule, which is not asked for, needs them.
AXE_OPTIONS = {
    "runOnly": RULES,
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},
}
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "no Chromium here, so pages were not looked at (apt install chromium)"


@dataclass(frozen=True)
class Look:
    """One of the four ways in which every page is looked at."""

    width: int
    theme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}"


LOOKS = [Look(width, theme) for width in (1280, 390) for theme in ("light", "dark")]


def asked_of(name: str) -> list[Look]:
    """Where axe looks at the page of this name: wide and light, or narrow and dark, by turns.

    All pages are made of the same components, so each of these is looked at in both. ALL_LOOKS=1
    asks for all four looks of every page.
    """
    if "ALL_LOOKS" in os.environ:
        return LOOKS
    return [(LOOKS[0], LOOKS[-1])[zlib.crc32(name.encode()) % 2]]


# Each heading that looks larger than the one it is under, at the size that the browser draws it.
LARGER_HEADINGS = """
() => {
  const above = []
  const faults = []
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    if (!heading.checkVisibility() || heading.getBoundingClientRect().width <= 1) continue
    const level = Number(heading.localName[1])
    const size = parseFloat(getComputedStyle(heading).fontSize)
    const name = `${heading.localName} “${heading.textContent.trim()}” (${size}px)`
    above.length = level
    const parent = above.findLast(one => one)
    if (parent && size > parent.size) faults.push(`${name} looks larger than ${parent.name}`)
    above[level] = { size, name }
  }
  return faults
}
"""


@dataclass
class Visit:
    """A page open in the browser, and what the browser complained about while it was drawn."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def begin(self) -> None:
        """Leave the page before, and forget what the content policy said there of axe's styles."""
        self.page.goto("about:blank")
        self.complaints.clear()

    def _note(self, message: Any) -> None:
        """Keeps what a script or the content policy complains about, not the status of the page."""
        if message.type == "error" and "status of" not in message.text:
            self.complaints.append(message.text)

    def is_sideways(self) -> bool:
        """The page is wider than its window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def larger_headings(self) -> list[str]:
        """The headings that look larger than the heading of the part they belong to."""
        return list(self.page.evaluate(LARGER_HEADINGS))

    def violations(self) -> list[str]:
        """What axe finds, each with the elements it means. Asked last: axe itself adds styles."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(
            "options => axe.run(document, options).then(found => found.violations)",
            AXE_OPTIONS,
        )
        return [
            f"{rule['id']}: "
            + "; ".join(" ".join(map(str, node["target"])) for node in rule["nodes"])
            for rule in found
        ]

    def faults(self) -> list[str]:
        """All that is wrong with the page, for one assertion that names everything at once."""
        faults = list(self.complaints)
        if self.is_sideways():
            faults.append("scrolls sideways")
        return faults + self.violations()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the run."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if executable is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; Django would take that for a careless async view, and
    # keeps other connections there: those from before would stay open where nobody finds them.
    connections.close_all()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    # And it keeps another set of connections while a loop runs: none of either set may stay open,
    # or the database can neither be copied nor dropped.
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def site(committed_db: str) -> Iterator[str]:
    """The address of this project, running on a database of its own in which commits count."""
    with served() as address:
        yield address


@contextmanager
def served() -> Iterator[str]:
    """This project at an address, on whichever database is set."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test import override_settings
    from django.test.testcases import LiveServerThread

    with override_settings(ALLOWED_HOSTS=["localhost"]):
        server = LiveServerThread("localhost", StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://localhost:{server.port}"
        server.terminate()


@pytest.fixture
def visit(chromium: Any, site: str) -> Iterator[Callable[..., Visit]]:
    """`visit(path, look, person)` opens a page as that person sees it, or as a stranger does."""
    contexts = []

    def open_page(path: str, look: Look = LOOKS[0], person: Any = None) -> Visit:
        context = chromium.new_context(
            viewport={"width": look.width, "height": 900}, color_scheme=look.theme
        )
        contexts.append(context)
        if person is not None:
            context.add_cookies([session_cookie(person, site)])
        visited = Visit(context.new_page())
        visited.listen()
        visited.page.goto(site + path)  # until it is loaded, its scripts and styles included
        visited.page.evaluate("document.fonts.ready.then(() => null)")
        return visited

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def faults_of(chromium: Any, site: str) -> Iterator[Callable[..., list[str]]]:
    """`faults_of(path, person)`: what is wrong with a page where axe is asked about it.

    The page is opened once and then resized; each person keeps one window for the whole test, so
    that styles and scripts come from the browser's cache.
    """
    windows: dict[int | None, Visit] = {}

    def window(person: Any) -> Visit:
        key = None if person is None else person.pk
        if key not in windows:
            context = chromium.new_context(reduced_motion="reduce")
            if person is not None:
                context.add_cookies([session_cookie(person, site)])
            windows[key] = Visit(context.new_page())
            windows[key].listen()
        return windows[key]

    def look_at(path: str, person: Any = None) -> list[str]:
        visited = window(person)
        visited.begin()
        faults: list[str] = []
        asked = asked_of(path)
        for look in asked:
            visited.page.set_viewport_size({"width": look.width, "height": 900})
            visited.page.emulate_media(color_scheme=look.theme)
            if look == asked[0]:
                visited.page.goto(site + path)
                visited.page.evaluate("document.fonts.ready.then(() => null)")
            if visited.is_sideways():
                faults.append(f"{look}: scrolls sideways")
            faults += [f"{look}: {violation}" for violation in visited.violations()]
        return faults + visited.complaints

    yield look_at
    for visited in windows.values():
        visited.page.context.close()


def session_cookie(person: Any, site: str) -> dict[str, str]:
    from django.conf import settings

    from tests.browser import signed_in

    client = signed_in(person)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": site}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    unseen = sum(MISSING in str(report.longrepr) for report in skipped)
    if unseen:
        terminalreporter.write_line(f"{unseen} tests skipped: {MISSING}", red=True, bold=True)
