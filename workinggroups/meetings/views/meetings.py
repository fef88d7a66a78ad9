"""The meetings of a group, one meeting, and planning, moving and cancelling it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.days import today_in
from common.files.responses import attachment
from common.http.form_handling import attempt, posted, status_of
from common.http.once import once
from common.http.requests import Request
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.attachments.queries import pictures_in
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.meetings import (
    actions,
    attachments,
    calendars,
    competition,
    permissions,
    queries,
)
from workinggroups.meetings.choices import MeetingState
from workinggroups.meetings.forms import CancelForm, MeetingForm, MoveForm, PastMeetingForm
from workinggroups.meetings.hours import PartOfDay, hours_of
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.views.calendar import calendar_answer
from workinggroups.meetings.views.fetch import meeting_of, page

PAST_A_PAGE = 20
COMING_SHOWN = 30


@require_safe
@login_required
def meeting_list(request: PersonRequest, slug: str) -> HttpResponse:
    """What comes, then what was; as quick with 5,000 meetings as with 20."""
    group = group_of_member_space(request, slug)
    visible = Meeting.objects.visible_to(request.viewer).filter(group=group)
    older_than = _cursor(visible, request.GET.get("before", ""))
    past = visible.past()
    if older_than is not None:
        past = past.before(older_than.starts_at, older_than.pk)
    rows = list(past[: PAST_A_PAGE + 1])
    coming = [] if older_than else list(visible.coming()[:COMING_SHOWN])
    for meeting in [*rows, *coming]:
        meeting.group = group
    context = page(
        request,
        group,
        coming=coming,
        organizations_coming=queries.organizations_coming(coming),
        past=rows[:PAST_A_PAGE],
        older=rows[PAST_A_PAGE - 1].number if len(rows) > PAST_A_PAGE else None,
        is_first=older_than is None,
        can_plan=permissions.can_plan_meeting(request.viewer, group),
    )
    return render(request, "meetings/list.html", context)


def _cursor(meetings: Any, number: str) -> Meeting | None:
    """The meeting after whose place the page begins; anything else begins at the start."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    found: Meeting | None = meetings.filter(number=int(number)).first()
    return found


def meeting_context(request: Request, found: Meeting) -> dict[str, Any]:
    """What the page of a meeting shows. The roof adds the panels of the rooms above."""
    viewer = request.viewer
    notes = queries.latest_notes(found)
    roll = queries.roll_of(found)
    agenda = queries.agenda_of(found.pk)
    is_open = not (found.is_cancelled or found.is_approved)
    can_write = is_open and permissions.can_write_notes(viewer, found)
    attached = attachments.files_of(found, agenda)
    return page(
        request,
        found.group,
        people=roll.people_seated,
        meeting=found,
        entered_by=found.created_by if found.is_entered_afterwards else None,
        competition_notice=competition.NOTICE,
        agenda=agenda,
        agenda_lines=queries.lines_of(agenda),
        agenda_minutes=sum(item.minutes or 0 for item in agenda),
        notes=notes,
        roll=roll,
        my_answer=roll.answer_of(viewer.person_id),
        neighbours=queries.neighbours_of(found, viewer),
        action_items=queries.items_of(found, viewer),
        waiting=queries.unassigned_lines(notes)
        if is_open and not found.is_entered_afterwards
        else [],
        corrections=_corrections(found),
        can_edit=permissions.can_edit_meeting(viewer, found) and not found.is_cancelled,
        # Once attendance is recorded, also while the meeting runs, an answer would be refused.
        can_answer=permissions.can_answer_meeting(viewer, found)
        and found.state == MeetingState.PLANNED
        and not found.is_over,
        can_record=permissions.can_record_attendance(viewer, found) and is_open and found.has_begun,
        can_write=can_write,
        attachments=attached,
        pictures=pictures_in(attached),
        attach_url=attachments.address(found),
        can_attach=is_open and permissions.can_attach_to_meeting(viewer, found),
        can_approve=permissions.can_approve_minutes(viewer, found),
        can_correct=permissions.can_correct_minutes(viewer, found),
        can_unlock=permissions.can_unlock_minutes(viewer, found),
        can_ask_for_correction=permissions.can_ask_for_correction(viewer, found),
    )


