"""Minutes as documents for `common.pdf`: of one meeting, of a series, and as competition-law record."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.pdf.content import (
    Block,
    Line,
    PdfDocument,
    Piece,
    bullets,
    code,
    facts,
    heading,
    link,
    paragraph,
    part,
    strong,
    table,
    well,
)
from common.pdf.from_markdown import PdfPicture, blocks_of
from common.record.models import Record
from common.text.figures import find_picture
from common.ui import date_format
from workinggroups.attachments.queries import pictures_in
from workinggroups.groups.queries import rules_at
from workinggroups.meetings import competition
from workinggroups.meetings.choices import SEAL_MINUTES, MeetingAct
from workinggroups.meetings.minutes_content import MinutesContent, Party, answer_words
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.rendering import notes_document

# The width of a text on the page, in pixels of a picture as pages show it.
TEXT_WIDTH = 800
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}


class _Pictures:
    """The pictures of a document: the names that they have in it, and where they are stored."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self.undescribed: list[str] = []

    def of(self, content: MinutesContent, addresses: Sequence[str]) -> dict[str, PdfPicture]:
        """Return the pictures that can be drawn, by the address that the text has."""
        if not addresses:
            return {}
        shown = pictures_in(content.files)
        stored = {file.name: file.stored for file in reversed(content.files)}
        pictures = {}
        for address in dict.fromkeys(addresses):
            picture = find_picture(shown, address)
            if picture is None or picture.state != "ready":
                continue
            copy = stored[picture.name].picture
            name = f"picture-{len(self.places) + 1}.{_EXTENSIONS.get(copy.media_type, 'png')}"
            self.places[name] = copy.path
            pictures[address] = PdfPicture(name, round(min(1.0, copy.width / TEXT_WIDTH), 3))
        return pictures


def minutes_document(content: MinutesContent) -> PdfDocument:
    """Return the minutes of one meeting."""
    pictures = _Pictures()
    blocks = [
        _facts(content),
        *_agenda(content, 2),
        *_roll(content, 2),
        *_text(content, pictures, 2),
        *_outcomes(content, 2),
        *_corrections(content, 2),
        *_approval(content, 2),
    ]
    return _document(content, blocks, pictures, kicker=content.title)


def series_document(
    series: MeetingSeries, contents: Sequence[MinutesContent], span: str
) -> PdfDocument:
    """Return the approved minutes of several meetings of a series, each on pages of its own."""
    pictures = _Pictures()
    blocks: list[Block] = [
        paragraph(
            ngettext(
                "The approved minutes of %d meeting, in the order of the calendar.",
                "The approved minutes of %d meetings, in the order of the calendar.",
                len(contents),
            )
            % len(contents)
        ),
        table(
            [_("Meeting"), _("Date"), _("Checksum (SHA-256)")],
            [
                [
                    str(content.meeting.number or ""),
                    date_format.day_words(content.meeting.local_date),
                    [code(content.meeting.minutes_sha256)],
                ]
                for content in contents
            ],
            widths=[1, 2, 8],
        ),
    ]
    for content in contents:
        title = f"{content.meeting.title}, {date_format.day_words(content.meeting.local_date)}"
        blocks.append(
            part(
                [
                    heading(title, 2),
                    _facts(content),
                    *_agenda(content, 3),
                    *_roll(content, 3),
                    *_text(content, pictures, 3),
                    *_outcomes(content, 3),
                    *_corrections(content, 3),
                    *_approval(content, 3),
                ]
            )
        )
    return PdfDocument(
        kicker=_("Minutes of a series"),
        title=f"{series.title}, {span}",
        subtitle=series.group.name,
        author=settings.SITE_NAME,
        running=f"{series.title}, {span}",
        footer=f"{settings.SITE_NAME} · {series.group.name}",
        blocks=blocks,
        pictures=pictures.places,
        undescribed=pictures.undescribed,
        people=set().union(*(content.named for content in contents)),
    )


def competition_document(content: MinutesContent) -> PdfDocument:
    """Return what shows that a meeting of competitors kept the rules: notice, agenda, roll, minutes."""
    meeting, pictures = content.meeting, _Pictures()
    acts = Record.objects.about("meeting", meeting.uuid)
    blocks = [
        _facts(content),
        heading(_("The notice"), 2),
        *_law_blocks(content, acts.filter(verb=MeetingAct.ATTENDANCE_RECORDED)),
        heading(_("The agenda"), 2),
        *_posted(meeting, acts.filter(verb=MeetingAct.AGENDA_POSTED)),
        *_agenda_list(content),
        *_roll(content, 2),
        *_text(content, pictures, 2),
        *_outcomes(content, 2),
        *_corrections(content, 2),
        *_approval(content, 2),
    ]
    return _document(content, blocks, pictures, kicker=_("Competition-law record of a meeting"))


