"""Texts and links of events in calendar files, as a series here can have them."""

import html
import re
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.utils.html import strip_tags

from common.unseen import without_fillers, without_reordering
from common.web_addresses import fault_of_address
from workinggroups.meetings.calendar_files import Component

PLACE_MAX_CHARACTERS = 200
URL_MAX_CHARACTERS = 500
CONFERENCE_NAMES = ("X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "CONFERENCE", "URL")


def place_of(event: Component) -> tuple[str, str]:
    """Return the place and the link to join; a place that is a link is the link to join."""
    place = line_of(event.text("LOCATION"), PLACE_MAX_CHARACTERS)
    links = [event.text(name) for name in CONFERENCE_NAMES]
    usable = [link for link in (place, *links) if is_link(link)]
    return "" if is_link(place) else place, next(iter(usable), "")


def is_link(text: str) -> bool:
    if not text.startswith(("https://", "http://")) or len(text) > URL_MAX_CHARACTERS:
        return False
    return not fault_of_address(text) and not text.startswith(f"{settings.SITE_URL}/")


def line_of(text: str, most: int) -> str:
    """Return a text as one line without signs that cannot be seen."""
    line = without_reordering(without_fillers(" ".join(text.split())))
    return "".join(char for char in line if char.isprintable())[:most].strip()


def plain_text(text: str) -> str:
    """Return a description as plain text: what other systems write as HTML, without its tags.

    What has so many broken tags that nobody can tell its text stays as it is.
    """
    if re.search(r"<(?:br|p|div|span|a|b|ul|ol|html)\b", text, re.IGNORECASE):
        text = re.sub(r"<(?:br|/p|/div|/li)\s*/?>", "\n", text, flags=re.IGNORECASE)
        with suppress(SuspiciousOperation):
            text = html.unescape(strip_tags(text))
    lines = (line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
