"""Polls for a time: list, opening, answering, who answered what, choosing, changing, cancelling."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format as localized
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from common.access import viewer_for
from common.access.content import sees
from common.errors import WrongState
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.pagination import page_of
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.times import zone_named
from common.ui import date_format
from members.people.models import Person
from members.people.requests import PersonRequest
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, permissions, queries
from workinggroups.meetings.answers import read_poll_token
from workinggroups.meetings.choices import Frequency
from workinggroups.meetings.forms.planning import CancelForm
from workinggroups.meetings.forms.polls import (
    DecideForm,
    PollAnswersForm,
    PollChangeForm,
    PollForm,
    TimesForm,
    field_of,
)
from workinggroups.meetings.models import Meeting, TimeOption, TimePoll
from workinggroups.meetings.queries.polls import OptionRow
from workinggroups.meetings.views.fetch import page

POLLS_A_PAGE = 30
PEOPLE_A_PAGE = 25
# A new poll asks for answers within so many days, unless its opener changes that.
DUE_DAYS = 5


@dataclass(frozen=True, slots=True)
class ShownOption:
    """A proposed time as its reader sees it, with the counts and the name of its form field."""

    row: OptionRow
    day: str
    hours: str
    begins: str  # of a series, when its first meeting is
    field: str
    chosen: str  # the answer that the form shows


@require_safe
@login_required
def poll_list(request: PersonRequest, slug: str) -> HttpResponse:
    """List the polls of a group, the latest first."""
    group = _group_of_people(request, slug)
    polls = TimePoll.objects.visible_to(request.viewer).filter(group=group)
    listed = page_of(polls.select_related("meeting", "series"), request.GET, size=POLLS_A_PAGE)
    for poll in listed.rows:
        poll.group = group
        for result in (poll.meeting, poll.series):
            if result is not None:
                result.group = group
    context = page(
        request, group, listed=listed, can_open=permissions.can_open_poll(request.viewer, group)
    )
    return render(request, "meetings/polls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def poll_new(request: PersonRequest, slug: str) -> HttpResponse:
    """Open a poll. The button `show` shows other days in the table and saves nothing."""
    group = group_of_member_space(request, slug)
    permissions.can_open_poll.require(request.viewer, group)
    if "show" in request.POST:
        form = PollForm(initial=_as_initial(PollForm(), request.POST))
    else:
        form = PollForm(posted(request), initial=_suggestion(request, group))
    if form.is_valid():
        with refusals_shown_in(form):
            poll = actions.open_poll(actor=request.user, group=group, **form.details())
            messages.success(request, _("Poll opened. The group has been notified."))
            return redirect(poll)
    context = page(request, group, form=form)
    return render(request, "meetings/poll_new.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def poll(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Show the proposed times with the counts; save the reader's answers."""
    shown = _poll_of(request, slug, uuid)
    if request.method == "POST":
        permissions.can_answer_poll.require(request.viewer, shown)
    rows = queries.option_rows(shown, request.user.pk)
    form = _answers_form(request.POST if request.method == "POST" else None, rows)
    if form.is_valid():
        actions.answer_poll(actor=request.user, poll=shown, answers=form.answers())
        messages.success(request, _("Answers saved. You can change them until a time is chosen."))
        return redirect(shown)
    can_edit = shown.is_open and permissions.can_edit_poll(request.viewer, shown)
    context = page(
        request,
        shown.group,
        poll=shown,
        form=form,
        days=by_day(shown, rows, request.user.zone, form),
        chosen=[row for row in rows if row.option.is_chosen],
        asked=queries.people_asked(shown),
        answered=len(queries.people_who_answered(shown)),
        has_answered=any(row.own for row in rows),
        has_open_times=any(not row.own for row in rows),
        zone=request.user.zone,
        can_answer=shown.is_open and permissions.can_answer_poll(request.viewer, shown),
        can_edit=can_edit,
    )
    return render(request, "meetings/poll.html", context, status=status_of(form))


