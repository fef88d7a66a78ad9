"""One series of meetings: its page, changing it from a meeting on, ending it, its calendar file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.files.responses import attachment
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.meetings import actions, calendars, permissions, queries
from workinggroups.meetings.forms.planning import EndSeriesForm, SeriesForm
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.models.rotations import words_of_turns
from workinggroups.meetings.queries.fairness import weekly_series
from workinggroups.meetings.views.calendar import calendar_answer
from workinggroups.meetings.views.clock_banner import banner_of_series
from workinggroups.meetings.views.fetch import meeting_page, meeting_under, page

MEETINGS_SHOWN = 60


@require_safe
@login_required
def meeting_series(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Show the rule, the coming meetings with what was changed of them, and the skipped days."""
    series = _series_of(request, slug, uuid)
    meetings = Meeting.objects.visible_to(request.viewer).filter(series=series)
    coming = list(meetings.coming()[:MEETINGS_SHOWN])
    for meeting in coming:
        meeting.series, meeting.group = series, series.group
    turns = queries.turns_of(series)
    can_plan = permissions.can_plan_meeting(request.viewer, series.group)
    context = page(
        request,
        series.group,
        series=series,
        coming=coming,
        next_one=next((one for one in coming if not one.is_cancelled and not one.has_begun), None),
        skipped=series.skipped.all(),
        clocks=None if series.is_ended else banner_of_series(series, request.viewer),
        turns=turns if len(turns) > 1 else [],
        rule=words_of_turns(turns),
        continued_by=series.continued_by.first(),
        can_change=can_plan and not series.is_ended,
        sees_fair_times=permissions.can_see_polls(request.viewer, series.group)
        and series in weekly_series(series.group, request.viewer),
    )
    return render(request, "meetings/series.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_following(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Change a meeting of a series and all that follow; notifies the group once."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)
    series = meeting.series
    if series is None or not meeting.recurrence_id:
        raise Http404
    form = SeriesForm(posted(request), meeting=meeting, initial=_initial(meeting, series))
    if form.is_valid():
        with refusals_shown_in(form):
            changed = actions.change_series(
                actor=request.user,
                start=meeting,
                sequence=form.cleaned_data["sequence"],
                **form.series_details(),
            )
            messages.success(request, _("Series changed. The group has been notified."))
            return redirect(changed)
    context = meeting_page(request, meeting, form=form, series=series)
    return render(request, "meetings/following.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_series_end(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Cancel all coming meetings of a series, with a reason."""
    series = _series_of(request, slug, uuid)
    permissions.can_plan_meeting.require(request.viewer, series.group)
    turns = queries.turns_of(series)
    form = EndSeriesForm(posted(request), takes_turns=len(turns) > 1)
    if form.is_valid():
        with refusals_shown_in(form):
            end = actions.end_rotation if form.is_for_all else actions.end_series
            end(actor=request.user, series=series, reason=form.cleaned_data["reason"])
            messages.success(request, _("Series ended. The group has been notified."))
            return redirect(series)
    context = page(request, series.group, series=series, form=form, rule=words_of_turns(turns))
    return render(request, "meetings/series_end.html", context, status=status_of(form))


@require_safe
@login_required
def meeting_series_ics(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Download the series as a file for a calendar program."""
    series = _series_of(request, slug, uuid)
    response = calendar_answer(request, calendars.calendar_of_series(series))
    response["Content-Disposition"] = attachment(f"{slug}-series.ics")
    response["Cache-Control"] = "private, no-store"
    return response


def _series_of(request: PersonRequest, slug: str, uuid: UUID) -> MeetingSeries:
    """Return the series. Raises Http404 where the viewer cannot read it or the group."""
    group = group_of_member_space(request, slug)
    visible = MeetingSeries.objects.visible_to(request.viewer).select_related("continues")
    series: MeetingSeries = get_object_or_404(visible, group=group, uuid=uuid)
    series.group = group
    return series


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
        "skipped": list(series.skipped.filter(day__gte=day).values_list("day", "reason")),
    }
