"""Everything a page says can be translated, and each sentence as a whole."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.test import override_settings

from common.http import errors
from common.ui.templatetags import fragments
from tests.committed import copied_db
from tests.pages import PAGES, Stage
from tests.rendered_pages import RENDERED, RenderedPage
from tests.same_pages import as_rendered
from tests.states import STATES
from tests.test_pages import furnished
from tests.translation.pseudo_locale import CLOSE, OPEN, pseudo_locale
from tests.world import build_world

ROOT = Path(settings.BASE_DIR)
# The sheet of components is for developers.
FOR_DEVELOPERS = ROOT / "templates" / "portal" / "components.html"
TEMPLATES = sorted({*(ROOT / "templates").rglob("*.html")} - {FOR_DEVELOPERS})
# One worker builds the world.
TOGETHER = pytest.mark.xdist_group("translation")
EVERYTHING = [*map(as_rendered, PAGES), *RENDERED, *STATES]

LETTERS = re.compile(r"[^\W\d_]{2,}")
# What is the same in every language.
NAMES = re.compile(
    r"\b(UTC|PDF|CSV|HTML|JSON|RSS|Atom|API|BibTeX|DOI|SHA-256|Markdown|UTF-8|URL|RIS|CSL-JSON|text\.md)\b"
)
# Inside these, words are not read, or are what somebody typed.
UNREAD = frozenset({"script", "style", "svg", "code", "pre", "kbd", "samp", "textarea"})
WORDED = ("title", "aria-label", "placeholder", "alt", "content")


# What templates hold


class _Words(HTMLParser):
    """Collects the words of a piece of HTML: its text, and the attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in UNREAD
        names = [name for name in WORDED if name != "content" or tag == "meta"]
        if tag != "meta":
            self.words += [value for name, value in attrs if name in names and value]

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.words.append(data)


def words_outside_messages(source: str) -> list[str]:
    """The words of a template that no translator is given."""
    pieces, depth = [], 0
    for token in Lexer(source).tokenize():
        words = token.contents.split()
        if token.token_type == TokenType.BLOCK and words[0].startswith("blocktrans"):
            depth += 1
        elif token.token_type == TokenType.BLOCK and words[0].startswith("endblocktrans"):
            depth -= 1
        elif token.token_type == TokenType.BLOCK and words[0] in {"comment", "endcomment"}:
            depth += 1 if words[0] == "comment" else -1
        elif token.token_type == TokenType.TEXT and not depth:
            pieces.append(token.contents)
        elif token.token_type == TokenType.BLOCK and words[0] == "block" and "class" in words[1]:
            depth += 1
        elif token.token_type == TokenType.BLOCK and words[0] == "endblock" and depth:
            depth -= 1
        elif token.token_type == TokenType.BLOCK:
            pieces.append(" ")
        elif token.token_type == TokenType.VAR:
            pieces.append("\1")
    reader = _Words()
    reader.feed("".join(pieces))
    reader.close()
    return [text.strip() for text in reader.words if LETTERS.search(NAMES.sub("", text))]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(ROOT)))
def test_template_gives_every_word_to_translators(file: Path) -> None:
    assert words_outside_messages(file.read_text(encoding="utf-8")) == []


# What pages show


class _Runs(HTMLParser):
    """Cuts a page into runs of text: what is read on as one line, also through a link.

    Two elements side by side, such as links and buttons, are two runs; words beside a link are of
    one sentence with it.
    """

    INLINE = frozenset({"a", "strong", "em", "b", "i", "time", "bdi", "abbr", "code", "wbr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[str] = [""]
        self.unread = 0
        self.has_just_ended = False  # an inline element, with no word since

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.INLINE or self.has_just_ended:
            self.runs.append("")
        self.has_just_ended = False
        self.unread += tag in UNREAD - {"code"}

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in UNREAD - {"code"}
        self.has_just_ended = tag in self.INLINE
        if tag not in self.INLINE:
            self.runs.append("")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.runs[-1] += data
            self.has_just_ended = self.has_just_ended and not data.strip()


# Words beside a message with nothing but white space between them belong into its sentence.
GLUED = re.compile(rf"[\w)”’]\s*{OPEN}|{CLOSE}\s*[\w(“‘]|{CLOSE}\s*{OPEN}")
# A whole sentence may follow another, a name its label, and a time the name of its zone.
ENDED = re.compile(rf"([.!?…:]{CLOSE})\s*|\d{CLOSE} UTC([+-][\d:]+)?")


def outline(run: str) -> str:
    """The run with each message cut to its last character, which tells how it ends."""
    pieces, depth, last = [], 0, ""
    for character in " ".join(run.split()):
        if character == OPEN:
            depth += 1
        elif character == CLOSE:
            depth -= 1
            pieces += [] if depth else [OPEN, last, CLOSE]
        elif depth:
            last = character
        else:
            pieces.append(character)
    return "".join(pieces)


def runs_of(page: str) -> list[str]:
    reader = _Runs()
    reader.feed(page)
    reader.close()
    return [" ".join(run.split()) for run in dict.fromkeys(reader.runs) if run.strip()]


def is_glued(run: str) -> bool:
    return bool(GLUED.search(ENDED.sub(" · ", outline(run))))


def untranslated(run: str) -> list[str]:
    """The sentences of our code in this run that are in no message."""
    return [sentence for sentence in sentences_of_code() if sentence in outline(run)]


@cache
def sentences_of_code() -> list[str]:
    """The strings of several words in the code that are given to no translator.

    Names of countries and licences are data.
    """
    files = [
        file
        for app in ("alliance", "catalogue", "common", "members", "notifications", "workinggroups")
        for file in (ROOT / app).rglob("*.py")
        if not {"migrations", "vocabulary", "api"} & {*file.parts}
    ]
    return sorted({text for file in files for text in _plain_strings(ast.parse(file.read_text()))})


def _plain_strings(node: ast.AST) -> Iterator[str]:
    """The strings below this node, without docstrings and the arguments of gettext."""
    if isinstance(node, ast.Call) and _is_gettext(node.func):
        return
    body = getattr(node, "body", None)
    for child in ast.iter_child_nodes(node):
        is_docstring = isinstance(body, list) and child is body[0] and isinstance(child, ast.Expr)
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            if re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", child.value):
                yield " ".join(child.value.split())
        elif not is_docstring:
            yield from _plain_strings(child)


def _is_gettext(function: ast.expr) -> bool:
    name = getattr(function, "id", getattr(function, "attr", ""))
    return name == "_" or "gettext" in name


@pytest.fixture(scope="module")
def stage(migrated_db: None, django_db_blocker: Any) -> Iterator[Stage]:
    with copied_db(django_db_blocker), override_settings(ALLOWED_HOSTS=["localhost"]):
        yield furnished(build_world())


@pytest.mark.walk
@TOGETHER
@pytest.mark.parametrize(
    "rendered", EVERYTHING, ids=lambda rendered: f"{rendered.family}-{rendered.name}"
)
def test_page_is_made_of_whole_messages(stage: Stage, rendered: RenderedPage) -> None:
    for kept in (fragments.cached_fragment, errors._constant):
        kept.cache_clear()
    with pseudo_locale():
        body = rendered.answer(stage)["body"]

    runs = runs_of(body if isinstance(body, str) else body.decode())
    assert any(OPEN in run for run in runs)
    assert [run for run in runs if is_glued(run)] == []
    if rendered.name != "developers":  # the description of the API is in English
        assert [run for run in runs if untranslated(run)] == []
