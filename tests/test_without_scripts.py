"""Every type of page, read as a browser without scripts reads it: all is shown, all can be done.

Three things would break that: a form or link that only a script completes, a control that only a
script brings to life, and words that only a script shows. A script may add a control, if it also
reveals it: the control is `hidden` until then. `HOOKS` names each mark by which our scripts find
what they work on; one that is not named here fails, so that its author says what is there without.
The journey (`tests/journeys`) does the same in a browser whose scripts are off.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import Resolver404, resolve

from tests import markup
from tests.browser import signed_in
from tests.committed import copied_db
from tests.matrix.routes import routes
from tests.pages import PAGES, PageType, Stage
from tests.rendered_pages import HOST, RENDERED, RenderedPage
from tests.states import STATES
from tests.test_pages import furnished
from tests.world import build_world

pytestmark = pytest.mark.xdist_group("without-scripts")

BASE = Path(settings.BASE_DIR)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}

# What marks an element for a script, and what there is of it without the script.
HOOKS = {
    "data-auto-submit": "form",  # has a button all the same
    "data-close": "dialog",  # in something that a script alone opens
    "data-copied": "hidden",
    "data-copy": "hidden",
    "data-dismiss": "hidden",
    # What a form with drafts says to its script; without one it has a button that saves a draft.
    "data-draft": "hidden",
    "data-draft-token": "hidden",
    "data-draft-sign-in": "hidden",
    "data-draft-unsaved": "hidden",
    "data-away": "hidden",
    "data-trying": "hidden",
    "data-signed-out": "hidden",
    "data-sign-in": "hidden",
    "data-refused": "hidden",
    "data-leave": "hidden",
    # Where the page "In the meeting" asks what has changed, and what it says where that fails;
    # without it one reloads the page.
    "data-live": "hidden",
    "data-live-now": "hidden",
    "data-live-left": "hidden",
    "data-live-over": "hidden",
    "data-live-away": "hidden",
    # Where a wide picture opens on a phone; without scripts it opens at its beginning.
    "data-opens-at": "scrolled",
    "data-live-signed-out": "hidden",
    "data-dialog": "link",  # leads to a page that does the same
    "data-zone-field": "hidden",
}
# Read by the style sheets.
FOR_STYLE = {"data-label", "data-theme"}
# The elements that scripts look up by their id, and what there is of each without them.
IDS = {
    "no-answer": "a sentence about a form that only a script sends without leaving the page",
    "jump": "a search box, which a script only focuses",
    "toasts": "messages, which a script only takes away",
    "zone-guess": "an offer, hidden until a script knows better",
}
REQUESTS = {"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"}
CONTROLS = {"button", "input", "select", "textarea"}
# A mail program posts there too, or a reader from a mail; the sealed address is what it has to show.
STOPPING = ("/notices/stop/", "/meetings/answer/")
# What a style sheet may hide at every width. The left of each pair is shown by what the right says.
HIDDEN_BY_STYLE = {
    "[hidden]": "what only scripts reveal; the pages are checked for it",
    ".toast.leaving": "a toast that a script takes away",
    ".site-menu": "the links of the header, where the header is too narrow for them",
    ".field > .text-tools:not(:has(.button:not([hidden]))):has(.draft-state:empty)": (
        "an empty line, until a script has something to say in it"
    ),
    ".availability input": "a radio button over its whole label, which shows whether it is chosen",
    ".live-jumps": "the headings that these links lead to, side by side in a wide window",
    ".live-action .live-call": "the same link in the head of the page, in a wide window",
    ".phone-bar, .bottom-bar": "the rail, where the window is too narrow for it",
}


@dataclass
class Element:
    """An element with what it lies in."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        for child in self.children:
            yield child
            yield from child.walk()

    def around(self) -> Iterator["Element"]:
        """Itself and all it lies in, from inside out."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def within(self, *tags: str) -> "Element | None":
        return next((element for element in self.around() if element.tag in tags), None)

    @property
    def is_hidden(self) -> bool:
        return any("hidden" in element.attributes for element in self.around())

    def __str__(self) -> str:
        said = "".join(f' {name}="{value}"' for name, value in self.attributes.items())
        return f"<{self.tag}{said}>"


class Reader(HTMLParser):
    """Makes elements of a page; our templates close every element that is not void."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Element("", {})

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        """`<path/>` in a picture."""
        self.open.children.append(Element(tag, dict(attrs), self.open))

    def handle_endtag(self, tag: str) -> None:
        if (closed := self.open.within(tag)) is not None and closed.parent is not None:
            self.open = closed.parent


