"""Print when the events of calendar files start, as libical reads them.

Run by Debian's own Python, which has PyGObject. Reads `{"texts": […], "until": seconds}` and prints a
list of `{uid: [seconds, …]}`. libical expands rules; replacing a date by the event that names it
(RECURRENCE-ID) is left to programs, and done here.
"""

import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402

UTC = ICalGLib.Timezone.get_utc_timezone()
EVENT = ICalGLib.ComponentKind.VEVENT_COMPONENT
# A meeting that was brought forward can come long after those that follow it by the rule.
FURTHER = 400 * 86400


def seconds(time):
    return time.as_timet_with_zone(time.get_timezone() or UTC)


def events(calendar):
    event = calendar.get_first_component(EVENT)
    while event is not None:
        yield event
        event = calendar.get_next_component(EVENT)


def original(event):
    """Return the start that the event replaces, without its zone, or None for a whole series."""
    time = event.get_recurrenceid()
    return None if time is None or time.is_null_time() else time


def starts(event, last):
    found = []
    begin = ICalGLib.Time.new_from_timet_with_zone(0, 0, UTC)
    end = ICalGLib.Time.new_from_timet_with_zone(last, 0, UTC)
    event.foreach_recurrence(begin, end, lambda _event, span: found.append(span.get_start()))
    return found


def read(text, until):
    calendar = ICalGLib.Component.new_from_string(text)
    found, replaced, single = {}, {}, {}
    for event in events(calendar):
        uid, time = event.get_uid(), original(event)
        moments = found.setdefault(uid, [])
        if time is None:
            single[uid] = event
            continue
        replaced.setdefault(uid, []).append(time)
        if event.get_status() != ICalGLib.PropertyStatus.CANCELLED:
            moments.append(seconds(event.get_dtstart()))
    for uid, event in single.items():
        if event.get_status() == ICalGLib.PropertyStatus.CANCELLED:
            continue
        zone = event.get_dtstart().get_timezone() or UTC
        taken = {time.as_timet_with_zone(zone) for time in replaced.get(uid, [])}
        coming = starts(event, until + FURTHER)
        found[uid] += [moment for moment in coming if moment not in taken]
    return {uid: sorted(one for one in moments if one <= until) for uid, moments in found.items()}


asked = json.load(sys.stdin)
json.dump([read(text, asked["until"]) for text in asked["texts"]], sys.stdout)
