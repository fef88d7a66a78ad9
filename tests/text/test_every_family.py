"""Each family of hostile texts goes through all that is ever done with a text, in bounded time.

The texts are short, so that a run of the suite takes every family; test_bounds.py and `make fuzz`
read long ones.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from common.errors import Invalid
from common.search.words import indexable
from common.text.diff import diff_html
from common.text.markdown import TextKind, plain, plain_blocks, read
from common.text.rendered_diff import rendered_diff_html
from tests.factories import works
from tests.text.hostile import pathological
from tests.text.test_going_out import (
    Structure,
    assert_feed_and_citations_are_words,
    assert_mail_is_words,
)
from tests.text.timing import assert_quick
from tests.text.witness import hostile_parts
from workinggroups.deliverables.models import Publication, ReviewComment, Revision
from workinggroups.deliverables.quoting import with_quotes

SIZE = 4 * 1024
FAMILIES = pathological(SIZE)
# Of each step, on an idle machine: ten times what the dearest family takes.
SECONDS = 0.4
EVERY_FAMILY = pytest.mark.parametrize("family", list(FAMILIES))


def edited(source: str) -> str:
    half = len(source) // 2
    return f"{source[:half]} other words {source[half + 3 :]}"


@EVERY_FAMILY
def test_it_is_rendered_indexed_compared_and_quoted(family: str) -> None:
    source = FAMILIES[family]
    other = edited(source)
    try:
        document = assert_quick(lambda: read(source, TextKind.NOTES), SECONDS)
        posted = assert_quick(lambda: read(source, TextKind.POST), SECONDS)
        changed = read(other, TextKind.NOTES).html
    except Invalid:
        return
    words = plain(document.html)

    assert hostile_parts(document.html) == hostile_parts(posted.html) == []
    assert_quick(lambda: indexable(plain_blocks(document.html)), SECONDS)
    assert_quick(lambda: rendered_diff_html(document.html, changed), SECONDS)
    assert_quick(lambda: diff_html(source, other), SECONDS)
    quotes = [words[:200], words[len(words) // 2 :][:300], words[-100:], "nowhere in the text"]
    comments = [ReviewComment(number=number, quote=quote) for number, quote in enumerate(quotes)]
    quoted = assert_quick(lambda: with_quotes(document.html, comments), SECONDS)
    # What marks a quote is added, and nothing is taken away.
    assert Structure(str(quoted)).live == []
    assert len(quoted) >= len(document.html)


@EVERY_FAMILY
def test_it_goes_out_by_mail_as_words(family: str) -> None:
    assert_mail_is_words(FAMILIES[family])


@pytest.mark.django_db
def test_each_is_exported_as_words(chair: Any, group: Any, client: Any) -> None:
    work = works.publication(chair, group)
    url = reverse("publication-version", args=[work.identifier, work.number])
    exported = 0

    def got(address: str) -> Any:
        response = assert_quick(lambda: client.get(address), SECONDS)
        assert response.status_code == 200, (family, address)
        return response

    for family, source in FAMILIES.items():
        try:
            html = read(source, TextKind.DOCUMENT).html
        except Invalid:
            continue
        title = " ".join(re.sub(r"[\x00-\x1f]", " ", source).split())[:120]
        publish_again(work, title, source, html)
        assert Structure(got(f"{url}text/").content.decode()).live == [], family
        assert b"".join(got(f"{url}text.md")).decode() == source, family
        assert_feed_and_citations_are_words(got, url, title)
        exported += 1

    assert exported > 100


def publish_again(work: Publication, title: str, source: str, html: str) -> None:
    """As if it had been published with this title and text: publishing each takes a long time."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Publication.objects.filter(pk=work.pk).update(title=title, summary=title)
        Revision.objects.filter(pk=work.revision_id).update(source=source, html=html)
        cursor.execute("SET LOCAL session_replication_role = origin")
