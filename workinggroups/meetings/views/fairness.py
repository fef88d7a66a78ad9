"""Fair times: whose day, whose night, and ways to share the hours, as pictures and as tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.access import Viewer
from common.days import today_in
from common.http.sign_in_required import login_required
from common.times import zone_named
from members.people.requests import PersonRequest
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.meetings import permissions, queries
from workinggroups.meetings.burden import Burden
from workinggroups.meetings.choices import COMPARED_MEETINGS, Frequency
from workinggroups.meetings.clock_changes import occurrence_on
from workinggroups.meetings.fair_times import (
    DAY_MINUTES,
    FairTimes,
    current_times,
    fair_times,
    next_date,
)
from workinggroups.meetings.forms.fairness import FairTimesForm
from workinggroups.meetings.forms.polls import VALUE_FORMAT
from workinggroups.meetings.models import Meeting, MeetingSeries, TimePoll
from workinggroups.meetings.queries.fairness import weekly_series
from workinggroups.meetings.recurrence import Recurrence
from workinggroups.meetings.rotation import Candidate, Share, Way, candidates_at
from workinggroups.meetings.views.clock_banner import banner_of_times
from workinggroups.meetings.views.fetch import page

# By what a time is known among those in the picture: its hour and first date.
Key = tuple[time, date]
LETTERS = "ABCDEF"
# The hours that the axis of the picture names.
AXIS_HOURS = range(0, 25, 3)


@dataclass(frozen=True, slots=True)
class Mark:
    """A time in the picture: its letter and hour, and where it is, in percent of the day."""

    letter: str
    hour: str
    x: str
    middle: str
    end: str
    width: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of the day in the picture, in percent of the day."""

    x: str
    width: str
    part: str


@dataclass(frozen=True, slots=True)
class ShownStart:
    """A local start in the picture and in its table."""

    mark: Mark
    hour: str
    weekday: str
    part: str


@dataclass(frozen=True, slots=True)
class ShownRegion:
    name: str
    people: int
    strips: list[Strip]
    starts: list[ShownStart]


@dataclass(frozen=True, slots=True)
class ShownShare:
    """Hours beyond the working day of a region: as parts of a bar, and in words."""

    name: str
    edge: int
    night: int
    hours: str
    edge_hours: str
    night_hours: str


@dataclass(frozen=True, slots=True)
class ShownWay:
    """A way to share the hours: what it is, what each region has, and a sentence about that."""

    title: str
    about: str
    shares: list[ShownShare]
    sentence: str
    is_most_even: bool
    # The first meeting at each of its times, as the form that schedules them takes it; of the present
    # way, nothing.
    times: str


@dataclass(frozen=True)
class Basis:
    """What the page is about: a series that goes on, a poll for one, or neither."""

    series: MeetingSeries | None = None
    poll: TimePoll | None = None
    # The series with those that take turns with it, in their order.
    turns: Sequence[MeetingSeries] = ()


@require_safe
@login_required
def fair_times_page(request: PersonRequest, slug: str) -> HttpResponse:
    """Show whose day and night a time is in, and ways to share the hours; for the group's people."""
    group = group_of_member_space(request, slug)
    if not permissions.can_see_polls(request.viewer, group):
        raise Http404
    series = weekly_series(group, request.viewer)
    basis = _basis(request, group, series)
    form = FairTimesForm(
        {**_defaults(request, group, basis), **request.GET.dict()},
        former_zone=basis.series.zone if basis.series else "",
    )
    result = _compared(group, request.viewer, form, basis) if form.is_valid() else None
    context = page(
        request,
        group,
        form=form,
        basis=basis,
        series_choices=_choices(series),
        result=result,
        can_plan=permissions.can_plan_meeting(request.viewer, group),
    )
    if result:
        context |= _picture(result, form, basis)
    return render(request, "meetings/fair_times.html", context)


