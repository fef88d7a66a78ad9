"""Notes as they are shown: Markdown, with each marked line as a box that can be pointed at."""

import re
from secrets import token_hex

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.text import markdown
from common.text.limits import Limit
from workinggroups.meetings.lines import LineKind, MarkedLine, marked_lines


def notes_html(source: str) -> str:
    """Clean HTML of the notes. Raises Invalid for a text that Markdown would refuse.

    Each marked line is taken out before rendering and put back after cleaning, so that a list or a
    paragraph around it does not swallow it. Its place is held by a word nobody can guess.
    """
    lines = source.split("\n")
    place = f"line{token_hex(12)}x"
    boxes: list[SafeString] = []
    for line in marked_lines(source):
        lines[line.number - 1] = f"\n{place}{len(boxes)}\n"
        boxes.append(_box(line))
    html = markdown.render("\n".join(lines), Limit.NOTES)
    return re.sub(rf"<p>{place}(\d+)</p>", lambda found: boxes[int(found[1])], html)


def _box(line: MarkedLine) -> SafeString:
    """One marked line. Its text is inline Markdown like the rest; the paragraph around it goes."""
    is_decision = line.kind == LineKind.DECISION
    anchor = format_html(' id="{}"', line.mark) if line.mark else ""
    text = mark_safe(markdown.render(line.text, Limit.NOTES))  # noqa: S308  (cleaned)
    return format_html(
        '<div class="line-record{}"{}><header><span class="state is-{}">{}</span>'
        "<span>{}</span></header>{}</div>",
        "" if is_decision else " line-record--action",
        anchor,
        "accent" if is_decision else "wait",
        _("Decision") if is_decision else _("Action"),
        line.mark,
        text,
    )