def _document(
    content: MinutesContent, blocks: Sequence[Block], pictures: _Pictures, *, kicker: str
) -> PdfDocument:
    meeting = content.meeting
    name = (
        meeting.group.name
        if meeting.number is None
        else _("Meeting %(number)d of %(group)s")
        % {"number": meeting.number, "group": meeting.group.name}
    )
    return PdfDocument(
        kicker=kicker,
        title=meeting.title,
        subtitle=name,
        author=settings.SITE_NAME,
        running=f"{meeting.title}, {date_format.day_words(meeting.local_date)}",
        footer=f"{settings.SITE_NAME} · {meeting.group.name}",
        mark=content.mark,
        blocks=blocks,
        pictures=pictures.places,
        undescribed=pictures.undescribed,
        people=content.named,
    )


def _facts(content: MinutesContent) -> Block:
    meeting = content.meeting
    address = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    rows: list[tuple[str, Line]] = [(_("When"), content.place_and_time)]
    if meeting.place:
        rows.append((_("Where"), meeting.place))
    rows.append((_("Group"), meeting.group.name))
    if content.approval:
        rows.append((_("Approval"), content.approval))
    elif content.mark:
        rows.append((_("State"), content.mark))
    rows.append((_("Address"), [link(address, address)]))
    return facts(rows)


def _agenda(content: MinutesContent, level: int) -> list[Block]:
    if not content.agenda:
        return []
    return [heading(_("Agenda"), level), *_agenda_list(content)]


def _agenda_list(content: MinutesContent) -> list[Block]:
    items = [
        [paragraph(item.title), *([paragraph(papers)] if papers else [])]
        for item, papers in content.agenda_with_papers
    ]
    if not items:
        return [paragraph(_("There was no agenda."))]
    numbers = [item.position for item in content.agenda]
    return [{"t": "ol", "i": items, "n": numbers}]


def _roll(content: MinutesContent, level: int) -> list[Block]:
    blocks = [heading(_("Present"), level)]
    if not content.present:
        blocks.append(paragraph(_("Attendance was not recorded.")))
    else:
        blocks.append(_parties(content.present))
    if content.quorum:
        blocks.append(paragraph(_quorum_words(content)))
    if content.guests:
        lines = [" · ".join(filter(None, (str(each), each.affiliation))) for each in content.guests]
        blocks += [heading(_("Guests"), level), bullets(lines)]
    for shown in content.of_the_roll:
        blocks += [heading(shown.heading, level), bullets(shown.lines)]
    if content.regrets:
        blocks += [heading(_("Apologies"), level), _parties(content.regrets)]
    return blocks


def _quorum_words(content: MinutesContent) -> str:
    quorum = content.quorum
    assert quorum is not None
    counts = {"present": quorum.present, "total": quorum.total, "needed": quorum.needed}
    if quorum.is_reached:
        words = _("%(present)d of %(total)d organizations were present; %(needed)d make a quorum.")
    else:
        words = _(
            "No quorum: %(present)d of %(total)d organizations were present, %(needed)d are needed."
        )
    return words % counts


def _parties(parties: Sequence[Party]) -> Block:
    rows = [
        [each.organization or _("Without an organization"), ", ".join(each.people)]
        for each in parties
    ]
    return table([_("Organization"), _("People")], rows, widths=[2, 3])


def _text(content: MinutesContent, pictures: _Pictures, level: int) -> list[Block]:
    blocks = [heading(content.title, level)]
    if content.revision is None:
        return [*blocks, paragraph(_("There are no notes."))]
    document = notes_document(content.revision.source)
    written = blocks_of(
        document.root,
        keeps_lines=True,
        level=level + 1,
        pictures=pictures.of(content, document.figures),
    )
    pictures.undescribed += written.undescribed
    return [*blocks, *written.blocks]


