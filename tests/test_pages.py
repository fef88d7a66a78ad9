"""Every type of page: no fault that axe finds, nothing sideways, no heading larger than the one it
is under, few bytes, in both themes and widths. Over one world in one database; the browser keeps
one window a role."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.chromium import LOOKS, Visit, asked_of, served, session_cookie
from tests.committed import copied_db
from tests.factories import meetings, works
from tests.matrix.routes import routes
from tests.pages import NO_PAGES, PAGES, PageType, Stage
from tests.raw_words import raw_words
from tests.rendered_pages import RENDERED, RenderedPage
from tests.states import STATES
from tests.world import World, build_world
from workinggroups.deliverables.actions import add_comment
from workinggroups.discussion.actions import add_post, start_topic

# Two workers share the looking; each builds the world once.
LISTED = pytest.mark.xdist_group("pages")
REACHED = pytest.mark.xdist_group("pages-reached")


# What a page weighs on its way. A group's home is opened most.
HTML_GZIP_MAX = 15 * 1024
GROUP_HTML_GZIP_MAX = 12 * 1024
CODE_GZIP_MAX = 80 * 1024


@dataclass
class PageSite:
    """The running site, its stage, and a window for each role."""

    browser: Any
    address: str
    stage: Stage
    windows: dict[str, Visit] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def window(self, role: str) -> Visit:
        if role not in self.windows:
            context = self.browser.new_context(reduced_motion="reduce")
            if role:
                cookie = session_cookie(self.stage.people[role], self.address)
                context.add_cookies([cookie])
            self.windows[role] = Visit(context.new_page())
            self.windows[role].listen()
        return self.windows[role]

    def code_of(self, page: Any) -> int:
        """The bytes of all scripts and styles that the page loaded, compressed."""
        loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
        code = {name for name in loaded if name.partition("?")[0].endswith((".css", ".js"))}
        for name in code - self.sizes.keys():
            self.sizes[name] = len(gzip.compress(page.request.get(name).body()))
        return sum(self.sizes[name] for name in code)


@pytest.fixture(scope="module")
def page_site(chromium: Any, migrated_db: None, django_db_blocker: Any) -> Iterator[PageSite]:
    with copied_db(django_db_blocker), served() as address:
        made = PageSite(chromium, address, furnished(build_world()))
        yield made
        for window in made.windows.values():
            window.page.context.close()


def furnished(world: World) -> Stage:
    """The world with a meeting, a topic and a work of each state in the open group."""
    group, chair = world.groups["open"], world.people["chair"]
    held = meetings.past_meeting(group)
    meetings.agenda_item(held)
    for source in ("We met.", "We met.\n\n# Results\n\n- One of them.\n\ndecision: Meet again."):
        meetings.notes(held, source, author=world.people["member"])
    meetings.meeting_series(group)
    meetings.several_days(group)
    planned = meetings.meeting(group)
    meetings.agenda_item(planned)
    topic = start_topic(actor=chair, group=group, title="The limit", source="Do we need one?")
    add_post(actor=world.people["member"], topic=topic, source="We do.")
    works.deliverable(chair, group, title="Draft")
    reviewed = works.in_review(chair, group, title="Reviewed")
    add_comment(actor=world.people["member"], deliverable=reviewed, source="Why?", quote="")
    works.approved(chair, group, title="Approved")
    works.publication(chair, group, files={"data.csv": b"a,b\n1,2\n"})
    people = {role: world.people[role] for role in ("chair", "member", "representative")}
    staff, applicant = world.people["staff"], world.people["applicant"]
    return Stage({**people, "admin": staff, "stranger": applicant}, group)


@pytest.mark.walk
@REACHED
@pytest.mark.parametrize(
    "rendered", [*RENDERED, *STATES], ids=lambda rendered: f"{rendered.family}-{rendered.name}"
)
def test_drawn_page_has_no_fault(page_site: PageSite, rendered: RenderedPage) -> None:
    window = page_site.window("")
    window.begin()
    answer = rendered.answer(page_site.stage)
    address = f"{page_site.address}/drawn/{rendered.family}/{rendered.name}/"
    window.page.route(address, lambda route: route.fulfill(**answer))

    body = answer["body"]
    faults = too_heavy(body, 0) + raw_words(body if isinstance(body, str) else body.decode())
    for look in LOOKS:
        window.page.set_viewport_size({"width": look.width, "height": 900})
        window.page.emulate_media(color_scheme=look.theme)
        if look == LOOKS[0]:
            window.page.goto(address)
            faults += window.complaints
        if look.theme == "light":
            faults += [f"{look}: {heading}" for heading in window.larger_headings()]
            if window.is_sideways():
                faults.append(f"{look}: scrolls sideways")
        if look in asked_of(rendered.name):
            faults += [f"{look}: {violation}" for violation in window.violations()]

    assert faults == []


def test_every_error_page_and_every_mail_is_drawn() -> None:
    templates = Path(settings.BASE_DIR) / "templates"
    rendered = {one.name for one in RENDERED if one.family == "errors"}
    written = {file.stem for file in (templates / "errors").glob("[0-9]*.html")}
    mails = {folder.name.replace("_", "-") for folder in (templates / "emails").glob("[!_]*")}

    assert written - rendered == set()
    assert mails == {one.name for one in RENDERED if one.family == "mails"}


@pytest.mark.walk
@LISTED
@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.family}-{page.name}")
def test_page_has_no_fault(page_site: PageSite, page: PageType) -> None:
    window = page_site.window(page.role)
    window.begin()
    expected = 404 if page.name == "not-found" else 200

    faults: list[str] = []
    for look in LOOKS:
        window.page.set_viewport_size({"width": look.width, "height": 900})
        window.page.emulate_media(color_scheme=look.theme)
        if look == LOOKS[0]:
            answer = window.page.goto(page_site.address + page.path(page_site.stage))
            assert answer.status == expected
            most = GROUP_HTML_GZIP_MAX if page.route == "group" else HTML_GZIP_MAX
            faults += too_heavy(answer.body(), page_site.code_of(window.page), most)
            faults += raw_words(answer.text())
            faults += window.complaints
        if look.theme == "light":
            faults += [f"{look}: {heading}" for heading in window.larger_headings()]
            if window.is_sideways():
                faults.append(f"{look}: scrolls sideways")
        if look in asked_of(page.name):
            faults += [f"{look}: {violation}" for violation in window.violations()]

    assert faults == []


def too_heavy(html: bytes, code: int, html_most: int = HTML_GZIP_MAX) -> list[str]:
    weights = [
        ("HTML, compressed", len(gzip.compress(html)), html_most),
        ("CSS and JS, compressed", code, CODE_GZIP_MAX),
    ]
    return [f"{what}: {size} bytes" for what, size, most in weights if size > most]


def test_every_address_with_a_page_is_of_a_type() -> None:
    of_a_type = {route for page in PAGES for route in (page.route, *page.alike)}
    of_a_type |= {state.route for state in STATES if state.route}
    with_a_page = {
        route.name
        for route in routes()
        if "GET" in route.methods and not route.pattern.startswith("api/")
    }

    assert with_a_page - of_a_type - NO_PAGES.keys() == set()
    assert (of_a_type | NO_PAGES.keys()) - with_a_page <= {
        "components",
        "mailbox",
        "mailbox_letter",
    }
    assert of_a_type & NO_PAGES.keys() == set()


def test_page_types_have_names_of_their_own() -> None:
    names = [(page.family, page.name) for page in (*PAGES, *RENDERED, *STATES)]

    assert len(names) == len(set(names))