def read(html: str) -> list[Element]:
    reader = Reader()
    reader.feed(html)
    return list(reader.root.walk())


# --- what may be wrong --------------------------------------------------------------------------


def faults(html: str, path: str) -> list[str]:
    """All of the page that is there for browsers with scripts alone."""
    page = read(html)
    found = [*of_marks(page), *of_words(page), *of_links(page)]
    found += of_forms(page, path)
    found += of_controls(page)
    found += of_drafts(page)
    return found


def of_drafts(page: list[Element]) -> Iterator[str]:
    """Forms with a text longer than a line in which nothing typed is kept."""
    for element in page:
        form = form_of(element, page) if element.tag == "textarea" else None
        if form is None or "readonly" in element.attributes:
            continue
        inside = {e.attributes.get("name") for e in page if form_of(e, page) is form}
        if not {"draft", "draft-page", "draft-save"} <= inside:
            yield f"what is typed here is not kept as a draft: {element} in {form}"


def of_marks(page: list[Element]) -> Iterator[str]:
    """Marks for scripts that nobody explained, or that lack what they promise."""
    for element in page:
        for name in element.attributes:
            if name.startswith("on") or name in {"contenteditable", "inert"}:
                yield f"{name} needs a script: {element}"
            if not name.startswith("data-") or name in FOR_STYLE:
                continue
            kind = HOOKS.get(name)
            kept = {
                "form": element.tag == "form",
                "dialog": element.within("dialog") is not None or element.is_hidden,
                "hidden": element.is_hidden,
                "scrolled": element.attributes.get("tabindex") == "0",
                "link": element.tag == "a" and bool(element.attributes.get("href", "").strip("#")),
            }
            if kind is None:
                yield f"{name} is not in HOOKS: {element}"
            elif not kept[kind]:
                yield f"{name} promises “{kind}”: {element}"
        if "-" in element.tag or element.attributes.get("role") in {"tab", "menuitem", "switch"}:
            yield f"only a script makes this work: {element}"
        if element.attributes.get("role") == "button" and element.tag not in {"button", "summary"}:
            yield f"only a script makes a button of this: {element}"


def of_words(page: list[Element]) -> Iterator[str]:
    """What is on the page and not shown."""
    openers = {element.attributes.get("data-dialog") for element in page}
    targets = {element.attributes.get("popovertarget") for element in page}
    for element in page:
        identity = element.attributes.get("id", "-")
        if "hidden" in element.attributes:
            revealed = identity in IDS or any(HOOKS.get(n) == "hidden" for n in element.attributes)
            sheet = [svg for svg in element.children if svg.tag == "svg"]
            drawn_elsewhere = (
                bool(sheet)
                and sheet == element.children
                and all(drawing.tag == "symbol" for svg in sheet for drawing in svg.children)
            )
            if not revealed and not drawn_elsewhere:
                yield f"nothing reveals this: {element}"
        if element.tag == "template":
            yield f"only a script draws this: {element}"
        if element.tag == "dialog" and "open" not in element.attributes and identity not in openers:
            yield f"no link does the same: {element}"
        if "popover" in element.attributes and identity not in targets:
            yield f"only a script opens this: {element}"


def of_links(page: list[Element]) -> Iterator[str]:
    ids = {element.attributes.get("id") for element in page}
    for element in page:
        if element.tag != "a":
            continue
        href = element.attributes.get("href", "")
        if not href or href == "#" or href.startswith("javascript:"):
            yield f"leads nowhere: {element}"
        if href.startswith("#") and href[1:] not in ids:
            yield f"leads to nothing on this page: {element}"


def of_forms(page: list[Element], path: str) -> Iterator[str]:
    """Forms that a browser cannot send, or to an address that does not take them.

    A form without an address of its own goes to that of its page; `path` is empty where none is.
    """
    for element in page:
        if element.tag == "form" and element.attributes.get("method") != "dialog":
            yield from _of_form(element, page, path)
        for name in REQUESTS & element.attributes.keys():
            yield from _of_request(element, name)


