"""The meetings of a group, one meeting, and scheduling, moving and cancelling it."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.days import today_in
from common.files.responses import attachment
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.requests import Request
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.attachments.queries import pictures_in
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import is_running
from workinggroups.groups.queries import rules_at
from workinggroups.meetings import (
    actions,
    attachments,
    calendars,
    competition,
    permissions,
    phases,
    queries,
)
from workinggroups.meetings.actions.minutes_steps import follows_charter
from workinggroups.meetings.addresses import is_meeting_address
from workinggroups.meetings.choices import MeetingState, MinutesState
from workinggroups.meetings.forms.planning import (
    CancelForm,
    MoveForm,
    PastMeetingForm,
    RepeatingForm,
)
from workinggroups.meetings.headings import under_headings
from workinggroups.meetings.models import Meeting, MeetingSeries, NotesRevision, Recording
from workinggroups.meetings.models.meetings import MeetingQuerySet
from workinggroups.meetings.views.calendar import calendar_answer
from workinggroups.meetings.views.fetch import (
    meeting_of,
    meeting_page,
    meeting_under,
    page,
    papers_read,
)
from workinggroups.meetings.views.times import is_check, times_context

PAST_A_PAGE = 20
# A longer time between two meetings is no rhythm to go on with.
SUGGESTED_MAX_DAYS = 56
COMING_SHOWN = 30
# What the form for the next meeting takes from the last one, besides its day.
KEPT_FROM_LAST = ("title", "local_time", "zone", "duration_minutes", "place", "join_url")


@require_safe
@login_required
def meeting_list(request: PersonRequest, slug: str) -> HttpResponse:
    """Show coming, then past meetings; as quick with 5,000 meetings as with 20."""
    group = group_of_member_space(request, slug)
    in_group = Meeting.objects.visible_to(request.viewer).filter(group=group)
    visible = in_group.select_related("series")
    older_than = _cursor(visible, request.GET.get("before", ""))
    past = visible.past()
    if older_than is not None:
        past = past.before(older_than.starts_at, older_than.pk)
    rows = list(past[: PAST_A_PAGE + 1])
    coming = [] if older_than else list(visible.coming().first_of_series()[:COMING_SHOWN])
    for meeting in [*rows, *coming]:
        meeting.group = group
        if meeting.series:
            meeting.series.group = group
    context = page(
        request,
        group,
        coming=under_headings(coming),
        series=[] if older_than else queries.rules_in_words(group, request.viewer),
        polls=[] if older_than else queries.open_polls(group, request.viewer),
        sees_polls=permissions.can_see_polls(request.viewer, group),
        past=under_headings(rows[:PAST_A_PAGE]),
        older=rows[PAST_A_PAGE - 1].address if len(rows) > PAST_A_PAGE else None,
        is_first=older_than is None,
        can_plan=permissions.can_plan_meeting(request.viewer, group),
    )
    return render(request, "meetings/list.html", context)


def _cursor(meetings: MeetingQuerySet, address: str) -> Meeting | None:
    """Return the meeting at this address, after which the page begins; None for the first page."""
    return meetings.at_address(address).first() if is_meeting_address(address) else None


def meeting_context(
    request: Request, meeting: Meeting, notes: NotesRevision | None
) -> dict[str, object]:
    """Return what the page of a meeting shows of this app; `notes` are its latest."""
    viewer = request.viewer
    roll = queries.roll_of(meeting)
    agenda = queries.agenda_of(meeting.pk)
    is_final = queries.is_final_by_rule(meeting)
    # A draft that is final by the charter is approved within a minute, and changes no more.
    is_open = not (meeting.is_cancelled or meeting.is_approved or is_final)
    can_write = is_open and permissions.can_write_notes(viewer, meeting)
    can_edit = permissions.can_edit_meeting(viewer, meeting) and not meeting.is_cancelled
    takes_proposals = queries.takes_proposals(meeting) and is_running(meeting.group)
    template = [] if agenda else queries.template_of(meeting)
    attached = attachments.files_of(meeting, agenda)
    presence = queries.presence_of(meeting, viewer)
    own = queries.own_presence(meeting, viewer, roll.row_of(viewer.person_id), presence.claim)
    pictures = pictures_in(attached)
    read_before = papers_read(request, agenda, attached)
    return meeting_page(
        request,
        meeting,
        people=roll.people_seated,
        entered_by=meeting.created_by if meeting.is_entered_afterwards else None,
        competition_notice=competition.NOTICE,
        agenda=agenda,
        agenda_rows=queries.agenda_rows(agenda or template, pictures, read_before),
        agenda_minutes=sum(item.minutes or 0 for item in agenda or template),
        follows_template=bool(template),
        notes=notes,
        roll=roll,
        my_answer=own.state,
        own=own,
        guests=presence.guests,
        law_shown=presence.competition_notice,
        is_live_page_linked=phases.is_live_page_linked(meeting),
        neighbours=queries.neighbours_of(meeting, viewer),
        action_items=queries.items_of(meeting, viewer),
        unassigned=queries.unassigned_markers(notes)
        if is_open and not meeting.is_entered_afterwards and is_running(meeting.group)
        else [],
        # Only minutes that were offered can have any.
        corrections=meeting.corrections.select_related("author", "organization", "answered_by")
        if meeting.minutes_offered_at
        else [],
        can_read_recording=permissions.can_read_recording(viewer, meeting)
        and _has_recording_page(meeting),
        drafts_to_approve=queries.drafts_for(meeting, viewer)
        if permissions.can_record_approval(viewer, meeting) and not meeting.is_cancelled
        else [],
        is_final_by_rule=is_final,
        approved_at_meeting=meeting.minutes_approved_at_meeting,
        minutes_charter=meeting.minutes_charter,
        can_edit=can_edit,
        can_cancel=permissions.can_cancel_meeting(viewer, meeting),
        missing_agenda=_missing_agenda(meeting) if can_edit and not (agenda or template) else None,
        can_propose=takes_proposals and permissions.can_propose_item(viewer, meeting),
        open_proposals=queries.count_open_proposals(meeting)
        if takes_proposals and permissions.can_see_proposals(viewer, meeting)
        else 0,
        # Once attendance is recorded, also while the meeting runs, an answer would be refused.
        can_answer=permissions.can_answer_meeting(viewer, meeting)
        and meeting.state == MeetingState.PLANNED
        and not own.is_present
        and not meeting.is_over,
        can_record=permissions.can_record_attendance(viewer, meeting)
        and is_open
        and meeting.has_begun,
        can_write=can_write,
        attachments=attached,
        pictures=pictures,
        attach_url=attachments.address(meeting),
        can_attach=is_open and permissions.can_attach_to_meeting(viewer, meeting),
        can_approve=permissions.can_approve_minutes(viewer, meeting)
        and follows_charter("approve", meeting),
        can_record_approval=permissions.can_record_approval(viewer, meeting)
        and follows_charter("approve_at", meeting)
        and is_running(meeting.group),
        can_answer_corrections=permissions.can_answer_correction(viewer, meeting)
        and meeting.minutes_state == MinutesState.DRAFT
        and not is_final,
        can_correct=permissions.can_correct_minutes(viewer, meeting),
        can_unlock=permissions.can_unlock_minutes(viewer, meeting),
        can_ask_for_correction=permissions.can_ask_for_correction(viewer, meeting),
    )


def _has_recording_page(meeting: Meeting) -> bool:
    """Tell whether the page links to that of the recording: of a cancelled meeting, if it has one."""
    if meeting.is_cancelled:
        return Recording.objects.filter(meeting=meeting, deleted_at=None).exists()
    return meeting.has_begun


def _missing_agenda(meeting: Meeting) -> queries.MissingAgenda | None:
    """Return until when the empty agenda of a coming meeting is due."""
    rules = rules_at(meeting.group_id, meeting.starts_at)
    return queries.missing_agenda(meeting, meeting.agenda_due_at(rules.notice_days))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_plan(request: PersonRequest, slug: str) -> HttpResponse:
    """Schedule a meeting; the form begins with the values of the group's last one."""
    group = group_of_member_space(request, slug)
    permissions.can_plan_meeting.require(request.viewer, group)
    form = RepeatingForm(posted(request), initial=_suggestion(request, group))
    if form.is_valid() and not is_check(request):
        with refusals_shown_in(form):
            if form.repeats:
                series = actions.plan_series(
                    actor=request.user, group=group, **form.series_details()
                )
                messages.success(request, _planned_words(series))
                return redirect(series)
            planned = actions.plan_meeting(
                actor=request.user, group=group, **form.meeting_details()
            )
            messages.success(request, _("Meeting scheduled. The group has been notified."))
            return redirect(planned)
    context = page(request, group, form=form, competition_notice=competition.NOTICE)
    context |= times_context(request, group, form)
    status = 200 if is_check(request) else status_of(form)
    return render(request, "meetings/plan.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_enter(request: PersonRequest, slug: str) -> HttpResponse:
    """Enter a meeting that has already taken place, with its notes; attendance comes next."""
    group = group_of_member_space(request, slug)
    permissions.can_plan_meeting.require(request.viewer, group)
    zone = (_last_meeting(group) or request.user).zone
    form = PastMeetingForm(posted(request), initial={"zone": zone})
    if form.is_valid():
        with refusals_shown_in(form):
            entered = actions.enter_past_meeting(
                actor=request.user, group=group, **form.cleaned_data
            )
            messages.success(
                request, _("Meeting added. Nobody has been notified. Now record who attended.")
            )
            return redirect("meeting-attendance", slug, entered.address)
    context = page(request, group, form=form)
    return render(request, "meetings/enter.html", context, status=status_of(form))


def _planned_words(series: MeetingSeries) -> str:
    if series.is_several_days:
        return _("Meeting scheduled. The group has been notified.")
    return _("Meetings scheduled. The group has been notified.")


def _last_meeting(group: Group) -> Meeting | None:
    return Meeting.objects.filter(group=group).order_by("-starts_at").first()


def _suggestion(request: PersonRequest, group: Group) -> dict[str, object]:
    """Suggest the next meeting after the last two at their interval; for a first one only the zone.

    Meetings of series suggest nothing of the date, since they go on by themselves.
    """
    singly = Meeting.objects.filter(group=group, series=None).order_by("-starts_at")
    last_two = [one for one in singly[:2] if not one.is_cancelled]
    if not last_two:
        last = _last_meeting(group)
        return {"zone": last.zone if last else request.user.zone}
    last = last_two[0]
    days = (last.local_date - last_two[-1].local_date).days
    step = timedelta(days=days if days % 7 == 0 and 0 < days <= SUGGESTED_MAX_DAYS else 7)
    day = last.local_date + step
    while day <= today_in(last.zone):
        day += step
    return {**_values_of(last, *KEPT_FROM_LAST), "local_date": day}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_edit(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Change title, time and place; a new time or place notifies the group."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)
    initial = _values_of(meeting, *KEPT_FROM_LAST, "local_date", "fold", "sequence")
    form = MoveForm(posted(request), meeting=meeting, initial=initial)
    if form.is_valid() and not is_check(request):
        with refusals_shown_in(form):
            changed = actions.change_meeting(
                actor=request.user, meeting=meeting, **form.cleaned_data
            )
            if changed.sequence == meeting.sequence:
                messages.success(request, _("Meeting saved."))
            else:
                messages.success(request, _("Meeting saved. The group has been notified."))
            return redirect(changed)
    context = meeting_page(request, meeting, form=form)
    context |= times_context(request, meeting.group, form, besides=[meeting.pk])
    status = 200 if is_check(request) else status_of(form)
    return render(request, "meetings/edit.html", context, status=status)


def _values_of(meeting: Meeting, *names: str) -> dict[str, object]:
    return {name: getattr(meeting, name) for name in names}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_cancel(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Cancel the meeting with a reason that everybody can read."""
    meeting = meeting_under(permissions.can_cancel_meeting, request, slug, address)
    form = CancelForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            cancelled = actions.cancel_meeting(
                actor=request.user, meeting=meeting, **form.cleaned_data
            )
            messages.success(request, _("Meeting cancelled. The group has been notified."))
            return redirect(cancelled)
    context = meeting_page(request, meeting, form=form)
    return render(request, "meetings/cancel.html", context, status=status_of(form))


@require_safe
@login_required
def meeting_ics(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Download the meeting as a file for a calendar program."""
    meeting = meeting_of(request, slug, address)
    response = calendar_answer(request, calendars.calendar_of(meeting))
    response["Content-Disposition"] = attachment(f"{slug}-meeting-{address}.ics")
    response["Cache-Control"] = "private, no-store"
    return response
