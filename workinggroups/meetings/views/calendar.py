"""A person's meetings across groups, and the feeds that calendar programs read."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common.access import Viewer, viewer_for
from common.days import today_in
from common.http.conditional import conditional, etag_of_content
from common.http.sign_in_required import login_required
from common.ui.date_format import zone_place
from members.people.requests import PersonRequest
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, calendars, queries
from workinggroups.meetings.choices import (
    MONTH_MAX_MEETINGS,
    SERIES_AHEAD_DAYS,
    AttendanceState,
)
from workinggroups.meetings.models import CalendarFeed, Meeting
from workinggroups.meetings.months import LAST_YEAR, Month, days_of, weekdays

SALT = "meetings.calendar"
PAST_WEEKS = timedelta(weeks=4)
LAST_MOMENT = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)


@require_safe
@login_required
def calendar(request: PersonRequest) -> HttpResponse:
    """Show the meetings of one month, `?month=2026-12`; without it, the month of today.

    `?past=1` was the list of the last weeks: it leads to the month in which they began.
    """
    zone = request.user.zone
    today = today_in(zone)
    if request.GET.get("past") == "1" and "month" not in request.GET:
        return redirect(f"{reverse('calendar')}?month={Month.of(today - PAST_WEEKS)}")
    asked = request.GET.get("month", "")
    named = Month.named(asked)
    month = named or Month.of(today)
    since, until = month.span(zone)
    mine = Meeting.objects.of_seats(request.viewer).select_related("group__focus_area", "series")
    with_one_more = list(mine.during(since, until)[: MONTH_MAX_MEETINGS + 1])
    meetings = with_one_more[:MONTH_MAX_MEETINGS]
    answers = queries.answers_of(request.user.pk, meetings)
    context = {
        "month": month,
        "weekdays": weekdays(),
        "days": days_of(month, meetings, zone),
        "is_unknown_month": bool(asked) and named is None,
        "is_cut": len(with_one_more) > len(meetings),
        "max_meetings": MONTH_MAX_MEETINGS,
        "has_groups": bool(request.viewer.group_ids),
        "has_meetings": bool(meetings),
        "next_meeting": None if meetings else mine.during(until, LAST_MOMENT).first(),
        "may_be_incomplete": month.next_first_day > today + timedelta(days=SERIES_AHEAD_DAYS),
        "coming": {
            pk
            for pk, state in answers.items()
            if state in {AttendanceState.COMING, AttendanceState.PRESENT}
        },
        "regrets": {pk for pk, state in answers.items() if state == AttendanceState.REGRETS},
        "zone_words": month.zone_words(zone),
        "zone_place": zone_place(zone),
        **_addresses(request),
    }
    return render(request, "meetings/calendar.html", context)


def _addresses(request: PersonRequest) -> dict[str, object]:
    """Return the secret addresses of the person's feeds, once there are any."""
    feed = CalendarFeed.objects.filter(person=request.user).first()
    if feed is None:
        return {}
    groups = Group.objects.filter(pk__in=request.viewer.group_ids).order_by("sort_name", "pk")
    return {
        "feed_url": feed_url(feed),
        "group_feeds": [(group.name, feed_url(feed, group)) for group in groups],
    }


@require_POST
@login_required
def calendar_reset(request: PersonRequest) -> HttpResponse:
    """Create a new secret address; the old one stops working."""
    actions.reset_feed(actor=request.user)
    return redirect("calendar")


@require_safe
def calendar_feed(request: HttpRequest, token: str, slug: str = "") -> HttpResponse:
    """Answer with the calendar of the person with this token, for all groups or that of `slug`.

    Needs no session. It holds what that person can read at this moment. An invalid token and a
    group without a seat are a 404.
    """
    person_id = _person_of(token)
    viewer = viewer_for(person_id)
    if viewer.is_anonymous:
        raise Http404
    group = _seated_group(viewer, slug)
    name = group.name if group else settings.SITE_NAME
    return calendar_answer(request, calendars.feed(name, events_of(viewer, group)))


def events_of(
    viewer: Viewer, group: Group | None = None
) -> list[calendars.Facts | calendars.SeriesFacts]:
    """Return what this viewer's feed shows, of all groups or of one. A constant number of queries."""
    series = list(queries.feed_series(viewer, group))
    older = queries.changed_before(viewer, series)
    meetings = queries.feed_meetings(viewer, group)
    return [
        *(calendars.series_facts_of(each) for each in series),
        *calendars.facts_in(older),
        *calendars.facts_in(meetings),
    ]


def calendar_answer(request: HttpRequest, content: bytes) -> HttpResponse:
    """Answer with a calendar, or 304 where the caller has these bytes.

    They are joined from cached pieces, so the tag is computed from the bytes themselves.
    """
    return conditional(
        request,
        etag_of_content(content),
        lambda: HttpResponse(content, content_type=calendars.MEDIA_TYPE),
    )


def token_of(feed: CalendarFeed) -> str:
    """Return the secret of the address: the key with a signature, which the database does not hold."""
    return signing.Signer(salt=SALT, sep=".").sign(feed.key.hex)


def _person_of(token: str) -> int:
    try:
        key = signing.Signer(salt=SALT, sep=".").unsign(token)
    except signing.BadSignature:
        raise Http404 from None
    row = queries.person_of_feed.first(key)
    if row is None:
        raise Http404
    return row[0]


def _seated_group(viewer: Viewer, slug: str) -> Group | None:
    if not slug:
        return None
    group = queries.groups_of_feed.first(slug, viewer.group_ids)
    if group is None:
        raise Http404
    return group


def feed_url(feed: CalendarFeed, group: Group | None = None) -> str:
    """Return the address of the feed of all the person's meetings, or of those in one group."""
    token = token_of(feed)
    if group is None:
        return settings.SITE_URL + reverse("calendar-feed", args=[token])
    return settings.SITE_URL + reverse("calendar-group-feed", args=[token, group.slug])
