"""One series of meetings: its page, changing it from a meeting on, ending it, its calendar file."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.files.responses import attachment
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups.permissions import is_running
from workinggroups.meetings import actions, calendars, permissions, queries
from workinggroups.meetings.choices import InSeries
from workinggroups.meetings.forms.planning import EndSeriesForm, ExtraMeetingForm, SeriesForm
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.models.rotations import words_of_turns
from workinggroups.meetings.queries.fairness import weekly_series
from workinggroups.meetings.views.calendar import calendar_answer
from workinggroups.meetings.views.clock_banner import banner_of_series
from workinggroups.meetings.views.fetch import meeting_page, meeting_under, page, series_of
from workinggroups.meetings.views.times import is_check, times_context

MEETINGS_SHOWN = 60
PAST_SHOWN = 20
# What the form of an extra meeting takes from its series.
KEPT_FROM_SERIES = ("title", "local_time", "zone", "duration_minutes", "place", "join_url")


@require_safe
@login_required
def meeting_series(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Show the rule, the coming meetings with what was changed of them, the last past ones.

    A meeting of several days is shown with all its days.
    """
    series = series_of(request, slug, uuid)
    if series.is_several_days:
        return _days_page(request, series)
    meetings = Meeting.objects.visible_to(request.viewer).filter(series=series)
    coming = _with_series(meetings.coming()[:MEETINGS_SHOWN], series)
    past = _with_series(meetings.past()[:PAST_SHOWN], series)
    turns = queries.turns_of(series)
    prefetch_related_objects([series], "skipped")
    context = page(
        request,
        series.group,
        series=series,
        coming=coming,
        past=past,
        next_one=next((one for one in coming if _can_change_from(one)), None),
        can_end=permissions.can_end_series(request.viewer, series)
        and not series.is_ended
        and any(not (one.is_cancelled or one.has_begun) for one in coming),
        skipped=series.skipped.all(),
        clocks=None if series.is_ended else banner_of_series(series, request.viewer),
        turns=turns if len(turns) > 1 else [],
        rule=words_of_turns(turns),
        template=list(series.template.all()),
        continued_by=series.continued_by.first(),
        can_change=_can_change(request, series),
        propose_for=_takes_proposals(request, coming),
        sees_fair_times=permissions.can_see_polls(request.viewer, series.group)
        and series in weekly_series(series.group, request.viewer),
    )
    return render(request, "meetings/series.html", context)


def _days_page(request: PersonRequest, series: MeetingSeries) -> HttpResponse:
    """Show the days of a meeting of several days, over all series by which it takes place."""
    parts = MeetingSeries.objects.visible_to(request.viewer).of_one_meeting(series)
    meetings = Meeting.objects.visible_to(request.viewer).filter(series__in=parts)
    days = list(
        meetings.filter(in_series=InSeries.DATE).select_related("series").order_by("starts_at")
    )
    for day in days:
        day.group = series.group
    next_day = next((day for day in days if _can_change_from(day)), None)
    context = page(
        request,
        series.group,
        series=series,
        days=days,
        next_day=next_day,
        ended=next((part for part in parts if part.is_ended), None),
        can_change=_can_change(request, series),
    )
    return render(request, "meetings/days.html", context)


def _with_series(meetings: Iterable[Meeting], series: MeetingSeries) -> list[Meeting]:
    rows = list(meetings)
    for meeting in rows:
        meeting.series, meeting.group = series, series.group
    return rows


def _can_change(request: PersonRequest, series: MeetingSeries) -> bool:
    return permissions.can_plan_meeting(request.viewer, series.group) and not series.is_ended


def _takes_proposals(request: PersonRequest, coming: Iterable[Meeting]) -> Meeting | None:
    """Return the next meeting, if the viewer can propose items for its agenda."""
    open_ones = (one for one in coming if queries.takes_proposals(one) and not one.has_begun)
    meeting = next(open_ones, None)
    if meeting is None or not is_running(meeting.group):
        return None
    return meeting if permissions.can_propose_item(request.viewer, meeting) else None