def _basis(request: PersonRequest, group: Group, series: Sequence[MeetingSeries]) -> Basis:
    """Return the poll or series that the address names, else the group's first weekly series.

    Raises Http404 for one that is not there for this viewer.
    """
    if poll_uuid := request.GET.get("poll"):
        polls = TimePoll.objects.visible_to(request.viewer).open()
        weekly = polls.filter(group=group, frequency=Frequency.WEEKLY)
        return Basis(poll=_named(weekly, poll_uuid))
    if series_uuid := request.GET.get("series"):
        named = [each for each in series if str(each.uuid) == series_uuid]
        if not named:
            raise Http404
        return Basis(named[0], turns=queries.turns_of(named[0]))
    return Basis(series[0], turns=queries.turns_of(series[0])) if series else Basis()


def _choices(series: Sequence[MeetingSeries]) -> list[MeetingSeries]:
    """Return the series between which the reader can choose, of those in turn the first; if several."""
    first_of_turns = {each.rotation or each.uuid: each for each in reversed(series)}
    listed = [each for each in series if each in first_of_turns.values()]
    return listed if len(listed) > 1 else []


def _named(rows: Any, uuid: str) -> Any:
    try:
        row = rows.filter(uuid=UUID(uuid)).first()
    except ValueError:
        row = None
    if row is None:
        raise Http404
    return row


def _defaults(request: PersonRequest, group: Group, basis: Basis) -> dict[str, object]:
    if basis.series is not None:
        one = basis.series
        return {
            "first_on": min(next_date(each) for each in basis.turns),
            "weeks": one.interval // len(basis.turns),
            "duration_minutes": one.duration_minutes,
            "zone": one.zone,
        }
    if basis.poll is not None:
        first = basis.poll.options.first()
        return {
            "first_on": first.local_date if first else today_in(basis.poll.zone),
            "weeks": basis.poll.interval,
            "duration_minutes": basis.poll.duration_minutes,
            "zone": basis.poll.zone,
        }
    last = Meeting.objects.filter(group=group).order_by("-starts_at").first()
    zone = last.zone if last else request.user.zone
    return {
        "first_on": _next_tuesday(zone),
        "weeks": 1,
        "duration_minutes": last.duration_minutes if last else 60,
        "zone": zone,
    }


def _next_tuesday(zone: str) -> date:
    today = today_in(zone)
    return today + timedelta(days=(1 - today.weekday()) % 7 or 7)


def _compared(group: Group, viewer: Viewer, form: FairTimesForm, basis: Basis) -> FairTimes:
    values = form.cleaned_data
    zone = zone_named(values["zone"])
    return fair_times(
        group,
        viewer,
        zone=zone,
        duration_minutes=values["duration_minutes"],
        candidates=_candidates(form, basis),
        current=current_times(basis.turns, values["first_on"]),
    )


def _candidates(form: FairTimesForm, basis: Basis) -> list[Candidate]:
    """Return the times of the poll, or the hours in the form on the dates that it says."""
    values = form.cleaned_data
    if basis.poll is None:
        rule = Recurrence(
            first=values["first_on"], frequency=Frequency.WEEKLY, interval=values["weeks"]
        )
        hours, zone = form.candidate_hours(), zone_named(values["zone"])
        return candidates_at(hours, rule, zone, meetings=COMPARED_MEETINGS)
    zone = zone_named(basis.poll.zone)
    candidates = []
    for option in basis.poll.options.all():
        rule = Recurrence(
            first=option.local_date, frequency=Frequency.WEEKLY, interval=values["weeks"]
        )
        candidates += candidates_at([option.local_time], rule, zone, meetings=COMPARED_MEETINGS)
    return candidates


def _preselected(ways: Sequence[ShownWay]) -> str:
    """Return the most even way, or where that is the present one the first that can be chosen."""
    best = [way.times for way in ways if way.is_most_even and way.times]
    others = [way.times for way in ways if way.times]
    return next(iter([*best, *others]), "")


