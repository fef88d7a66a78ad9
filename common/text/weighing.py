"""A first look at a long text: what would be too dear to show is refused before a tree is built."""

from collections import Counter
from typing import Any

import pyromark
from django.utils.translation import gettext as _
from pyromark import Options

from common.errors import Invalid
from common.text.limits import BREAKS_MAX, EVENTS_MAX, MOST_OF_A_KIND, WEIGHED_FROM_BYTES


def refuse_the_dear(source: str, options: Options) -> None:
    """Raises Invalid for a text with more of something than can be shown in a moment.

    Only long texts are counted: of a short one no count can be too high. Counting costs about a
    tenth of reading.
    """
    if len(source) < WEIGHED_FROM_BYTES and len(source.encode()) < WEIGHED_FROM_BYTES:
        return
    kinds: Counter[str] = Counter()
    breaks = 0
    event: Any
    for number, (event, _place) in enumerate(
        pyromark.events_with_range(source, options=options, merge_text=True), start=1
    ):
        if isinstance(event, str):
            breaks += 1
        elif (tag := event.get("Start")) is not None:
            kinds[tag if isinstance(tag, str) else next(iter(tag))] += 1
        if number > EVENTS_MAX:
            raise Invalid(_("This text has too much markup. Split it."))
    if breaks > BREAKS_MAX:
        raise Invalid(_("This text has too many lines. Split it."))
    if any(kinds[kind] > most for kind, most in MOST_OF_A_KIND.items()):
        raise Invalid(_("This text has too much markup. Split it."))
