"""A person's meetings across groups, and the feeds that calendar programs read."""

from collections import defaultdict
from datetime import date, timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.access import Viewer, viewer_for
from common.http.conditional import conditional, etag_of_content
from common.http.sign_in_required import login_required
from common.times import zone_named
from members.people.requests import PersonRequest
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, calendars, queries
from workinggroups.meetings.choices import AttendanceState
from workinggroups.meetings.models import CalendarFeed, Meeting

SALT = "meetings.calendar"
SHOWN = 100
WEEKS_BACK = 4


@require_safe
@login_required
def calendar(request: PersonRequest) -> HttpResponse:
    """Show the person's coming meetings by day; `?past=1` shows the last weeks instead."""
    is_past = request.GET.get("past") == "1"
    mine = Meeting.objects.of_seats(request.viewer).select_related("group__focus_area", "series")
    if is_past:
        since = timezone.now() - timedelta(weeks=WEEKS_BACK)
        meetings = list(mine.past().filter(starts_at__gte=since)[:SHOWN])
    else:
        meetings = list(mine.coming()[:SHOWN])
    answers = queries.answers_of(request.user.pk, meetings)
    context = {
        "days": _by_day(meetings, request.user.zone),
        "coming": {
            pk
            for pk, state in answers.items()
            if state in {AttendanceState.COMING, AttendanceState.PRESENT}
        },
        "regrets": {pk for pk, state in answers.items() if state == AttendanceState.REGRETS},
        "is_past": is_past,
        "zone": request.user.zone,
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


def _by_day(meetings: list[Meeting], zone: str) -> list[tuple[date, list[Meeting]]]:
    """Group the meetings by the day on which they begin in this zone, in the order given."""
    days: dict[date, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        days[meeting.starts_at.astimezone(zone_named(zone)).date()].append(meeting)
    return list(days.items())


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
