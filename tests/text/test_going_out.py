"""Hostile texts go out by mail and in every export: within bounds, as words, and nothing else."""

import csv
import io
import os
import re
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import default
from functools import partial
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from django.urls import reverse

from common.errors import Invalid
from common.mail.compose import Unsendable, compose
from common.mail.models import Message
from common.text.markdown import TextKind, plain, render
from members.organizations import csv_files
from notifications.mails import render_content
from notifications.types import NotificationContent
from tests import factories
from tests.factories import works
from tests.text.hostile import POLYGLOTS, pathological
from tests.text.timing import assert_quick
from tests.text.witness import has_foreign_scheme, hostile_parts
from workinggroups.meetings import calendars

# `make fuzz` takes all of them.
IS_WHOLE = "FUZZ_EXAMPLES" in os.environ
LONG = list(pathological(64 * 1024).items())
MAILED = [*LONG[:: 1 if IS_WHOLE else 9], *enumerate(POLYGLOTS[:: 1 if IS_WHOLE else 17])]
EXPORTED = [*LONG[:: 4 if IS_WHOLE else 40], *enumerate(POLYGLOTS[:: 4 if IS_WHOLE else 83])]
SECONDS = 0.5
HEADERS = {
    *("Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "Subject", "From"),
    *("To", "Date", "MIME-Version", "Content-Type"),
}


class Structure(HTMLParser):
    """The elements of a page with the names of their attributes, and what is live among them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.live: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _value in attributes)))
        for name, value in attributes:
            is_address = name in {"href", "src", "action", "formaction", "xlink:href"}
            if name.startswith("on") or (is_address and has_foreign_scheme(value or "")):
                self.live.append(f"{tag} {name}={value}")


def content_of(text: str) -> NotificationContent:
    """What a reader reads of a post with this text in a topic with this title."""
    try:
        html = render(text, TextKind.POST)
    except Invalid:
        html = ""
    return NotificationContent(
        title=" ".join(text.split())[:200],
        url="/groups/g/discussion/1/",
        why="because you follow this topic",
        detail=plain(html, 280),
        group_name=text[:60],
        group_slug="g",
    )


def written(meeting: Any, organization: Any) -> tuple[bytes, str]:
    """Return the calendar of a meeting and the table of an organization, nothing kept of before."""
    calendars._event_bytes.cache_clear()
    return calendars.calendar_of(meeting), csv_files.write([organization])


@pytest.mark.parametrize(("name", "text"), MAILED, ids=lambda value: str(value)[:20])
def test_a_mail_says_hostile_words_and_nothing_more(name: object, text: str) -> None:
    assert_mail_is_words(text)


def assert_mail_is_words(text: str) -> None:
    harmless = Structure(render_content("post_added", content_of("Words")).html).elements

    def made() -> tuple[Any, bytes]:
        render_content.cache_clear()  # a kept mail would make every try after the first quick
        mail = render_content("post_added", content_of(text))
        to_ada = Message(dedupe_key="k", to_address="ada@example.org")
        try:
            return mail, compose(to_ada, mail).message().as_bytes()
        except Unsendable:  # a control character, which no form lets into a title
            assert re.search(r"[\x00-\x1f\x7f]", mail.subject)
            return mail, b""

    mail, sent = assert_quick(made, SECONDS)
    if not sent:
        return
    parsed = BytesParser(policy=default).parsebytes(sent)
    assert {*parsed.keys()} <= HEADERS
    assert len(parsed.keys()) == len({*parsed.keys()})
    structure = Structure(mail.html)
    assert [element for element in structure.elements if element[0] != "p"] == [
        element for element in harmless if element[0] != "p"
    ]
    assert structure.live == []


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "text"), EXPORTED, ids=lambda value: str(value)[:20])
def test_exports_of_a_publication_bring_hostile_words_and_nothing_more(
    name: object, text: str, chair: Any, group: Any, client: Any
) -> None:
    title = " ".join(re.sub(r"[\x00-\x1f]", " ", text).split())[:120]
    try:
        work = works.publication(chair, group, title=title, summary=title, text=text)
    except Invalid:  # refused with a sentence, so that nothing goes out
        return
    url = reverse("publication-version", args=[work.identifier, work.number])

    def got(rest: str) -> Any:
        response = assert_quick(lambda: client.get(rest), 2 * SECONDS)
        assert response.status_code == 200, rest
        return response

    assert hostile_parts(work.revision.html) == []
    for page in (work.get_absolute_url(), url, f"{url}text/", "/catalogue/"):
        assert Structure(got(page).content.decode()).live == []
    source = got(f"{url}text.md")
    assert source["X-Content-Type-Options"] == "nosniff"
    assert not source["Content-Type"].startswith("text/html")
    assert_feed_and_citations_are_words(got, url, title)
    ElementTree.fromstring(got("/sitemap.xml").content)  # noqa: S314 - ours


def assert_feed_and_citations_are_words(got: Callable[[str], Any], url: str, title: str) -> None:
    feed = ElementTree.fromstring(got("/catalogue/feed.atom").content)  # noqa: S314 - ours
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = feed.findall(f"{atom}entry")
    assert title in str(entry.findtext(f"{atom}title"))
    assert {child.tag for child in entry.iter()} == {child.tag for child in entry} | {
        entry.tag,
        f"{atom}name",
    } - ({f"{atom}name"} if entry.find(f".//{atom}name") is None else set())
    bib = got(f"{url}cite.bib").content.decode()
    assert len(re.findall(r"(?m)^@", bib)) == 1
    ris = got(f"{url}cite.ris").content.decode()
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in ris.splitlines() if line.strip())
    assert len(re.findall(r"(?m)^TY  - ", ris)) == 1


@pytest.mark.django_db
def test_calendars_and_tables_bring_hostile_words_and_nothing_more(chair: Any, group: Any) -> None:
    meeting = factories.meeting(group)
    organization = factories.organization("x")
    for _name, text in MAILED:
        title = text[:200].replace("\x00", "")
        meeting.title, meeting.location = title, title
        meeting.cancelled_reason = text[:2000]
        organization.name = organization.legal_name = title

        calendar, table = assert_quick(partial(written, meeting, organization), SECONDS)

        (event,) = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
        assert {key.upper() for key in event} <= {
            *("UID", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "SEQUENCE", "STATUS", "LOCATION"),
            *("DESCRIPTION", "URL", "ORGANIZER", "LAST-MODIFIED", "CREATED", "CLASS", "TRANSP"),
        }
        rows = list(csv.reader(io.StringIO(table.lstrip("\ufeff"))))
        assert len(rows) == 2
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in rows[1])
