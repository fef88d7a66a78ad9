"""All that the minutes of a meeting say, for their print page and their PDF."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.ui import date_format
from workinggroups.attachments.models import Attachment as AttachedFile
from workinggroups.groups.models import ActionItem
from workinggroups.meetings import attachments
from workinggroups.meetings.choices import AttendanceState, CorrectionAnswer
from workinggroups.meetings.models import (
    AgendaItem,
    Attendance,
    CompetitionNotice,
    Correction,
    Guest,
    Meeting,
    NotesRevision,
    SealedMinutes,
)
from workinggroups.meetings.papers import ShownPaper, papers_for_all
from workinggroups.meetings.printed_lists import Place, ShownList, printed_lists_of
from workinggroups.meetings.queries.agenda import agenda_of
from workinggroups.meetings.queries.attendance import QuorumCount, quorum_of
from workinggroups.meetings.queries.minutes import seal_in_force
from workinggroups.meetings.queries.notes import latest_notes


@dataclass(frozen=True)
class Party:
    """The people who were there for one organization, or without one."""

    organization: str
    people: Sequence[str]


@dataclass(frozen=True)
class MinutesContent:
    """The minutes as approved, or the notes as they are; the same for all who can read the meeting."""

    meeting: Meeting
    revision: NotesRevision | None
    seal: SealedMinutes | None
    agenda: Sequence[AgendaItem]
    papers: Mapping[UUID, tuple[ShownPaper, ...]]  # by the uuid of their item
    law_shown: CompetitionNotice | None
    present: Sequence[Party]
    guests: Sequence[Guest]
    regrets: Sequence[Party]
    # The people of `present` and `regrets`.
    attending: Collection[UUID]
    quorum: QuorumCount | None
    lists: Sequence[ShownList]
    action_items: Sequence[ActionItem]
    corrections: Sequence[Correction]
    files: Sequence[AttachedFile]

    @cached_property
    def named(self) -> set[UUID]:
        """Return the people whose names the minutes have, from the roll to the answers; no guests."""
        asked = [one for each in self.corrections for one in (each.author, each.answered_by)]
        people = [self.meeting.minutes_approved_by, *asked]
        if self.law_shown is not None:
            people.append(self.law_shown.shown_by)
        owners = [uuid for item in self.action_items for uuid in item.owner_uuids]
        return {*self.attending, *owners, *(each.uuid for each in people if each is not None)}

    @cached_property
    def agenda_with_papers(self) -> list[tuple[AgendaItem, str]]:
        """Return the items with a line that names their papers, or "" without any."""
        return [(item, papers_words(self.papers.get(item.uuid, ()))) for item in self.agenda]

    @property
    def is_recorded(self) -> bool:
        return bool(self.present)

    @property
    def of_the_roll(self) -> list[ShownList]:
        return [each for each in self.lists if each.place is Place.ROLL]

    @property
    def outcomes(self) -> list[ShownList]:
        return [each for each in self.lists if each.place is Place.OUTCOME]

    @cached_property
    def asked(self) -> list[Correction]:
        """Return the corrections that were asked for in the draft."""
        return [each for each in self.corrections if each.is_asked]

    @cached_property
    def noted(self) -> list[Correction]:
        """Return the corrections that were noted after approval."""
        return [each for each in self.corrections if not each.is_asked]

    @property
    def title(self) -> str:
        if self.meeting.is_approved:
            return _("Minutes")
        return _("Draft minutes") if self.meeting.minutes_offered_at else _("Notes")

    @property
    def mark(self) -> str:
        """Return what stands on each page of minutes that are not approved."""
        if self.meeting.is_approved:
            return ""
        if self.meeting.minutes_state == "draft":
            return _("Draft, not approved")
        return _("Notes, not offered as minutes")

    @property
    def approval(self) -> str:
        """Return in a sentence who approved the minutes, and when; "" while nobody has."""
        meeting = self.meeting
        if not meeting.is_approved or meeting.minutes_approved_at is None or self.revision is None:
            return ""
        facts = {
            "number": self.revision.number,
            "moment": date_format.moment_words(meeting.minutes_approved_at, meeting.zone),
            "name": meeting.minutes_approved_by.name if meeting.minutes_approved_by else "",
        }
        later = meeting.minutes_approved_at_meeting
        if meeting.minutes_approved_by is None and meeting.minutes_charter:
            facts["charter"] = meeting.minutes_charter.number
            return (
                _(
                    "Revision %(number)d became final on %(moment)s, by the rules of charter %(charter)d."
                )
                % facts
            )
        if later is not None:
            facts["later"] = later.title
            facts["day"] = date_format.day_words(later.local_date)
            return (
                _(
                    "The group approved revision %(number)d at its meeting “%(later)s” on %(day)s. "
                    "Recorded by %(name)s on %(moment)s."
                )
                % facts
            )
        return _("%(name)s approved revision %(number)d on %(moment)s.") % facts

    @property
    def place_and_time(self) -> str:
        meeting = self.meeting
        return date_format.moment_words(meeting.starts_at, meeting.zone, until=meeting.ends_at)


def minutes_content(meeting: Meeting) -> MinutesContent:
    """Return what the minutes of a meeting say. A fixed number of queries."""
    seal = seal_in_force(meeting)
    agenda = list(agenda_of(meeting.pk))
    rows = Attendance.objects.filter(meeting=meeting).select_related("person", "organization")
    asked = meeting.corrections.select_related("author", "organization", "answered_by")
    items = ActionItem.objects.filter(
        group=meeting.group_id, source_uuid=meeting.uuid, level__lte=meeting.level
    )
    return MinutesContent(
        meeting=meeting,
        revision=seal.revision if seal else latest_notes(meeting),
        seal=seal,
        agenda=agenda,
        papers=papers_for_all(meeting, agenda),
        law_shown=CompetitionNotice.objects.filter(meeting=meeting)
        .select_related("shown_by")
        .first(),
        present=_parties(rows, AttendanceState.PRESENT),
        guests=list(meeting.guests.all()),
        regrets=_parties(rows, AttendanceState.REGRETS),
        attending={row.person.uuid for row in rows},
        quorum=quorum_of(meeting) if meeting.has_begun else None,
        lists=printed_lists_of(meeting),
        action_items=list(items.with_owner_names().order_by("number")),
        corrections=list(asked),
        files=attachments.files_of(meeting, agenda),
    )


def _parties(rows: QuerySet[Attendance], state: str) -> list[Party]:
    """Return the people in this state by organization, those without one last."""
    named = [
        (row.organization.name if row.organization else "", row.person.name, _place(row))
        for row in rows
        if row.state == state
    ]
    named.sort(key=lambda each: each[2])
    return [
        Party(organization, [person for _organization, person, _key in people])
        for organization, people in groupby(named, key=lambda each: each[0])
    ]


def _place(row: Attendance) -> tuple[str, str]:
    return row.organization.sort_name if row.organization else "\uffff", row.person.sort_name


def papers_words(papers: Sequence[ShownPaper]) -> str:
    """Return a line that names the papers of an item; "" without any."""
    if not papers:
        return ""
    names = (
        f"{paper.title} ({paper.url if paper.is_elsewhere else paper.kind})" for paper in papers
    )
    return _("Papers: %(papers)s") % {"papers": "; ".join(names)}


def answer_words(correction: Correction) -> str:
    """Return how a requested correction was answered, with the note."""
    if correction.answered_at is None or correction.answered_by is None:
        return _("Not answered.")
    facts = {
        "name": correction.answered_by.name,
        "day": date_format.day_words(correction.answered_at.date()),
    }
    words = (
        _("Taken up by %(name)s, %(day)s.")
        if correction.answer == CorrectionAnswer.TAKEN_UP
        else _("Declined by %(name)s, %(day)s.")
    )
    return " ".join(filter(None, (words % facts, correction.answer_note)))
