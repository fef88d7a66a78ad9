"""The stored texts of this app: revisions of the notes, of which the approved one is the minutes, and
the descriptions of items of agendas and templates."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.text.choices import Weight
from common.text.markdown import TextKind
from common.text.registry import StoredText
from workinggroups.meetings.actions.locking import index_meeting, lock_meeting
from workinggroups.meetings.models import (
    AgendaItem,
    AgendaProposal,
    Meeting,
    MeetingSeries,
    NotesRevision,
    TemplateItem,
)
from workinggroups.meetings.rendering import notes_html


class NotesText(StoredText[NotesRevision]):
    kind, name, model, text_kind = "notes", _("Notes or minutes"), NotesRevision, TextKind.NOTES
    related = ("meeting__group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[NotesRevision]:
        return NotesRevision.objects.filter(meeting__in=Meeting.objects.visible_to(viewer))

    def render(self, source: str) -> str:
        return notes_html(source)

    def lock(self, text: NotesRevision) -> None:
        lock_meeting(text.meeting)

    def reindex(self, text: NotesRevision) -> None:
        if _is_latest(text):
            index_meeting(text.meeting)

    def url(self, text: NotesRevision) -> str:
        meeting = text.meeting
        if _is_latest(text):
            return meeting.get_absolute_url()
        return reverse("notes-revision", args=[meeting.group.slug, meeting.address, text.number])

    def group_id(self, text: NotesRevision) -> int:
        return text.meeting.group_id

    def weight(self, text: NotesRevision) -> Weight:
        if not _is_latest(text):
            return Weight.FORMER
        return Weight.FORMAL if text.meeting.is_approved else Weight.CURRENT


class TemplateItemText(StoredText[TemplateItem]):
    kind, name, model = "template_item", _("Item of an agenda template"), TemplateItem
    text_kind = TextKind.POST
    related = ("series__group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[TemplateItem]:
        return TemplateItem.objects.filter(series__in=MeetingSeries.objects.visible_to(viewer))

    def group_id(self, text: TemplateItem) -> int:
        return text.series.group_id


class AgendaProposalText(StoredText[AgendaProposal]):
    kind, name, model = "agenda_proposal", _("Item proposed for an agenda"), AgendaProposal
    text_kind = TextKind.POST
    related = ("meeting__group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[AgendaProposal]:
        return AgendaProposal.objects.visible_to(viewer)

    def lock(self, text: AgendaProposal) -> None:
        lock_meeting(text.meeting)

    def group_id(self, text: AgendaProposal) -> int:
        return text.meeting.group_id


class AgendaItemText(StoredText[AgendaItem]):
    kind, name, model, text_kind = "agenda_item", _("Agenda item"), AgendaItem, TextKind.POST
    related = ("meeting__group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[AgendaItem]:
        return AgendaItem.objects.filter(meeting__in=Meeting.objects.visible_to(viewer))

    def lock(self, text: AgendaItem) -> None:
        lock_meeting(text.meeting)

    def reindex(self, text: AgendaItem) -> None:
        index_meeting(text.meeting)

    def group_id(self, text: AgendaItem) -> int:
        return text.meeting.group_id


def _is_latest(text: NotesRevision) -> bool:
    return text.number == text.meeting.notes_count
