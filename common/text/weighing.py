"""A first count of a long text: one that takes too long to show is refused before it is parsed."""

from collections import Counter

import pyromark
from django.utils.translation import gettext as _
from pyromark import Options

from common.errors import Invalid
from common.text.limits import BREAKS_MAX, EVENTS_MAX, MOST_OF_A_KIND, WEIGHED_FROM_BYTES


def refuse_too_complex(source: str, options: Options) -> None:
    """Raise Invalid for a text with more parts of a kind than can be shown quickly.

    Only long texts are counted: a short one cannot have so many. Counting takes about a tenth of
    the time of reading.
    """
    if len(source) < WEIGHED_FROM_BYTES and len(source.encode()) < WEIGHED_FROM_BYTES:
        return
    kinds: Counter[str] = Counter()
    breaks = 0
    for number, (event, _place) in enumerate(
        pyromark.events_with_range(source, options=options, merge_text=True), start=1
    ):
        if isinstance(event, str):
            breaks += 1
        elif "Start" in event:
            tag = event["Start"]
            kinds[tag if isinstance(tag, str) else next(iter(tag))] += 1
        if number > EVENTS_MAX:
            raise Invalid(_("This text has too much markup. Split it."))
    if breaks > BREAKS_MAX:
        raise Invalid(_("This text has too many lines. Split it."))
    if any(kinds[kind] > most for kind, most in MOST_OF_A_KIND.items()):
        raise Invalid(_("This text has too much markup. Split it."))
