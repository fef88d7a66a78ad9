"""Polls for a time.   open ──decide──▶ decided (a meeting or a series);   open ──cancel──▶ cancelled

Deciding holds the lock of the group, then of the poll; answering only that of the poll, so that no
answer comes after the choice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import days
from common.access import Level, narrower, viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.ui.date_format import day_words
from common.unseen import refuse_unseen, without_reordering
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.choices import GroupState
from workinggroups.groups.models import Group, Seat
from workinggroups.groups.notifications import notify_in
from workinggroups.meetings import local_time
from workinggroups.meetings.actions.planning import plan_meeting
from workinggroups.meetings.actions.series import check_rule, plan_series
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    POLL_AHEAD_DAYS,
    POLL_MAX_OPTIONS,
    POLL_MIN_OPTIONS,
    POLLS_OPEN_MAX,
    AttendanceState,
    Availability,
    PollState,
)
from workinggroups.meetings.models import (
    Attendance,
    Meeting,
    MeetingSeries,
    OptionAnswer,
    TimeOption,
    TimePoll,
)
from workinggroups.meetings.notifications.polls import (
    PollCancelled,
    PollDue,
    PollNotification,
    PollOpened,
    PollOver,
)
from workinggroups.meetings.permissions import can_answer_poll, can_edit_poll, can_open_poll

# Local date and time of the start, in the zone of the poll.
LocalStart = tuple[date, time]


class PollDetails(TypedDict):
    """What is asked. With a `frequency`, each of `options` begins a series by that rule."""

    title: str
    zone: str
    duration_minutes: int
    options: Sequence[LocalStart]
    answers_due_on: date
    note: NotRequired[str]
    frequency: NotRequired[str]
    interval: NotRequired[int]
    until: NotRequired[date | None]


@transaction.atomic
def open_poll(*, actor: Person, group: Group, **details: Unpack[PollDetails]) -> TimePoll:
    """Ask the people of the group which of some times suit them, and notify them.

    Locks the group. Raises NotAllowed, WrongState for a concluded group, Invalid at the field that is
    wrong; the proposed times are the field `times`.
    """
    poll = _unsaved(actor, group, details)
    options = _options(poll, details["options"])
    _check_number(len(options))
    _check_due(poll, options)
    group = lock_group(group)
    can_open_poll.require(viewer_for(actor.pk), group)
    require_running(group)
    if TimePoll.objects.open().filter(group=group).count() >= POLLS_OPEN_MAX:
        raise Invalid(
            _("The group has %(most)d open polls. Choose a time in one of them, or cancel it.")
            % {"most": POLLS_OPEN_MAX}
        )
    poll.save(force_insert=True)
    TimeOption.objects.bulk_create(options)
    _notify(PollOpened, poll, actor)
    return poll


@transaction.atomic
def change_poll(
    *,
    actor: Person,
    poll: TimePoll,
    version: int,
    title: str,
    note: str,
    answers_due_on: date,
    options: Sequence[LocalStart] = (),
) -> TimePoll:
    """Change title, note and last day of an open poll, and propose more times; none is taken away.

    With new times the group is asked again. `version` is the one that the actor has read: raises
    Conflict where the poll was changed since, WrongState where it is closed.
    """
    refuse_unseen(title=title)
    poll = lock_poll(poll)
    can_edit_poll.require(viewer_for(actor.pk), poll)
    require_open(poll)
    if poll.version != version:
        raise Conflict(_("Someone changed this poll while you were editing. Check it first."))
    proposed = list(poll.options.all())
    known = {option.starts_at for option in proposed}
    new = [option for option in _options(poll, options) if option.starts_at not in known]
    _check_number(len(proposed) + len(new))
    is_moved = answers_due_on != poll.answers_due_on
    poll.title, poll.note = title, _tidy(note)
    poll.answers_due_on = answers_due_on
    if is_moved:
        _check_due(poll, [*proposed, *new])
    poll.version += 1
    poll.save(update_fields=["title", "note", "answers_due_on", "version"])
    TimeOption.objects.bulk_create(new)
    if new:
        _notify(PollOpened, poll, actor, cause=f"{poll.uuid}:{poll.version}")
    return poll


@transaction.atomic
def answer_poll(*, actor: Person, poll: TimePoll, answers: Mapping[UUID, str]) -> TimePoll:
    """Record when the actor can meet, by option uuid; other answers of the actor stay as they are.

    Raises NotAllowed, WrongState for a closed poll, Invalid for an answer or an option that is none.
    """
    poll = lock_poll(poll)
    viewer = viewer_for(actor.pk)
    can_answer_poll.require(viewer, poll)
    require_open(poll)
    if not set(answers.values()) <= set(Availability.values):
        raise Invalid(_("Choose yes, if need be or no for each time."), "answers")
    options = dict(poll.options.values_list("uuid", "pk"))
    if not answers.keys() <= options.keys():
        raise Invalid(_("This poll does not propose this time. Reload the page."), "answers")
    OptionAnswer.objects.bulk_create(
        [
            OptionAnswer(
                option_id=options[uuid],
                person=actor,
                organization_id=viewer.seats[poll.group_id].organization_id,
                answer=answer,
                changed_at=timezone.now(),
            )
            for uuid, answer in answers.items()
        ],
        update_conflicts=True,
        unique_fields=["option", "person"],
        update_fields=["answer", "organization", "changed_at"],
    )
    return poll


@transaction.atomic
def decide_poll(
    *,
    actor: Person,
    poll: TimePoll,
    option: TimeOption,
    title: str = "",
    place: str = "",
    join_url: str = "",
) -> TimePoll:
    """Choose a time: schedule the meeting or the series there, which notifies the group.

    Who answered yes to the chosen time of a meeting is coming to it. Raises what `plan_meeting` and
    `plan_series` raise, WrongState for a closed poll, Invalid for a time that has passed or that the
    poll does not propose.
    """
    poll = lock_poll_with_group(poll)
    can_edit_poll.require(viewer_for(actor.pk), poll)
    require_open(poll)
    option = _own_option(poll, option)
    title = title or poll.title
    if poll.is_for_series:
        series = plan_series(
            actor=actor,
            group=poll.group,
            title=title,
            first_on=option.local_date,
            local_time=option.local_time,
            zone=poll.zone,
            duration_minutes=poll.duration_minutes,
            frequency=poll.frequency,
            interval=poll.interval,
            until=poll.until,
            place=place,
            join_url=join_url,
        )
        return close_with_result(actor=actor, poll=poll, options=[option], series=series)
    meeting = plan_meeting(
        actor=actor,
        group=poll.group,
        title=title,
        local_date=option.local_date,
        local_time=option.local_time,
        zone=poll.zone,
        duration_minutes=poll.duration_minutes,
        place=place,
        join_url=join_url,
        fold=0,
    )
    close_with_result(actor=actor, poll=poll, options=[option], meeting=meeting)
    _note_coming(option, meeting)
    return poll


def close_with_result(
    *,
    actor: Person,
    poll: TimePoll,
    options: Iterable[TimeOption],
    meeting: Meeting | None = None,
    series: MeetingSeries | None = None,
) -> TimePoll:
    """Note what came of the poll. Answers of people who have left are removed.

    The caller holds the lock of the poll.
    """
    for option in options:
        option.is_chosen = True
        option.save(update_fields=["is_chosen"])
    seated = Seat.objects.filter(group=poll.group_id).values("person")
    OptionAnswer.objects.filter(option__poll=poll).exclude(person__in=seated).delete()
    poll.meeting, poll.series = meeting, series
    _close(poll, PollState.DECIDED, actor, "meeting", "series")
    return poll


@transaction.atomic
def cancel_poll(*, actor: Person, poll: TimePoll, reason: str) -> TimePoll:
    """Close the poll without a choice; notify those who answered of the reason.

    Raises Invalid without a reason, WrongState for a closed poll.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give a reason. It is shown on the page and in the e-mail."), "reason")
    poll = lock_poll(poll)
    can_edit_poll.require(viewer_for(actor.pk), poll)
    require_open(poll)
    close_without_choice(poll, actor=actor, reason=reason)
    _notify(PollCancelled, poll, actor)
    return poll