def _picture(result: FairTimes, form: FairTimesForm, basis: Basis) -> dict[str, object]:
    """Return what the template draws."""
    minutes = form.cleaned_data["duration_minutes"]
    marks = [
        _mark(letter, each.at, minutes) for letter, each in zip(LETTERS, result.times, strict=False)
    ]
    letters = dict(zip(map(_key, result.times), LETTERS, strict=False))
    most = max(
        [share.burden.minutes for way in result.ways for share in way.shares]
        + [share.burden.minutes for share in result.so_far],
        default=0,
    )
    shown_ways = [_shown_way(way, result, letters) for way in result.ways]
    first = min((way.times[0].first for way in result.ways), default=None)
    return {
        "marks": marks,
        "opens_at": _opens_at(result),
        "axis": [(f"{hour:02}", _percent(hour * 60)) for hour in AXIS_HOURS],
        "shown_regions": _shown_regions(result, marks),
        "shown_ways": shown_ways,
        "so_far": _shown_shares(result.so_far),
        "figures": _figures(result),
        "preselected": _preselected(shown_ways),
        # Of a poll, the times are in its zone whatever the form says.
        "plan_zone": basis.poll.zone if basis.poll else form.cleaned_data["zone"],
        "most": most,
        "first_day": first,
        "last_day": max((way.times[-1].dates[-1] for way in result.ways), default=None),
        **_clocks(result),
        "axis_zone": form.cleaned_data["zone"],
    }


def _opens_at(result: FairTimes) -> str:
    """Return where a narrow screen opens the picture: an hour before the first time."""
    first = min((each.at.hour * 60 + each.at.minute for each in result.times), default=0)
    return _percent(max(first - 60, 0))


def _clocks(result: FairTimes) -> dict[str, object]:
    """Return what shifts if the group always meets at one time: the present one, else the best."""
    single = next((way.times[0] for way in result.ways if len(way.times) == 1), None)
    if single is None:
        return {}
    occurrences = [
        occurrence_on(day, single.at, single.zone) for day in single.dates[: result.meetings]
    ]
    return {
        "clocks": banner_of_times(occurrences, single.zone, result.regions.regions),
        "clocks_hour": f"{single.at:%H:%M}",
    }


def _figures(result: FairTimes) -> list[tuple[str, list[ShownShare]]]:
    """Return the rows of the table: a region, then its shares so far and of each way."""
    columns = [result.so_far] if result.held else []
    columns += [way.shares for way in result.ways]
    return [
        (region.name, [_shown_share(region.name, shares[place].burden) for shares in columns])
        for place, region in enumerate(result.regions.regions)
    ]


def _shown_regions(result: FairTimes, marks: Sequence[Mark]) -> list[ShownRegion]:
    return [
        ShownRegion(
            day.region.name,
            day.region.people,
            [
                Strip(_percent(each.begins), _percent(each.minutes), each.part.value)
                for each in day.segments
            ],
            [
                ShownStart(mark, f"{start.at:%H:%M}", _weekday(start.at), start.part.value)
                for mark, start in zip(marks, day.starts, strict=True)
            ],
        )
        for day in result.days
    ]


def _mark(letter: str, at: time, minutes: int) -> Mark:
    begins = at.hour * 60 + at.minute
    # What goes on after midnight is not drawn.
    minutes = min(minutes, DAY_MINUTES - begins)
    return Mark(
        letter,
        f"{at:%H:%M}",
        x=_percent(begins),
        middle=_percent(begins + minutes / 2),
        end=_percent(begins + minutes),
        width=_percent(minutes),
    )


def _percent(minutes: float) -> str:
    """Return minutes as percent of a day, as SVG takes them in any language."""
    return f"{minutes * 100 / DAY_MINUTES:.2f}"


def _weekday(moment: datetime | date) -> str:
    return date_format(moment, "D")


