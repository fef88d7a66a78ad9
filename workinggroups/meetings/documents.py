"""The PDF files of meetings: which there are, for whom, and what each is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.access import Viewer
from common.pdf.actions import find_file, request_file
from common.pdf.content import PdfDocument
from common.pdf.keeping import forget_owner
from common.pdf.models import PdfFile
from workinggroups.meetings.choices import PdfKind
from workinggroups.meetings.minutes_content import MinutesContent, minutes_content
from workinggroups.meetings.minutes_pdf import (
    competition_document,
    minutes_document,
    series_document,
)
from workinggroups.meetings.models import Meeting, MeetingSeries

# Of a series, so many approved minutes are in one file.
SERIES_MINUTES_MAX = 60


@dataclass(frozen=True)
class ShownFile:
    """A PDF as the page offers it: the file of what the page shows now, if somebody asked for it."""

    kind: str
    title: str
    about: str
    file: PdfFile | None


def document_of(content: MinutesContent, kind: PdfKind) -> PdfDocument:
    """Return the document of this kind. Raises Invalid for notes that can no longer be shown."""
    if kind is PdfKind.COMPETITION:
        return competition_document(content)
    return minutes_document(content)


def shown_files(content: MinutesContent) -> list[ShownFile]:
    """Return the PDF files that a meeting has, each with the file that was made, if any."""
    return [
        ShownFile(kind, title, about, _file_of(content, kind))
        for kind, title, about in (
            (
                PdfKind.MINUTES,
                content.title,
                _("Who was there, the text, what came of it, and how to check it."),
            ),
            (
                PdfKind.COMPETITION,
                _("Competition-law record"),
                _("The notice, when the agenda was posted, who was there, and the minutes."),
            ),
        )
    ]


def _file_of(content: MinutesContent, kind: PdfKind) -> PdfFile | None:
    uuid = content.meeting.uuid
    if not PdfFile.objects.filter(owner_uuid=uuid, kind=kind).exists():
        return None
    return find_file(uuid, kind, document_of(content, kind))


def minutes_file(meeting: Meeting, kind: PdfKind) -> PdfFile | None:
    """Return the file of the minutes as they are now, if somebody asked for it."""
    return _file_of(minutes_content(meeting), kind)


def request_minutes(meeting: Meeting, kind: PdfKind) -> PdfFile:
    """Ask for the file of the minutes as they are now."""
    return request_file(
        owner_uuid=meeting.uuid,
        kind=kind,
        name=f"{meeting.group.slug}-{meeting.address}-{kind}.pdf",
        compose=lambda: document_of(minutes_content(_fresh([meeting])[0]), kind),
    )


def forget_documents(meeting: Meeting) -> None:
    """Remove every PDF that the meeting is in, as a name in it is erased. In the caller's transaction."""
    forget_owner(meeting.uuid)


def _fresh(meetings: Sequence[Meeting]) -> list[Meeting]:
    """Return the meetings as they are now, in their order, without names that were read before."""
    rows = Meeting.objects.select_related("group", "minutes_approved_by", "minutes_charter")
    by_pk = rows.in_bulk([meeting.pk for meeting in meetings])
    return [by_pk[meeting.pk] for meeting in meetings]


def approved_in(series: MeetingSeries, viewer: Viewer, year: int) -> Sequence[Meeting]:
    """Return the meetings of a year, by their own dates, whose approved minutes the viewer can read."""
    meetings = Meeting.objects.visible_to(viewer).filter(
        series=series, minutes_state="approved", local_date__year=year
    )
    ordered = meetings.select_related("group").order_by("starts_at", "pk")
    return list(ordered[:SERIES_MINUTES_MAX])


def file_of_series(series: MeetingSeries, meetings: Sequence[Meeting], year: int) -> PdfFile | None:
    """Return the file of these minutes as they are now, if somebody asked for it. One query."""
    return find_file(series.uuid, f"series-{year}", _basis(series, meetings))


def request_series(series: MeetingSeries, meetings: Sequence[Meeting], year: int) -> PdfFile:
    """Ask for the file of the approved minutes of these meetings."""

    def compose() -> PdfDocument:
        contents = [minutes_content(each) for each in _fresh(meetings)]
        return series_document(series, contents, str(year))

    return request_file(
        owner_uuid=series.uuid,
        kind=f"series-{year}",
        name=f"{series.group.slug}-minutes-{year}.pdf",
        compose=compose,
        basis=_basis(series, meetings),
        covers=[meeting.uuid for meeting in meetings],
    )


def _basis(series: MeetingSeries, meetings: Sequence[Meeting]) -> str:
    versions = [f"{meeting.uuid}:{meeting.version}" for meeting in meetings]
    return " ".join([get_language() or "", series.title, series.group.name, *versions])


def is_readable(file: PdfFile, viewer: Viewer) -> bool:
    """Tell whether the viewer can read all meetings that a file of a series has."""
    uuids = [UUID(uuid) for uuid in file.covers]
    return Meeting.objects.visible_to(viewer).filter(uuid__in=uuids).count() == len(uuids)
