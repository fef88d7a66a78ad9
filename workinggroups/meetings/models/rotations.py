"""Series that take turns: the same group meets by each of them in turn, at its own hour."""

from collections.abc import Sequence

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from workinggroups.meetings.choices import Frequency
from workinggroups.meetings.models.series import MeetingSeries
from workinggroups.meetings.recurrence import Recurrence


def words_of_turns(series: Sequence[MeetingSeries]) -> str:
    """Return "Every Tuesday, at 15:00 and 07:00 in turn, Paris" for series that take turns.

    Where they no longer do so evenly, since one was changed alone, the rule of each.
    """
    if len(series) == 1:
        return series[0].words
    ordered = in_turn(series)
    if not ordered:
        return "; ".join(each.words for each in series)
    first = ordered[0]
    rule = Recurrence(
        first=first.first_on, frequency=first.frequency, interval=first.interval // len(ordered)
    )
    hours = [time_format(each.local_time, "H:i") for each in ordered]
    facts = {
        "rule": rule.words(),
        "first": hours[0],
        "second": hours[1],
        "third": hours[-1],
        "place": first.zone.rpartition("/")[2].replace("_", " "),
    }
    if len(ordered) == 2:
        return _("%(rule)s, at %(first)s and %(second)s in turn, %(place)s") % facts
    return _("%(rule)s, at %(first)s, %(second)s and %(third)s in turn, %(place)s") % facts


def in_turn(series: Sequence[MeetingSeries]) -> list[MeetingSeries]:
    """Return the series in the order of their turns; nothing where these are not even."""
    if not series:
        return []
    rules = {(each.zone, each.frequency, each.interval, each.first_on.weekday()) for each in series}
    first = min(series, key=lambda each: (each.first_on, each.local_time))
    is_weekly = first.frequency == Frequency.WEEKLY
    if len(rules) > 1 or not is_weekly or first.interval % len(series) or len(series) > 3:
        return []
    step = first.interval // len(series)
    turns = {((each.first_on - first.first_on).days // 7) % first.interval: each for each in series}
    expected = [turn * step for turn in range(len(series))]
    return [turns[turn] for turn in expected] if sorted(turns) == expected else []
