"""The meetings of each group, with agenda, notes, minutes and who was there."""

from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bench.large import series, texts
from bench.large.chronicle import Chronicle, Circle, Place, reserved_ids
from common.text.markdown import plain_blocks
from common.text.rendered import html_fields
from workinggroups.groups.choices import GroupState
from workinggroups.meetings import competition
from workinggroups.meetings.actions.locking import meeting_entries
from workinggroups.meetings.actions.planning import meeting_facts
from workinggroups.meetings.choices import (
    CORRECTION_DAYS,
    AttendanceState,
    Goal,
    MeetingAct,
    MeetingState,
    MinutesState,
    PresenceSource,
)
from workinggroups.meetings.local_time import instant
from workinggroups.meetings.models import (
    AgendaItem,
    Attendance,
    Meeting,
    NotesRevision,
    SealedMinutes,
)
from workinggroups.meetings.sealing import seal_of_text

# Of a group at work so many meetings are still to come.
COMING = 4
# So many of the last ones have an agenda, and a list of who was there.
REMEMBERED = 8
# Local hours at which nobody sleeps and no clock is changed.
FIRST_HOUR, LAST_HOUR = 8, 18
ZONES = (
    "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "Pacific/Honolulu",
    "Africa/Nairobi", "America/Sao_Paulo", "Asia/Kolkata", "UTC",
)  # fmt: skip
TITLES = (
    "Working session", "Weekly call", "Review of the draft", "Results and next steps", "Editors' call",
)  # fmt: skip


def add(chronicle: Chronicle) -> None:
    agenda: list[AgendaItem] = []
    attendance: list[Attendance] = []
    notes: list[NotesRevision] = []
    pool = texts.notes(chronicle.dice)
    for number, circle in enumerate(chronicle.circles):
        circle.meetings = _meetings(chronicle, circle, _count(chronicle, circle, number))
    in_turn = chronicle.in_turn
    in_turn.meetings = _in_order([*in_turn.meetings, *series.add(chronicle, in_turn)], chronicle)
    full = full_meeting(chronicle)
    for circle in chronicle.circles:
        items, there = _details(chronicle, circle, full)
        agenda += items
        attendance += there
        notes += _notes(chronicle, circle, full, pool)
    _point_to_minutes(notes)
    for circle in chronicle.circles:
        for meeting in circle.meetings:
            _tell(chronicle, circle, meeting)
    # Approved minutes stand, so they are drafts until all their parts are there.
    approved = [one.meeting for one in notes if one.meeting.is_approved]
    for meeting in approved:
        meeting.minutes_state = MinutesState.DRAFT
    chronicle.save([meeting for circle in chronicle.circles for meeting in circle.meetings], 0.4)
    chronicle.save(agenda, 0.5)
    chronicle.save(attendance, 0.6)
    chronicle.save(notes)
    Meeting.objects.filter(pk__in=[meeting.pk for meeting in approved]).update(
        minutes_state=MinutesState.APPROVED
    )
    for meeting in approved:
        meeting.minutes_state = MinutesState.APPROVED
    chronicle.save([_sealed(chronicle, one) for one in notes if one.meeting.is_approved])
    _index(chronicle, agenda, notes)