@require_safe
@login_required
def poll_answers(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Show who can meet when, a page of people at a time."""
    shown = _poll_of(request, slug, uuid)
    rows = queries.option_rows(shown, request.user.pk)
    people = Paginator(queries.people_who_answered(shown), PEOPLE_A_PAGE)
    people_page = people.get_page(request.GET.get("page", "1"))
    options = [row.option for row in rows]
    respondents = queries.respondents_of(shown, list(people_page.object_list))
    context = page(
        request,
        shown.group,
        poll=shown,
        columns=shown_options(shown, rows, request.user.zone),
        people_page=people_page,
        respondents=[(one, one.of(options)) for one in respondents],
        zone=request.user.zone,
    )
    return render(request, "meetings/poll_answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def poll_decide(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Choose one of the proposed times, which schedules the meeting or the series."""
    shown = _editable_poll(request, slug, uuid)
    rows = [row for row in queries.option_rows(shown, request.user.pk) if not row.option.has_passed]
    options = {str(row.option.uuid): row.option for row in rows}
    form = DecideForm(
        posted(request),
        options=[
            (str(each.row.option.uuid), _option_label(each))
            for each in shown_options(shown, rows, request.user.zone)
        ],
        initial={"option": _preselected(request, rows), "title": shown.title},
    )
    if form.is_valid():
        with refusals_shown_in(form):
            values = form.cleaned_data
            decided = actions.decide_poll(
                actor=request.user,
                poll=shown,
                option=options[values["option"]],
                title=values["title"],
                place=values["place"],
                join_url=values["join_url"],
            )
            return _go_to_result(request, decided)
    context = page(request, shown.group, poll=shown, form=form, zone=request.user.zone)
    return render(request, "meetings/poll_decide.html", context, status=status_of(form))


def _go_to_result(request: PersonRequest, decided: TimePoll) -> HttpResponse:
    if decided.meeting:
        messages.success(request, _("Meeting scheduled. The group has been notified."))
        return redirect(decided.meeting)
    messages.success(request, _("Meetings scheduled. The group has been notified."))
    assert decided.series is not None
    return redirect(decided.series)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def poll_edit(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Change title, note and last day, and propose more times."""
    shown = _editable_poll(request, slug, uuid)
    if "show" in request.POST:
        empty = PollChangeForm(zone=shown.zone)
        form = PollChangeForm(zone=shown.zone, initial=_as_initial(empty, request.POST))
    else:
        names = ("title", "answers_due_on", "note", "version")
        initial = {name: getattr(shown, name) for name in names}
        form = PollChangeForm(posted(request), zone=shown.zone, initial=initial)
    if form.is_valid():
        with refusals_shown_in(form):
            before = shown.options.count()
            changed = actions.change_poll(actor=request.user, poll=shown, **form.details())
            if changed.options.count() > before:
                messages.success(request, _("Poll saved. The group has been asked again."))
            else:
                messages.success(request, _("Poll saved."))
            return redirect(changed)
    context = page(request, shown.group, poll=shown, form=form)
    return render(request, "meetings/poll_edit.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def poll_cancel(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Cancel the poll with a reason that everybody in the group can read."""
    shown = _editable_poll(request, slug, uuid)
    form = CancelForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            cancelled = actions.cancel_poll(actor=request.user, poll=shown, **form.cleaned_data)
            messages.success(request, _("Poll cancelled. Those who answered have been notified."))
            return redirect(cancelled)
    context = page(request, shown.group, poll=shown, form=form)
    return render(request, "meetings/poll_cancel.html", context, status=status_of(form))


# As for `attendance.answer_by_link`, the signed token of a mail replaces signing in. All it can do is
# answer for the reader of the mail, who must still have the seat.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def poll_answer_by_link(request: Request, token: str) -> HttpResponse:
    """Save answers by the link in a mail. GET changes nothing, since scanners follow links."""
    person, shown = _asked(token)
    rows = queries.option_rows(shown, person.pk)
    form = _answers_form(posted(request), rows)
    is_answered = False
    if form.is_valid():
        try:
            actions.answer_poll(actor=person, poll=shown, answers=form.answers())
        except WrongState as error:
            form.add_error(None, error.message)
        else:
            is_answered = True
            rows = queries.option_rows(shown, person.pk)
            form = _answers_form(None, rows)
    context = {
        "token": token,
        "person": person,
        "poll": shown,
        "days": by_day(shown, rows, person.zone, form),
        "form": form,
        "is_answered": is_answered,
        "has_open_times": any(not row.own for row in rows),
        "zone": person.zone,
        "is_open": shown.is_open,
    }
    return render(request, "meetings/poll_by_link.html", context, status=status_of(form))


def _asked(token: str) -> tuple[Person, TimePoll]:
    """Return the person and the poll of a link. Raises Http404 if the person cannot answer."""
    try:
        poll_uuid, person_uuid = read_poll_token(token)
    except ValueError:
        raise Http404 from None
    person = get_object_or_404(Person.objects.active(), uuid=person_uuid)
    shown = get_object_or_404(TimePoll.objects.select_related("group"), uuid=poll_uuid)
    viewer = viewer_for(person.pk)
    if not sees(viewer, shown) or not permissions.can_answer_poll(viewer, shown):
        raise Http404
    return person, shown


def _group_of_people(request: PersonRequest, slug: str) -> Group:
    """Return the group if this viewer reads what only its people read; else raise Http404."""
    group = group_of_member_space(request, slug)
    if not permissions.can_see_polls(request.viewer, group):
        raise Http404
    return group


def _poll_of(request: PersonRequest, slug: str, uuid: UUID) -> TimePoll:
    """Return the poll. Raises Http404 where the viewer cannot read it or the group."""
    group = group_of_member_space(request, slug)
    polls = TimePoll.objects.visible_to(request.viewer).select_related("meeting", "series")
    shown: TimePoll = get_object_or_404(polls, group=group, uuid=uuid)
    shown.group = group
    return shown


def _editable_poll(request: PersonRequest, slug: str, uuid: UUID) -> TimePoll:
    """Return the poll; 403 for who cannot change it, 409 where it is closed."""
    shown = _poll_of(request, slug, uuid)
    permissions.can_edit_poll.require(request.viewer, shown)
    if not shown.is_open:
        raise WrongState(_("This poll is closed."))
    return shown


def _answers_form(data: QueryDict | None, rows: list[OptionRow]) -> PollAnswersForm:
    return PollAnswersForm(
        data,
        options=[row.option for row in rows],
        answered=[row.option.pk for row in rows if row.own],
        initial={field_of(row.option): row.own for row in rows},
    )


def _as_initial(form: TimesForm, data: QueryDict) -> dict[str, object]:
    """Return what was typed, to be shown again without being checked."""
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _suggestion(request: PersonRequest, group: Group) -> dict[str, object]:
    last = Meeting.objects.filter(group=group).order_by("-starts_at").first()
    chosen: dict[str, object] = {}
    if times := request.GET.get("times", "").split():
        # Those chosen on the page of fair times.
        chosen = {
            "times": times,
            "from_day": times[0].partition("T")[0],
            "hours": "all",
            "frequency": Frequency.WEEKLY,
            "interval": request.GET.get("weeks", "1"),
            "zone": request.GET.get("zone", ""),
            "duration_minutes": request.GET.get("duration_minutes", ""),
        }
    return {
        "zone": last.zone if last else request.user.zone,
        "duration_minutes": last.duration_minutes if last else 60,
        "answers_due_on": datetime.now(zone_named(request.user.zone)).date()
        + timedelta(days=DUE_DAYS),
        **chosen,
    }


def _preselected(request: PersonRequest, rows: list[OptionRow]) -> str:
    """Return the time that the address names, or else one of the best."""
    named = request.GET.get("option", "")
    best = [str(row.option.uuid) for row in rows if row.is_best]
    return named or (best[0] if len(best) == 1 else "")


def shown_options(
    shown: TimePoll, rows: list[OptionRow], zone: str, form: PollAnswersForm | None = None
) -> list[ShownOption]:
    """Return the proposed times as they are shown to a reader in this zone."""
    return [
        ShownOption(
            row,
            day=_day_words(shown, row.option, zone),
            hours=_hour_words(row.option, zone),
            begins=_first_words(row.option, zone) if shown.is_for_series else "",
            field=field_of(row.option),
            chosen=str(form[field_of(row.option)].value() or "") if form else row.own,
        )
        for row in rows
    ]


def by_day(
    shown: TimePoll, rows: list[OptionRow], zone: str, form: PollAnswersForm
) -> list[tuple[str, list[ShownOption]]]:
    """Return the proposed times under the days, or the rules of a series, on which they are there."""
    options = shown_options(shown, rows, zone, form)
    return [(day, list(same)) for day, same in groupby(options, key=lambda each: each.day)]


def _day_words(shown: TimePoll, option: TimeOption, zone: str) -> str:
    """Return "Tue 1 Dec 2026" for a meeting, "Every second Tuesday" for a series, in this zone.

    A monthly rule is told in the poll's own zone: elsewhere it can be another weekday of the month.
    """
    local = option.starts_at.astimezone(zone_named(zone)).date()
    if not shown.is_for_series:
        return date_format.day_words(local, weekday=True)
    is_weekly = shown.frequency == Frequency.WEEKLY
    return shown.recurrence_from(local if is_weekly else option.local_date).words()


def _hour_words(option: TimeOption, zone: str) -> str:
    """Return "16:00 to 17:00" in this zone, with the day where it ends on another one."""
    start = option.starts_at.astimezone(zone_named(zone))
    end = option.ends_at.astimezone(zone_named(zone))
    facts = {"start": date_format.hour_words(start), "end": date_format.hour_words(end)}
    if end.date() != start.date():
        facts["end"] = f"{localized(end, 'D')} {facts['end']}"
    return _("%(start)s to %(end)s") % facts


def _first_words(option: TimeOption, zone: str) -> str:
    local = option.starts_at.astimezone(zone_named(zone)).date()
    return date_format.day_words(local, weekday=True)


def _option_label(each: ShownOption) -> str:
    tally = each.row.tally
    facts = {
        "day": each.day,
        "hours": each.hours,
        "first": each.begins,
        "yes": tally.yes,
        "if_needed": tally.if_needed,
        "no": tally.no,
    }
    if each.begins:
        return (
            _(
                "%(day)s, %(hours)s, first on %(first)s: %(yes)d yes, %(if_needed)d if need be, "
                "%(no)d no"
            )
            % facts
        )
    return _("%(day)s, %(hours)s: %(yes)d yes, %(if_needed)d if need be, %(no)d no") % facts
