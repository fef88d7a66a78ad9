"""Scheduling the times that were chosen on the page of fair times."""

from datetime import date, datetime, time
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from common.times import zone_named
from members.people.requests import PersonRequest
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, competition, permissions, queries
from workinggroups.meetings.choices import Frequency
from workinggroups.meetings.forms.rotations import RotationForm
from workinggroups.meetings.local_time import FIRST_YEAR, LAST_YEAR
from workinggroups.meetings.models import Meeting, MeetingSeries, TimePoll
from workinggroups.meetings.queries.fairness import weekly_series
from workinggroups.meetings.recurrence import Recurrence, moment_of
from workinggroups.meetings.views.fetch import page

# So many of the coming meetings are shown before they are scheduled.
SHOWN = 6
CHOSEN = ("times", "zone", "weeks", "duration_minutes")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def rotation_plan(request: PersonRequest, slug: str) -> HttpResponse:
    """Schedule the times in the address, each in turn, also in the place of a series."""
    group = group_of_member_space(request, slug)
    permissions.can_plan_meeting.require(request.viewer, group)
    series, poll = _named_series(request, group), _named_poll(request, group)
    initial = _suggestion(request, group, series, poll)
    form = RotationForm(posted(request), replaced=series, initial=initial)
    upcoming = _upcoming(form)
    if request.method != "POST" and not upcoming:
        return redirect("fair-times", group.slug)
    if form.is_valid():
        with refusals_shown_in(form):
            planned = actions.plan_rotation(
                actor=request.user, group=group, poll=poll, **form.details()
            )
            messages.success(request, _("Meetings scheduled. The group has been notified."))
            return redirect(planned[0])
    context = page(
        request,
        group,
        form=form,
        upcoming=upcoming,
        zone=form["zone"].value(),
        poll=poll,
        present=queries.rules_in_words(group, request.viewer),
        competition_notice=competition.NOTICE,
        back=f"{reverse('fair-times', args=[group.slug])}?{request.GET.urlencode()}",
    )
    return render(request, "meetings/rotation_plan.html", context, status=status_of(form))


def _named_series(request: PersonRequest, group: Group) -> MeetingSeries | None:
    """Return the series that the rotation can replace: named in the address and without turns."""
    named = request.GET.get("series", "")
    listed = [each for each in weekly_series(group, request.viewer) if str(each.uuid) == named]
    return next((each for each in listed if each.rotation is None), None)


def _named_poll(request: PersonRequest, group: Group) -> TimePoll | None:
    """Return the open poll that the address names. Raises Http404 for another one."""
    named = request.GET.get("poll", "")
    if not named:
        return None
    try:
        polls = TimePoll.objects.visible_to(request.viewer).open().filter(group=group)
        return polls.get(uuid=UUID(named))
    except (ValueError, TimePoll.DoesNotExist):
        raise Http404 from None


def _suggestion(
    request: PersonRequest, group: Group, series: MeetingSeries | None, poll: TimePoll | None
) -> dict[str, Any]:
    """Return what was chosen, and what the series, the poll or the last meeting has besides."""
    chosen = {name: request.GET.get(name, "") for name in CHOSEN}
    if series is not None:
        names = ("title", "until", "place", "join_url", "sequence")
        more = {name: getattr(series, name) for name in names}
        skipped = list(series.skipped.values_list("day", "reason"))
        return {**chosen, **more, "skipped": skipped, "replace": True}
    if poll is not None:
        return {**chosen, "title": poll.title, "until": poll.until}
    last = Meeting.objects.filter(group=group).order_by("-starts_at").first()
    if last is None:
        return chosen
    return {**chosen, "title": last.title, "place": last.place, "join_url": last.join_url}


def _upcoming(form: RotationForm) -> list[datetime]:
    """Return the first meetings at the times in the form; nothing where they cannot be read."""
    try:
        times = form.fields["times"].clean(form["times"].value())
        weeks = form.fields["weeks"].clean(form["weeks"].value())
    except ValidationError:
        return []
    if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day, _at in times):
        return []
    zone = zone_named(str(form["zone"].value()))
    turns = [
        _first_dates(
            Recurrence(first=day, frequency=Frequency.WEEKLY, interval=weeks * len(times)), at
        )
        for day, at in times
    ]
    return [moment_of(day, at, zone) for day, at in islice(merge(*turns), SHOWN)]


def _first_dates(rule: Recurrence, at: time) -> list[tuple[date, time]]:
    return [(day, at) for day in islice(rule.dates(), SHOWN)]