def close_without_choice(poll: TimePoll, *, actor: Person, reason: str) -> None:
    """Cancel an open poll without a notification; the caller holds its lock."""
    poll.cancelled_reason = reason
    _close(poll, PollState.CANCELLED, actor, "cancelled_reason")


def remind_of_polls() -> int:
    """Remind those without an answer on the day before answers are due; notify the chairs once that
    day is over. Return how many polls were due or over.

    Called by a periodic task. Each poll notifies once of either, however often this runs. A poll that
    was opened less than a day ago reminds nobody yet.
    """
    now = timezone.now()
    polls = TimePoll.objects.open().exclude(group__state=GroupState.CONCLUDED)
    count = 0
    for poll in polls.select_related("group"):
        if poll.is_overdue:
            _notify(PollOver, poll, None)
        elif _is_nearly_due(poll, now):
            _notify(PollDue, poll, None)
        else:
            continue
        count += 1
    return count


def lock_poll(poll: TimePoll) -> TimePoll:
    """Lock the poll until the end of the transaction; return it as it is now, with its group."""
    polls = TimePoll.objects.select_for_update(of=("self",), no_key=True)
    current: TimePoll = polls.select_related("group").get(pk=poll.pk)
    return current


def lock_poll_with_group(poll: TimePoll) -> TimePoll:
    """Lock the group, then the poll; return the poll as it is now."""
    lock_group(poll.group)
    return lock_poll(poll)