def _shown_way(way: Way, result: FairTimes, letters: dict[Key, str]) -> ShownWay:
    names = [letters[_key(each)] for each in way.times]
    is_kept = result.keeps and way is result.ways[0]
    hours = _hours_of(way)
    firsts = [
        f"{datetime.combine(each.dates[turn], each.at):{VALUE_FORMAT}}"
        for turn, each in enumerate(way.times)
    ]
    return ShownWay(
        title=_title(way, hours, names, is_kept=is_kept),
        about=_about(way, hours, is_kept=is_kept),
        shares=_shown_shares(way.shares),
        sentence=_sentence(way.shares),
        is_most_even=way is result.most_even,
        times="" if is_kept else " ".join(firsts),
    )


def _key(candidate: Candidate) -> Key:
    return candidate.at, candidate.first


def _hours_of(way: Way) -> list[str]:
    """Return "15:00" for each time in turn, "Tue 15:00" where they are on several weekdays."""
    weekdays = {each.first.weekday() for each in way.times}
    if len(weekdays) == 1:
        return [f"{each.at:%H:%M}" for each in way.times]
    return [f"{_weekday(each.first)} {each.at:%H:%M}" for each in way.times]


def _title(way: Way, hours: list[str], names: list[str], *, is_kept: bool) -> str:
    if len(way.times) == 1:
        words = _("Keep %(hour)s") if is_kept else _("Always at %(hour)s")
        return words % {"hour": hours[0]}
    facts = {"first": names[0], "second": names[1], "third": names[-1]}
    if len(way.times) == 2:
        words = (
            _("Keep %(first)s and %(second)s")
            if is_kept
            else _("Alternate %(first)s and %(second)s")
        )
        return words % facts
    if is_kept:
        return _("Keep %(first)s, %(second)s and %(third)s") % facts
    return _("Rotate %(first)s, %(second)s and %(third)s") % facts


def _about(way: Way, hours: list[str], *, is_kept: bool) -> str:
    if len(way.times) == 1:
        if is_kept:
            return _("Every meeting at this time, as now.")
        return _("Every meeting at the one time that is most even.")
    facts = {"first": hours[0], "second": hours[1], "third": hours[-1]}
    if len(way.times) == 2:
        return _("%(first)s and %(second)s in turn.") % facts
    return _("A third each: %(first)s, %(second)s and %(third)s.") % facts


def _sentence(shares: Sequence[Share]) -> str:
    """Return the one thing to know of these shares: who carries the nights, or the most of the rest."""
    at_night = [share for share in shares if share.burden.night]
    if len(at_night) == 1:
        return _("%(region)s carries all the nights: %(hours)s hours.") % {
            "region": at_night[0].region.name,
            "hours": hours_words(at_night[0].burden.night),
        }
    if at_night:
        night = max(share.burden.night for share in shares)
        return _("No region has more than %(hours)s hours of night.") % {
            "hours": hours_words(night)
        }
    most = max(shares, key=lambda share: share.burden.minutes)
    if not most.burden.minutes:
        return _("Every meeting is in the working day of every region.")
    return _("Nobody meets at night. %(region)s has most: %(hours)s hours early or late.") % {
        "region": most.region.name,
        "hours": hours_words(most.burden.minutes),
    }


def _shown_shares(shares: Sequence[Share]) -> list[ShownShare]:
    return [_shown_share(share.region.name, share.burden) for share in shares]


def _shown_share(name: str, burden: Burden) -> ShownShare:
    return ShownShare(
        name,
        burden.edge,
        burden.night,
        hours_words(burden.minutes),
        hours_words(burden.edge),
        hours_words(burden.night),
    )


def hours_words(minutes: int) -> str:
    """Return "7.5" for 450 minutes, in the active language."""
    hours = minutes / 60
    return number_format(hours, decimal_pos=0 if minutes % 60 == 0 else 1)