def _outcomes(content: MinutesContent, level: int) -> list[Block]:
    blocks: list[Block] = []
    for shown in content.outcomes:
        blocks += [heading(shown.heading, level), bullets(shown.lines)]
    if content.action_items:
        rows: list[Sequence[Line]] = [
            [
                f"A-{item.number}",
                item.text,
                ", ".join(item.owner_names) or _("Unassigned"),
                date_format.day_words(item.due_on) if item.due_on else "",
            ]
            for item in content.action_items
        ]
        head = [_("Number"), _("What"), _("Who"), _("Due")]
        blocks += [heading(_("Action items"), level), table(head, rows, widths=[2, 9, 5, 4])]
    return blocks


def _corrections(content: MinutesContent, level: int) -> list[Block]:
    blocks: list[Block] = []
    if content.noted:
        blocks.append(heading(_("Corrections after approval"), level))
        for each in content.noted:
            blocks += _correction(each.created_at, each.author.name, each.text, "")
    if content.asked:
        blocks.append(heading(_("Corrections requested for the draft"), level))
        for each in content.asked:
            blocks += _correction(each.created_at, each.author.name, each.text, answer_words(each))
    return blocks


def _correction(at: datetime, name: str, text: str, answer: str) -> list[Block]:
    begin: list[Piece] = [strong(f"{date_format.day_words(at.date())}, {name}: "), text]
    if answer:
        begin += [" ", {"t": "em", "c": [answer]}]
    return [paragraph(begin)]


def _approval(content: MinutesContent, level: int) -> list[Block]:
    """Return by whom the minutes were approved, and how to check that they are unchanged."""
    if content.seal is None or not content.approval:
        return []
    address = f"{settings.SITE_URL}{content.meeting.get_absolute_url()}minutes/sealed/"
    covered = (
        _(
            "It covers the text, who was there, the notice of competition law, the agenda and the "
            "decisions."
        )
        if content.seal.form == SEAL_MINUTES
        else _("It covers the text.")
    )
    return [
        heading(_("Approval and how to check it"), level),
        well(
            [
                paragraph(content.approval),
                paragraph([_("SHA-256:"), " ", code(content.seal.sha256)]),
                paragraph(
                    _("The audit record holds this checksum since the approval.") + f" {covered}"
                ),
                paragraph(
                    _(
                        "To check that these minutes are unchanged, download what was sealed from the "
                        "following address and compare the checksum of that file, such as with sha256sum."
                    )
                ),
                paragraph([link(address, address)]),
            ]
        ),
    ]


def _law_blocks(content: MinutesContent, rows: "QuerySet[Record]") -> list[Block]:
    """Return the notice as it was shown, when and by whom.

    At meetings from before that was recorded by itself, the record says with which version of the
    notice attendance was recorded.
    """
    zone, shown = content.meeting.zone, content.law_shown
    if shown is not None:
        facts = {
            "name": shown.shown_by.name,
            "version": shown.version,
            "moment": date_format.moment_words(shown.shown_at, zone),
        }
        words = _("%(name)s showed this notice, version %(version)d, on %(moment)s:") % facts
        return [paragraph(words), _quote(shown.text)]
    lines = [
        _("Attendance was recorded below version %(version)s of this notice on %(moment)s.")
        % {"version": version, "moment": date_format.moment_words(row.at, zone)}
        for row in rows
        if (version := json.loads(row.facts).get("competition_notice"))
    ]
    begin = _(
        "Every page of the meeting and of its agenda shows this notice (version %(version)d):"
    )
    return [
        paragraph(begin % {"version": competition.VERSION}),
        _quote(str(competition.NOTICE)),
        bullets([_("Nobody recorded that it was shown at the meeting."), *lines]),
    ]


def _quote(text: str) -> Block:
    return {"t": "quote", "title": "", "b": [paragraph(text)]}


def _posted(meeting: Meeting, rows: "QuerySet[Record]") -> list[Block]:
    """Return when the agenda was posted according to the record, and whether that was in time."""
    times = [row.at for row in rows]
    if not times:
        return [paragraph(_("The agenda was not posted before the meeting."))]
    lines = [
        _("Posted on %(moment)s.") % {"moment": date_format.moment_words(at, meeting.zone)}
        for at in times
    ]
    due = meeting.agenda_due_at(rules_at(meeting.group_id, meeting.starts_at).notice_days)
    if due is not None:
        words = (
            _("The charter asked for it by %(moment)s, and it was posted in time.")
            if min(times) <= due
            else _("The charter asked for it by %(moment)s, so it was posted late.")
        )
        lines.append(words % {"moment": date_format.moment_words(due, meeting.zone)})
    return [bullets(lines)]