def _corrections(found: Meeting) -> Any:
    """Only minutes that were offered can have any."""
    if found.minutes_offered_at is None:
        return []
    return found.corrections.select_related("author", "organization")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_plan(request: PersonRequest, slug: str) -> HttpResponse:
    """A new meeting; the form begins where the last one of the group ended."""
    group = group_of_member_space(request, slug)
    permissions.can_plan_meeting.require(request.viewer, group)
    form = MeetingForm(posted(request), initial=_suggestion(request, group))
    if form.is_valid():
        planned = attempt(
            form, lambda: actions.plan_meeting(actor=request.user, group=group, **form.cleaned_data)
        )
        if planned is not None:
            messages.success(request, _("The meeting is planned, and the group is told."))
            return redirect(planned)
    context = page(request, group, form=form, competition_notice=competition.NOTICE)
    context |= _whose_hours(group, form)
    return render(request, "meetings/plan.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_enter(request: PersonRequest, slug: str) -> HttpResponse:
    """A meeting that took place already: on record with its notes, then who was there."""
    group = group_of_member_space(request, slug)
    permissions.can_plan_meeting.require(request.viewer, group)
    form = PastMeetingForm(posted(request), initial={"zone": _zone_of(request, group)})
    if form.is_valid():
        entered = attempt(
            form,
            lambda: actions.enter_past_meeting(
                actor=request.user, group=group, **form.cleaned_data
            ),
        )
        if entered is not None:
            messages.success(
                request, _("The meeting is on record, and nobody was mailed. Say who was there.")
            )
            return redirect("meeting-attendance", slug, entered.number)
    context = page(request, group, form=form)
    return render(request, "meetings/enter.html", context, status=status_of(form))


def _zone_of(request: PersonRequest, group: Group) -> str:
    """Where the group met last, else the reader's own zone."""
    last = Meeting.objects.filter(group=group).order_by("-starts_at").first()
    return last.zone if last else request.user.zone


def _whose_hours(group: Group, form: MeetingForm) -> dict[str, Any]:
    """What the hour in the form is on the clocks of the group's people, once it says one."""
    moment = form.moment()
    if moment is None:
        return {}
    hours = hours_of(group, moment)
    return {
        "hours": hours,
        "people_at_night": sum(hour.people for hour in hours if hour.part == PartOfDay.NIGHT),
        "people_in_all": sum(hour.people for hour in hours),
        "moment": moment,
    }


def _suggestion(request: PersonRequest, group: Group) -> dict[str, Any]:
    """A week after the last meeting, at its hour; the planner's own zone for a first one."""
    last = Meeting.objects.filter(group=group).order_by("-starts_at").first()
    if last is None:
        return {"zone": request.user.zone}
    day = max(last.local_date + timedelta(days=7), today_in(last.zone) + timedelta(days=1))
    while day.weekday() != last.local_date.weekday():
        day += timedelta(days=1)
    return {
        "title": last.title,
        "local_date": day,
        "local_time": last.local_time,
        "zone": last.zone,
        "duration_minutes": last.duration_minutes,
        "place": last.place,
        "join_url": last.join_url,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_edit(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Title, time and place; a new time or place is told to everybody."""
    found = meeting_of(request, slug, number)
    permissions.can_edit_meeting.require(request.viewer, found)
    form = MoveForm(posted(request), meeting=found, initial=_values_of(found))
    if form.is_valid():
        changed = attempt(
            form,
            lambda: actions.change_meeting(actor=request.user, meeting=found, **form.cleaned_data),
        )
        if changed is not None:
            messages.success(request, _said(found, changed))
            return redirect(changed)
    context = page(request, found.group, meeting=found, form=form)
    context |= _whose_hours(found.group, form)
    return render(request, "meetings/edit.html", context, status=status_of(form))


def _said(before: Meeting, after: Meeting) -> str:
    if after.sequence == before.sequence:
        return _("The change is saved.")
    return _("The change is saved, and the group is told.")


def _values_of(found: Meeting) -> dict[str, Any]:
    names = (
        "title", "local_date", "local_time", "fold", "zone", "duration_minutes", "place",
        "join_url", "sequence",
    )  # fmt: skip
    return {name: getattr(found, name) for name in names}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_cancel(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """With a reason, which everybody reads."""
    found = meeting_of(request, slug, number)
    permissions.can_edit_meeting.require(request.viewer, found)
    form = CancelForm(posted(request))
    if form.is_valid():
        cancelled = attempt(
            form,
            lambda: actions.cancel_meeting(actor=request.user, meeting=found, **form.cleaned_data),
        )
        if cancelled is not None:
            messages.success(request, _("The meeting is cancelled, and the group is told."))
            return redirect(cancelled)
    context = page(request, found.group, meeting=found, form=form)
    return render(request, "meetings/cancel.html", context, status=status_of(form))


@require_safe
@login_required
def meeting_ics(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The meeting as a file for a calendar program."""
    found = meeting_of(request, slug, number)
    response = calendar_answer(request, calendars.calendar_of(found))
    response["Content-Disposition"] = attachment(f"{slug}-meeting-{number}.ics")
    response["Cache-Control"] = "private, no-store"
    return response