def _can_change_from(meeting: Meeting) -> bool:
    """Tell whether this meeting and all that follow can be changed."""
    is_by_rule = meeting.in_series == InSeries.DATE
    return is_by_rule and not (meeting.is_cancelled or meeting.has_begun)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_series_extra(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Schedule one more meeting of a series; the form begins with what its meetings share."""
    series = series_of(request, slug, uuid)
    permissions.can_plan_meeting.require(request.viewer, series.group)
    initial = {name: getattr(series, name) for name in KEPT_FROM_SERIES}
    form = ExtraMeetingForm(posted(request), initial=initial)
    if form.is_valid() and not is_check(request):
        with refusals_shown_in(form):
            meeting = actions.add_extra_meeting(
                actor=request.user, series=series, **form.cleaned_data
            )
            messages.success(request, _("Meeting scheduled. The group has been notified."))
            return redirect(meeting)
    context = page(request, series.group, series=series, form=form)
    context |= times_context(request, series.group, form)
    status = 200 if is_check(request) else status_of(form)
    return render(request, "meetings/series_extra.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_following(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Change a meeting of a series and all that follow; notifies the group once."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)
    series = meeting.series
    if series is None or not meeting.recurrence_id:
        raise Http404
    form = SeriesForm(posted(request), meeting=meeting, initial=_initial(meeting, series))
    if form.is_valid() and not is_check(request):
        with refusals_shown_in(form):
            changed = actions.change_series(
                actor=request.user,
                start=meeting,
                sequence=form.cleaned_data["sequence"],
                **form.series_details(),
            )
            messages.success(request, _("Series changed. The group has been notified."))
            return redirect(changed)
    moving = series.meetings.filter(recurrence_id__gte=meeting.recurrence_id)
    context = meeting_page(request, meeting, form=form, series=series)
    context |= times_context(
        request, meeting.group, form, besides=moving.values_list("pk", flat=True)
    )
    status = 200 if is_check(request) else status_of(form)
    return render(request, "meetings/following.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_series_end(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Cancel all coming meetings of a series, with a reason."""
    series = series_of(request, slug, uuid)
    permissions.can_end_series.require(request.viewer, series)
    turns = queries.turns_of(series)
    form = EndSeriesForm(posted(request), takes_turns=len(turns) > 1)
    if form.is_valid():
        with refusals_shown_in(form):
            end = actions.end_rotation if form.is_for_all else actions.end_series
            end(actor=request.user, series=series, reason=form.cleaned_data["reason"])
            messages.success(request, _ended_words(series))
            return redirect(series)
    title = _("Cancel all coming days") if series.is_several_days else _("End the series")
    rule = words_of_turns(turns)
    context = page(request, series.group, series=series, form=form, title=title, rule=rule)
    return render(request, "meetings/series_end.html", context, status=status_of(form))


def _ended_words(series: MeetingSeries) -> str:
    if series.is_several_days:
        return _("All coming days cancelled. The group has been notified.")
    return _("Series ended. The group has been notified.")


@require_safe
@login_required
def meeting_series_ics(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Download the series as a file for a calendar program."""
    series = series_of(request, slug, uuid)
    response = calendar_answer(request, calendars.calendar_of_series(series))
    response["Content-Disposition"] = attachment(f"{slug}-series.ics")
    response["Cache-Control"] = "private, no-store"
    return response


def _initial(meeting: Meeting, series: MeetingSeries) -> dict[str, object]:
    """Return the values of the series from this meeting on."""
    day = actions.original_date(meeting)
    names = (
        "title", "local_time", "zone", "duration_minutes", "place", "join_url", "frequency",
        "interval", "until", "sequence",
    )  # fmt: skip
    return {
        **{name: getattr(series, name) for name in names},
        "local_date": day,
        "days": (series.until - day).days + 1 if series.until else 1,
        "skipped": list(series.skipped.filter(day__gte=day).values_list("day", "reason")),
    }