def _count(chronicle: Chronicle, circle: Circle, number: int) -> int:
    sizes = chronicle.sizes
    if number < 2:
        return sizes.many_meetings if number else sizes.meetings
    if circle.group.state == GroupState.FORMING:
        return 0
    many = chronicle.dice.randint(1, max(sizes.meetings // 5, 2))
    # One of them has to be over.
    return max(many, COMING + 3) if circle is chronicle.crowded else many


def _meetings(chronicle: Chronicle, circle: Circle, many: int) -> list[Meeting]:
    """Evenly over the years of the group, in one zone, or in turn in two."""
    dice = chronicle.dice
    coming = min(COMING, many) if circle.group.state == GroupState.ACTIVE else 0
    step = (circle.until - circle.began) / max(many - coming, 1)
    starts = [circle.began + step * number for number in range(many - coming)]
    # A group without a break meets daily at most in what is to come.
    pause = max(step, timedelta(days=1))
    starts += [chronicle.now + pause * number for number in range(1, coming + 1)]
    zones = dice.sample(ZONES, 2) if chronicle.happens(0.3) else [dice.choice(ZONES)]
    title = f"{dice.choice(TITLES)}, {circle.group.name.partition(':')[0].lower()}"
    made = [
        _meeting(chronicle, circle, title, start, zones[number % len(zones)])
        for number, start in enumerate(starts)
    ]
    return _in_order(made, chronicle)


def _in_order(meetings: list[Meeting], chronicle: Chronicle) -> list[Meeting]:
    """Number them in the order of time; those of a series have a number once they have begun."""
    meetings.sort(key=lambda meeting: meeting.starts_at)
    numbers = count(1)
    for meeting in meetings:
        is_numbered = meeting.series is None or meeting.starts_at < chronicle.now
        meeting.number = next(numbers) if is_numbered else None
    return meetings


def _meeting(
    chronicle: Chronicle, circle: Circle, title: str, start: datetime, zone: str
) -> Meeting:
    dice = chronicle.dice
    local = start.astimezone(ZoneInfo(zone))
    part = (local.hour * 60 + local.minute) / (24 * 60)
    at = time(FIRST_HOUR + int(part * (LAST_HOUR - FIRST_HOUR + 1)), dice.choice((0, 30)))
    starts_at = instant(local.date(), at, ZoneInfo(zone))
    minutes = dice.choice((45, 60, 60, 90))
    planned = min(starts_at - timedelta(days=dice.randint(6, 20)), chronicle.now)
    meeting = Meeting(
        uuid=chronicle.uuid(planned),
        group=circle.group,
        level=circle.group.content_level,
        title=title,
        local_date=local.date(),
        local_time=at,
        zone=zone,
        duration_minutes=minutes,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        place="By video",
        state=MeetingState.PLANNED,
        created_by=circle.secretary,
        created_at=planned,
        changed_at=planned,
    )
    meeting.uid = f"{meeting.uuid}@large.example"
    if meeting.ends_at < chronicle.now:
        meeting.state = MeetingState.HELD
    if chronicle.happens(0.03):
        meeting.state = MeetingState.CANCELLED
        meeting.cancelled_at = chronicle.soon_after(planned, 5)
        meeting.cancelled_by = circle.secretary
        meeting.cancelled_reason = "Too many are at the workshop this week."
        meeting.sequence = 1
    elif chronicle.happens(0.03):
        meeting.moved_from = starts_at - timedelta(days=1)
        meeting.sequence = 1
    return meeting


# --- agenda, people ----------------------------------------------------------------------------


def full_meeting(chronicle: Chronicle) -> Meeting:
    """The last held meeting of the usual group: it has the long agenda and the long notes."""
    return _last_held(chronicle.usual)


def crowded_meeting(chronicle: Chronicle) -> Meeting:
    """The last held meeting of the group with the people: as many items as there can be, and a crowd."""
    return _last_held(chronicle.crowded)


def _last_held(circle: Circle) -> Meeting:
    held = [one for one in circle.meetings if one.state == MeetingState.HELD]
    return (held or circle.meetings)[-1]


def _details(
    chronicle: Chronicle, circle: Circle, full: Meeting
) -> tuple[list[AgendaItem], list[Attendance]]:
    """For the last meetings that were held, and the next ones."""
    agenda: list[AgendaItem] = []
    attendance: list[Attendance] = []
    past = [one for one in circle.meetings if one.state == MeetingState.HELD]
    coming = [one for one in circle.meetings if one.state == MeetingState.PLANNED]
    for meeting in [*past[-REMEMBERED:], *coming[:2]]:
        items, attendees = chronicle.dice.randint(2, 5), 10
        if meeting is full:
            items, attendees = chronicle.sizes.agenda_items, 30
        elif circle is chronicle.crowded and meeting is crowded_meeting(chronicle):
            items, attendees = chronicle.sizes.many_items, chronicle.sizes.attendees
        agenda += _agenda(chronicle, circle, meeting, items)
        meeting.agenda_posted_at = chronicle.between(
            meeting.created_at, min(meeting.starts_at, chronicle.now)
        )
        chronicle.act(
            MeetingAct.AGENDA_POSTED,
            meeting,
            meeting.agenda_posted_at,
            circle.secretary,
            items=items,
            version=meeting.version,
        )
        people = chronicle.some(circle.places, attendees)
        attendance += _attendance(chronicle, circle, meeting, people)
    return agenda, attendance


def _agenda(chronicle: Chronicle, circle: Circle, meeting: Meeting, count: int) -> list[AgendaItem]:
    dice = chronicle.dice
    items = []
    for position in range(1, count + 1):
        title, sentence = dice.choice(texts.MATTERS), dice.choice(texts.SENTENCES)
        items.append(
            AgendaItem(
                uuid=chronicle.uuid(meeting.created_at),
                meeting=meeting,
                position=position,
                title=title,
                minutes=dice.choice((5, 10, 15)),
                goal=dice.choice(list(Goal)),
                presenter=dice.choice(circle.places).person,
                source=sentence,
                **html_fields(texts.rendered(sentence).html),
            )
        )
    return items


def _attendance(
    chronicle: Chronicle, circle: Circle, meeting: Meeting, people: list[Place]
) -> list[Attendance]:
    is_past = meeting.state == MeetingState.HELD
    states = (
        [AttendanceState.PRESENT] * 7 + [AttendanceState.REGRETS, AttendanceState.ABSENT]
        if is_past
        else [AttendanceState.COMING] * 4 + [AttendanceState.REGRETS]
    )
    at = meeting.ends_at if is_past else meeting.created_at
    rows = [
        Attendance(
            meeting=meeting,
            person=place.person,
            organization=place.organization,
            state=chronicle.dice.choice(states),
            changed_at=min(at, chronicle.now),
        )
        for place in people
        if place.since < meeting.starts_at
    ]
    for row in rows:
        row.how = PresenceSource.OFFICER if row.state == AttendanceState.PRESENT else ""
    if is_past:
        chronicle.act(
            MeetingAct.ATTENDANCE_RECORDED,
            meeting,
            min(meeting.ends_at, chronicle.now),
            circle.secretary,
            present=sum(row.state == AttendanceState.PRESENT for row in rows),
            competition_notice=competition.VERSION,
        )
    return rows


# --- notes and minutes -------------------------------------------------------------------------


def _notes(
    chronicle: Chronicle, circle: Circle, full: Meeting, pool: list[texts.Text]
) -> list[NotesRevision]:
    """Nearly every meeting that was held has notes; all but the latest are approved minutes."""
    notes: list[NotesRevision] = []
    # The notes of the two measured meetings are still open.
    measured = (full, crowded_meeting(chronicle))
    for meeting in circle.meetings:
        if meeting.state != MeetingState.HELD or not (meeting is full or chronicle.happens(0.96)):
            continue
        text = chronicle.dice.choice(pool)
        if meeting is full:
            text = texts.long_notes(chronicle.dice, chronicle.sizes.notes_bytes)
        meeting.notes_count = 1
        revision = NotesRevision(
            uuid=chronicle.uuid(meeting.ends_at),
            meeting=meeting,
            number=1,
            source=text.source,
            **html_fields(text.html),
            author=circle.secretary,
            created_at=meeting.ends_at,
        )
        notes.append(revision)
        if not any(meeting is one for one in measured):
            _minutes(chronicle, circle, meeting, revision)
    return notes


def _minutes(
    chronicle: Chronicle, circle: Circle, meeting: Meeting, revision: NotesRevision
) -> None:
    """Offer the notes as minutes within days; approve them after the time for corrections."""
    offered = meeting.ends_at + timedelta(hours=chronicle.dice.randint(2, 60))
    if offered > chronicle.now:
        return
    meeting.minutes_state = MinutesState.DRAFT
    meeting.minutes_offered_at = offered
    meeting.corrections_until = offered + timedelta(days=CORRECTION_DAYS)
    facts = {"group": circle.group.uuid, "number": meeting.number}
    chronicle.act(
        MeetingAct.MINUTES_OFFERED, meeting, offered, circle.secretary, **facts, revision=1
    )
    approved = meeting.corrections_until + timedelta(hours=chronicle.dice.randint(1, 90))
    if approved > chronicle.now:
        return
    meeting.minutes_state = MinutesState.APPROVED
    meeting.minutes_approved_at = approved
    meeting.minutes_approved_by = circle.chair
    meeting.minutes_sha256 = seal_of_text(revision).sha256
    chronicle.act(
        MeetingAct.MINUTES_APPROVED,
        meeting,
        approved,
        circle.chair,
        **facts,
        revision=1,
        sha256=meeting.minutes_sha256,
    )


def _sealed(chronicle: Chronicle, notes: NotesRevision) -> SealedMinutes:
    meeting = notes.meeting
    assert meeting.minutes_approved_at is not None
    return SealedMinutes(
        uuid=chronicle.uuid(meeting.minutes_approved_at),
        meeting=meeting,
        number=1,
        revision=notes,
        sealed_at=meeting.minutes_approved_at,
        approved_by=meeting.minutes_approved_by,
        **seal_of_text(notes)._asdict(),
    )


def _point_to_minutes(notes: list[NotesRevision]) -> None:
    """A meeting names its approved notes and they name the meeting, so one id is there before."""
    for one, pk in zip(notes, reserved_ids(NotesRevision, len(notes)), strict=True):
        one.pk = pk
        if one.meeting.minutes_state == MinutesState.APPROVED:
            one.meeting.minutes_revision_id = pk


# --- record and search -------------------------------------------------------------------------


def _tell(chronicle: Chronicle, circle: Circle, meeting: Meeting) -> None:
    facts = meeting_facts(meeting)
    planned = facts | {"sequence": 0, "starts_at": meeting.moved_from or meeting.starts_at}
    secretary, at = circle.secretary, meeting.created_at
    chronicle.act(MeetingAct.PLANNED, meeting, at, secretary, **planned)
    if meeting.moved_from:
        chronicle.act(MeetingAct.MOVED, meeting, chronicle.soon_after(at, 3), secretary, **facts)
    if meeting.cancelled_at:
        chronicle.act(MeetingAct.CANCELLED, meeting, meeting.cancelled_at, secretary, **facts)


def _index(chronicle: Chronicle, agenda: list[AgendaItem], notes: list[NotesRevision]) -> None:
    items: dict[int, list[AgendaItem]] = {}
    for item in agenda:
        items.setdefault(item.meeting_id, []).append(item)
    plain = {html: plain_blocks(html) for html in {one.html for one in notes}}
    texts_of = {one.meeting_id: plain[one.html] for one in notes}
    for circle in chronicle.circles:
        for meeting in circle.meetings:
            chronicle.entries += meeting_entries(
                meeting, agenda=items.get(meeting.pk, []), text=texts_of.get(meeting.pk, "")
            )
