"""Stored files that staff should look at: not read for search, not shown as a picture, or infected."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from common.access import Viewer
from common.files.choices import PictureState, ScanState, State
from common.files.models import PictureCopy, StoredFile
from common.files.pictures import make_again
from common.pdf.choices import PdfState
from common.pdf.models import PdfFile
from common.search.choices import FileState
from common.search.files import read_again
from common.search.models import FileText
from workinggroups.attachments.models import Attachment
from workinggroups.deliverables.models import Revision, RevisionFile
from workinggroups.groups.models import Group
from workinggroups.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file with what this viewer can see of it: its name, its group's name, or neither.

    `url` is the page that lists the file. `group` is None for a file of a group that the viewer
    cannot see, and for one that is no longer attached to anything.
    """

    stored: StoredFile
    name: str
    url: str
    group: Group | None
    reasons: list[str]
    failed_at: datetime | None

    @property
    def is_readable(self) -> bool:
        return bool(self.name)

    @property
    def kind(self) -> str:
        """The media type, which reveals nothing of the content."""
        return self.stored.media_type


def failed_files() -> "QuerySet[StoredFile]":
    """Return files whose text could not be read or whose picture failed, newest first."""
    texts = FileText.objects.filter(state=FileState.FAILED).values("pk")
    copies = PictureCopy.objects.filter(state=PictureState.FAILED).values("pk")
    return _listed(Q(pk__in=texts) | Q(pk__in=copies))


@dataclass(frozen=True, slots=True)
class ShownPdf:
    """A PDF that failed, or of which something is missing; `meeting` for staff who can read it."""

    file: PdfFile
    meeting: Meeting | None


def pdf_with_gaps() -> "QuerySet[PdfFile]":
    """Return the PDF files that failed, or were made without the standard, or lack words, newest first."""
    gaps = Q(state=PdfState.FAILED) | Q(state=PdfState.DONE) & (
        Q(is_accessible=False) | ~Q(missing_words=[])
    )
    return PdfFile.objects.filter(gaps).order_by("-requested_at").defer("content")


def shown_pdf(files: Sequence[PdfFile], viewer: Viewer) -> list[ShownPdf]:
    """Return each file with the meeting it is of, if the viewer can read it. One query."""
    visible = Meeting.objects.visible_to(viewer).select_related("group")
    meetings = visible.filter(uuid__in=[file.owner_uuid for file in files])
    by_uuid = {meeting.uuid: meeting for meeting in meetings}
    return [ShownPdf(file, by_uuid.get(file.owner_uuid)) for file in files]


def infected_files() -> "QuerySet[StoredFile]":
    """Return files in which the virus scanner found something and which are not removed yet."""
    return _listed(Q(scan=ScanState.INFECTED))


def partly_read_files() -> "QuerySet[StoredFile]":
    """Return files of which search has only a part of the text, such as scanned pages."""
    return _listed(
        Q(pk__in=FileText.objects.filter(state=FileState.READ).exclude(reason="").values("pk"))
    )


def try_again(files: Collection[StoredFile]) -> int:
    """Read the text of these files again and make failed pictures again; return how many files."""
    pks = [file.pk for file in files]
    copies = PictureCopy.objects.filter(pk__in=pks, state=PictureState.FAILED)
    read_again(pks)
    if waiting := list(copies):
        make_again(waiting)
    return len(pks)


def shown_files(files: Sequence[StoredFile], viewer: Viewer) -> list[ShownFile]:
    """Return the files as this viewer sees them, in their order; five queries for any number."""
    pks = [file.pk for file in files]
    names = _names(pks, viewer)
    owners: dict[UUID, int] = dict(
        RevisionFile.objects.filter(stored__in=pks).values_list(
            "stored_id", "revision__deliverable__group_id"
        )
    )
    owners |= dict(Attachment.objects.filter(stored__in=pks).values_list("stored_id", "group_id"))
    groups = Group.objects.visible_to(viewer).in_bulk(set(owners.values()))
    return [
        ShownFile(
            stored=file,
            name=names.get(file.pk, ("", ""))[0],
            url=names.get(file.pk, ("", ""))[1],
            group=groups.get(owners.get(file.pk, 0)),
            reasons=_reasons(file),
            failed_at=_failed_at(file),
        )
        for file in files
    ]


def _names(pks: list[UUID], viewer: Viewer) -> dict[UUID, tuple[str, str]]:
    """Return the name and the page of each file that the viewer can read."""
    revisions = Revision.objects.visible_to(viewer)
    revision_files = RevisionFile.objects.filter(stored__in=pks, revision__in=revisions)
    attached = Attachment.objects.visible_to(viewer).present().filter(stored__in=pks)
    names = {
        file.stored_id: (file.name, f"{file.revision.deliverable.get_absolute_url()}#files")
        for file in revision_files.select_related("revision__deliverable__group")
    }
    for attachment in attached.select_related("group"):
        names[attachment.stored_id] = (attachment.name, attachment.get_absolute_url())
    return names


def _listed(which: Q) -> "QuerySet[StoredFile]":
    files = StoredFile.objects.filter(which, state=State.STORED)
    return files.select_related("search_text", "picture").order_by("-created_at", "pk")


def _reasons(file: StoredFile) -> list[str]:
    """Return in sentences why the file is listed."""
    if file.is_infected:
        return [file.scan_finding]
    reasons = []
    if text := getattr(file, "search_text", None):
        reasons.append(str(text.get_reason_display()) if text.reason else "")
    copy = getattr(file, "picture", None)
    if copy is not None and copy.state == PictureState.FAILED:
        reasons.append(str(copy.get_failure_display()))
    return [reason for reason in reasons if reason]


def _failed_at(file: StoredFile) -> datetime | None:
    text, copy = getattr(file, "search_text", None), getattr(file, "picture", None)
    moments = [text.read_at if text else None, copy.made_at if copy else None]
    return max((moment for moment in moments if moment), default=None)