def _of_form(form: Element, page: list[Element], path: str) -> Iterator[str]:
    method = form.attributes.get("method", "get").upper()
    action = urlsplit(urljoin(path, form.attributes.get("action") or path))
    inside = [element for element in page if form_of(element, page) is form]
    fields = [e for e in inside if e.tag in CONTROLS - {"button"} and kind_of(e) != "hidden"]
    if not any(is_submit(e) and not e.is_hidden for e in inside) and not (
        len(fields) == 1 and kind_of(fields[0]) in {"search", "text", "email"}
    ):
        yield f"nothing sends this: {form}"
    has_token = "csrfmiddlewaretoken" in {e.attributes.get("name") for e in inside}
    if method == "POST" and not has_token and not action.path.startswith(STOPPING):
        yield f"no token against forgery: {form}"
    if action.netloc:
        yield f"leads off the site: {form}"
    elif action.path and method not in methods_of(action.path):
        yield f"{method} {action.path} is not answered: {form}"


def _of_request(element: Element, name: str) -> Iterator[str]:
    """The same request, made by a browser alone."""
    method = name.removeprefix("hx-").upper()
    form, link = element.within("form"), element.within("a")
    if element.tag == "button" and "formaction" in element.attributes:
        return  # The button itself leads to a page that shows the same.
    if element is link and element.attributes[name].startswith(link.attributes.get("href", "-")):
        return  # The page that the link leads to has a button for it.
    if form is not None:
        plain = form.attributes.get("method", "get").upper(), form.attributes.get("action")
    else:
        plain = "GET", link.attributes.get("href") if link is not None else None
    if plain != (method, element.attributes[name]):
        yield f"no form or link does the same: {element}"


def of_controls(page: list[Element]) -> Iterator[str]:
    """Controls that send nothing."""
    for element in page:
        if element.tag not in CONTROLS or element.is_hidden:
            continue
        if "popovertarget" in element.attributes or "readonly" in element.attributes:
            continue
        if form_of(element, page) is None:
            yield f"in no form: {element}"
        elif kind_of(element) == "button":
            yield f"only a script makes this button work: {element}"


def form_of(element: Element, page: list[Element]) -> Element | None:
    named = element.attributes.get("form")
    if named is None:
        return element.within("form")
    return next((e for e in page if e.tag == "form" and e.attributes.get("id") == named), None)


def kind_of(control: Element) -> str:
    default = {"button": "submit", "input": "text"}.get(control.tag, control.tag)
    return control.attributes.get("type") or default


def is_submit(element: Element) -> bool:
    return element.tag in {"button", "input"} and kind_of(element) in {"submit", "image"}


METHODS = {id(route.callback): route.methods for route in routes()}


def methods_of(path: str) -> frozenset[str]:
    try:
        return METHODS[id(resolve(path).func)]
    except Resolver404:
        return frozenset()


# --- every page ---------------------------------------------------------------------------------


@dataclass
class PageSite:
    """The stage, and a browser for each role."""

    stage: Stage
    clients: dict[str, Client] = field(default_factory=dict)
    # What was asked for so far, by the name of the page type.
    pages: dict[str, str] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        if role not in self.clients:
            self.clients[role] = (
                signed_in(self.stage.people[role], lasts_seconds=3600, headers=HOST)
                if role
                else Client(headers=HOST)
            )
        return self.clients[role]

    def html(self, page: PageType | RenderedPage) -> str:
        name = f"{page.family}-{page.name}"
        if name not in self.pages:
            self.pages[name] = self._asked(page)
        return self.pages[name]

    def _asked(self, page: PageType | RenderedPage) -> str:
        if isinstance(page, RenderedPage):
            body = page.answer(self.stage)["body"]
            return body if isinstance(body, str) else str(body.decode())
        response = self.client(page.role).get(page.path(self.stage))
        assert response.status_code == (404 if page.name == "not-found" else 200)
        return str(response.content.decode())


@pytest.fixture(scope="module")
def page_site(migrated_db: None, django_db_blocker: Any) -> Iterator[PageSite]:
    with copied_db(django_db_blocker), override_settings(ALLOWED_HOSTS=[HOST["host"]]):
        yield PageSite(furnished(build_world()))


@pytest.mark.walk
@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.family}-{page.name}")
def test_page_is_whole_without_scripts(page_site: PageSite, page: PageType) -> None:
    assert faults(page_site.html(page), page.path(page_site.stage)) == []


@pytest.mark.walk
@pytest.mark.parametrize(
    "rendered", [*RENDERED, *STATES], ids=lambda rendered: f"{rendered.family}-{rendered.name}"
)
def test_page_without_an_address_is_whole_without_scripts(
    page_site: PageSite, rendered: RenderedPage
) -> None:
    assert faults(page_site.html(rendered), "") == []


