"""The words that comments are about, marked where they stand in the text."""

import re
from collections.abc import Iterable
from html import escape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from workinggroups.deliverables.models import ReviewComment

_TAG = re.compile(r"(<[^>]*>)")


def with_quotes(html: str, comments: Iterable[ReviewComment]) -> SafeString:
    """The cleaned text with each quoted passage underlined and numbered, a way to its comment.

    A passage is marked where it first stands between two tags, once for all who quote it; words
    that stand nowhere so are only shown with their comment.
    """
    pieces = _TAG.split(html)
    for quote, numbers in _quoted(comments).items():
        _mark(pieces, quote, numbers)
    return mark_safe("".join(pieces))  # noqa: S308  (cleaned when written, marks escaped)


def _quoted(comments: Iterable[ReviewComment]) -> dict[str, list[int]]:
    """Numbers of the comments by the passage they quote, as it is written in clean HTML."""
    numbers: dict[str, list[int]] = {}
    for comment in comments:
        if comment.quote:
            numbers.setdefault(escape(comment.quote, quote=False), []).append(comment.number)
    return numbers


def _mark(pieces: list[str], quote: str, numbers: list[int]) -> None:
    words = re.compile(r"\s+".join(re.escape(word) for word in quote.split()))
    for place, piece in enumerate(pieces):
        found = None if piece.startswith("<") else words.search(piece)
        if found:
            ways = "".join(_way(number) for number in numbers)
            marked = [piece[: found.start()], '<span class="quoted">', found[0], f"</span>{ways}"]
            pieces[place : place + 1] = [*marked, piece[found.end() :]]
            return


def _way(number: int) -> SafeString:
    return format_html(
        '<a class="quoted-number" href="#comment-{}" aria-label="{}">{}</a>',
        number,
        _("Comment %(number)d") % {"number": number},
        number,
    )