def _unsaved(actor: Person, group: Group, details: PollDetails) -> TimePoll:
    """Return the poll without its options. Raises Invalid at the field that is wrong."""
    refuse_unseen(title=details["title"])
    local_time.zone_of_record(details["zone"])
    if not 1 <= details["duration_minutes"] <= MEETING_MAX_MINUTES:
        raise Invalid(_("A meeting can last from 1 minute to 24 hours."), "duration_minutes")
    poll = TimePoll(
        group=group,
        level=narrower(group.content_level, Level.MEMBERS),
        title=details["title"],
        note=_tidy(details.get("note", "")),
        zone=details["zone"],
        duration_minutes=details["duration_minutes"],
        answers_due_on=details["answers_due_on"],
        created_by=actor,
    )
    if details.get("frequency"):
        poll.frequency = details["frequency"]
        poll.interval = details.get("interval", 1)
        poll.until = details.get("until")
    return poll


def _options(poll: TimePoll, starts: Sequence[LocalStart]) -> list[TimeOption]:
    """Return the times of the poll, unsaved, each once and in order. Raises Invalid for one that
    cannot be a meeting."""
    zone = local_time.zone_of_record(poll.zone)
    now = timezone.now()
    options: dict[datetime, TimeOption] = {}
    for day, at in starts:
        try:
            # Of an hour that comes twice, the first is meant.
            starts_at = local_time.instant(day, at, zone, fold=0)
        except Invalid as error:
            raise Invalid(error.message, "times") from None
        if not now < starts_at < now + timedelta(days=POLL_AHEAD_DAYS):
            raise Invalid(_moment_refused(day, at, is_past=starts_at <= now), "times")
        if poll.is_for_series:
            _check_rule(poll, day)
        options[starts_at] = TimeOption(
            poll=poll, local_date=day, local_time=at, starts_at=starts_at
        )
    return [options[starts_at] for starts_at in sorted(options)]


def _check_rule(poll: TimePoll, first: date) -> None:
    """Raise Invalid where no series by the rule of the poll can begin on this day."""
    try:
        check_rule(first, poll.frequency, poll.interval, poll.until)
    except Invalid as error:
        if error.field != "local_date":
            raise
        message = _("%(day)s does not match how the series repeats.")
        raise Invalid(message % {"day": day_words(first, weekday=True)}, "times") from None


def _moment_refused(day: date, at: time, *, is_past: bool) -> str:
    facts = {"day": day_words(day, weekday=True), "time": f"{at:%H:%M}", "most": POLL_AHEAD_DAYS}
    if is_past:
        return _("%(day)s, %(time)s is in the past.") % facts
    return _("%(day)s, %(time)s is more than %(most)d days from now.") % facts


def _check_number(count: int) -> None:
    if count < POLL_MIN_OPTIONS:
        raise Invalid(_("Propose at least two times."), "times")
    if count > POLL_MAX_OPTIONS:
        raise Invalid(
            _("Propose at most %(most)d times.") % {"most": POLL_MAX_OPTIONS},
            "times",
        )


def _check_due(poll: TimePoll, options: Sequence[TimeOption]) -> None:
    """Refuse a last day that is over, or after the last proposed time."""
    if poll.answers_due_on < days.today_in(poll.zone):
        raise Invalid(_("This day is in the past."), "answers_due_on")
    if poll.answers_due_on > options[-1].local_date:
        raise Invalid(_("This day is after the last proposed time."), "answers_due_on")


def _is_nearly_due(poll: TimePoll, now: datetime) -> bool:
    is_new = poll.created_at > now - timedelta(days=1)
    return not is_new and days.today_in(poll.zone, now) >= poll.answers_due_on - timedelta(days=1)


def _own_option(poll: TimePoll, option: TimeOption) -> TimeOption:
    """Return the option of this poll, as it is now. Raises Invalid where it cannot be chosen."""
    own: TimeOption | None = poll.options.filter(pk=option.pk).first()
    if own is None:
        raise Invalid(_("This poll does not propose this time. Reload the page."), "option")
    if own.has_passed:
        raise Invalid(_("This time has passed. Choose another one, or propose more."), "option")
    return own


def _note_coming(option: TimeOption, meeting: Meeting) -> None:
    """Note those who answered yes to the chosen time as coming to the meeting."""
    answers = option.answers.filter(answer=Availability.YES)
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting,
            person_id=answer.person_id,
            organization_id=answer.organization_id,
            state=AttendanceState.COMING,
        )
        for answer in answers
    )


def require_open(poll: TimePoll) -> None:
    """Raise WrongState for a closed poll, and in a concluded group."""
    require_running(poll.group)
    if poll.state == PollState.DECIDED:
        raise WrongState(_("A time has been chosen, so this poll is closed."))
    if poll.state == PollState.CANCELLED:
        raise WrongState(_("This poll was cancelled."))


def _close(poll: TimePoll, state: PollState, actor: Person, *fields: str) -> None:
    poll.state, poll.closed_at, poll.closed_by = state, timezone.now(), actor
    poll.version += 1
    poll.save(update_fields=["state", "closed_at", "closed_by", "version", *fields])


def _notify(
    type_: type[PollNotification],
    poll: TimePoll,
    actor: Person | None,
    *,
    cause: str = "",
) -> None:
    payload = type_(group=poll.group_id, poll=str(poll.uuid))
    notify_in(poll.group, actor, payload, cause=cause or str(poll.uuid))


def _tidy(note: str) -> str:
    return without_reordering(note).strip()