@pytest.mark.walk
def test_every_page_is_valid_html(page_site: PageSite, tmp_path: Path) -> None:
    markup.java()
    pages = {
        f"{page.family}-{page.name}": page_site.html(page) for page in (*PAGES, *RENDERED, *STATES)
    }

    assert markup.faults(pages, tmp_path) == []


def test_no_template_has_a_control_for_scripts_alone() -> None:
    """Also in what the list of pages does not draw: after a form was sent, or refused."""
    found = []
    for file in sorted((BASE / "templates").rglob("*.html")):
        if file.name == "components.html":  # samples, in development only
            continue
        source = re.sub(r"{%.*?%}|{#.*?#}", "", file.read_text(), flags=re.S)
        page = read(re.sub(r"{{.*?}}", "x", source, flags=re.S))
        dead = [
            f"only a script makes this button work: {element}"
            for element in page
            if element.tag == "button" and kind_of(element) == "button" and not element.is_hidden
        ]
        found += [f"{file.name}: {fault}" for fault in (*of_marks(page), *of_words(page), *dead)]

    assert found == []


def test_scripts_look_for_nothing_that_is_not_explained_here() -> None:
    scripts = "\n".join(file.read_text() for file in (BASE / "static" / "js").glob("*.js"))
    code = re.sub(r"^\s*//.*$", "", scripts, flags=re.M)
    read_as_properties = {
        "data-" + re.sub(r"([A-Z])", lambda letter: "-" + letter[1].lower(), name)
        for name in re.findall(r"\.dataset\.(\w+)", code)
    }
    selected = set(re.findall(r"\[(data-[a-z-]+)", code))

    assert read_as_properties | selected == HOOKS.keys() | {"data-theme"}
    assert set(re.findall(r"""getElementById\(["']([\w-]+)""", code)) == IDS.keys()


def test_style_hides_only_what_is_shown_otherwise() -> None:
    hiding = r"(?:display|visibility|opacity|content-visibility): *(?:none|hidden|0)\b(?!\.)"
    hidden = set()
    for file in (BASE / "static" / "css").rglob("*.css"):
        source = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.S)
        opened: list[str] = []
        for words, mark in re.findall(r"([^{};]*)([{};])", source):
            if mark == "{":
                opened.append(" ".join(words.split()))
            elif re.search(hiding, words) and not any(o.startswith("@media") for o in opened):
                hidden.add(opened[-1])
            if mark == "}":
                opened.pop()

    markers = {selector for selector in hidden if selector.endswith("::-webkit-details-marker")}
    assert hidden - markers == HIDDEN_BY_STYLE.keys()


@pytest.mark.parametrize(
    "html",
    [
        '<button type="button">Sort</button>',
        '<form action="/search/"><input name="q"><button type="button">Go</button></form>',
        '<form action="/search/"><input name="q"><select name="in"></select></form>',
        '<form method="post" action="/sign-in/"><button>Go</button></form>',
        '<form action="/nowhere/"><button>Go</button></form>',
        '<a href="/search/" hx-get="/groups/">Groups</a>',
        '<div hx-get="/groups/">Groups</div>',
        '<a href="#">Open</a>',
        '<a href="#more">More</a>',
        '<a href="#" data-dialog="sure">Withdraw</a><dialog id="sure">Sure?</dialog>',
        "<dialog>Sure?</dialog>",
        '<p data-tip="For members">Listed</p>',
        '<p data-copy="citation">Copy</p>',
        "<section hidden>The minutes</section>",
        "<template><p>The minutes</p></template>",
        '<div id="menu" popover>Settings</div>',
        '<span role="button" tabindex="0">Close</span>',
        '<input name="q">',
    ],
)
def test_what_only_scripts_complete_is_found(html: str) -> None:
    assert faults(html, "/") != []


@pytest.mark.parametrize(
    "html",
    [
        '<form action="/search/"><input type="search" name="q"></form>',
        '<a href="/groups/" hx-get="/groups/">Groups</a>',
        '<p id="cite">Text</p><button type="button" data-copy="cite" hidden>Copy</button>',
        '<a href="/withdraw/" data-dialog="sure">Withdraw</a><dialog id="sure">Sure?</dialog>',
        '<button type="button" popovertarget="menu">Menu</button><div id="menu" popover>All</div>',
        "<details><summary>More</summary><p>Text</p></details>",
    ],
)
def test_what_works_without_scripts_is_left_alone(html: str) -> None:
    assert faults(html, "/") == []
