"""Counts as squares and bars."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def squares(
    filled: int, total: int | None = None, against: int = 0, abstained: int = 0, label: str = ""
) -> SafeString:
    """Draw one square for each organization: for, against, abstained, then hollow up to `total`."""
    hollow = max((total or 0) - filled - against - abstained, 0)
    cells = (
        "<i></i>" * filled
        + '<i class="against"></i>' * against
        + '<i class="abstained"></i>' * abstained
        + '<i class="hollow"></i>' * hollow
    )
    label = label or _("%(filled)d of %(total)d") % {
        "filled": filled,
        "total": filled + against + abstained + hollow,
    }
    return format_html(
        '<span class="squares" role="img" aria-label="{}">{}</span>',
        label,
        mark_safe(cells),  # noqa: S308  (constants, repeated)
    )


@register.simple_tag
def tally(share: float, threshold: float | None = None, word: str = "") -> SafeString:
    """Draw a bar filled to `share` (0 to 1), with a labelled tick at `threshold` (0 to 1).

    The page has the figures as text above, so the bar is hidden from screen readers.
    """
    tick = SafeString("")
    height = 10
    if threshold is not None:
        height = 32
        at = _percent(threshold)
        tick = format_html(
            '<line class="tick" x1="{0}" x2="{0}" y1="12" y2="17"/>'
            '<text x="{0}" y="30" text-anchor="middle">{1}</text>',
            at,
            word,
        )
    return format_html(
        '<svg class="bar" height="{}" aria-hidden="true">'
        '<rect class="track" width="100%" height="10" rx="1.5"/>'
        '<rect class="fill" width="{}" height="10" rx="1.5"/>{}</svg>',
        height,
        _percent(share),
        tick,
    )


@register.simple_tag
def bar(share: float, tone: str = "", height: int = 10, track: bool = False) -> SafeString:
    """Draw a plain bar, `share` (0 to 1) of its table cell, beside its number."""
    background = format_html('<rect class="track" width="100%" height="{}" rx="1.5"/>', height)
    return format_html(
        '<svg class="bar{}" height="{}" aria-hidden="true">{}'
        '<rect class="fill" width="{}" height="{}" rx="1.5"/></svg>',
        f" bar--{tone}" if tone else "",
        height,
        background if track else "",
        _percent(share),
        height,
    )


@register.simple_tag
def stacked_bar(total: float, *parts: object, height: int = 10) -> SafeString:
    """Draw parts of a total one after another; each is a name, for its colour, and a number.

    The page has the figures as text beside it, so the bar is hidden from screen readers.
    """
    rects = SafeString("")
    at = 0.0
    for name, value in zip(parts[::2], parts[1::2], strict=True):
        share = float(str(value)) / total if total else 0.0
        rects += format_html(
            '<rect class="part part--{}" x="{}" width="{}" height="{}"/>',
            name,
            _percent(at),
            _percent(share),
            height,
        )
        at += share
    return format_html(
        '<svg class="bar bar--stacked" height="{0}" aria-hidden="true">'
        '<rect class="track" width="100%" height="{0}"/>{1}</svg>',
        height,
        rects,
    )


@register.simple_tag
def freshness(share_left: float) -> SafeString:
    """Draw what is left of a vetting period (0 to 1); an expired one is a dashed line."""
    if share_left <= 0:
        return mark_safe(
            '<svg class="bar" height="6" aria-hidden="true">'
            '<line class="lapsed" x1="0" x2="100%" y1="3" y2="3"/></svg>'
        )
    return bar(share_left, tone="wait" if share_left < 0.2 else "ok", height=6, track=True)


def _percent(share: float) -> str:
    return f"{min(max(share, 0.0), 1.0) * 100:.1f}%"
