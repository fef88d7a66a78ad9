"""Notifications about one correction to draft minutes: asked for, answered."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import members_reading, officers_of
from workinggroups.meetings.choices import CorrectionAnswer
from workinggroups.meetings.models import Correction, Meeting

# So many characters of a correction or an answer are in a notification.
SHOWN_CHARACTERS = 300


@dataclass(frozen=True, kw_only=True)
class CorrectionNotification(ModelNotification[Correction]):
    """About one correction, for people who can read the meeting."""

    category = Category.MEETINGS
    target_field = "correction"

    group: int
    correction: int

    def _correction(self) -> Correction | None:
        corrections = Correction.objects.select_related("meeting")
        return corrections.filter(pk=self.correction).first()

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Correction]:
        readable = Correction.objects.filter(meeting__in=Meeting.objects.visible_to(viewer))
        return readable.select_related("meeting__group", "author", "answered_by")


class CorrectionRequested(CorrectionNotification):
    name = "correction_requested"
    label = gettext_lazy("Correction to draft minutes requested")

    def recipients(self) -> QuerySet[Person]:
        """Return the officers of the group, who answer it."""
        correction = self._correction()
        if correction is None:
            return Person.objects.none()
        readers = members_reading(correction.meeting)
        return readers.filter(pk__in=officers_of(self.group).values("pk"))

    def content(self, correction: Correction, viewer: Viewer) -> NotificationContent | None:
        meeting = correction.meeting
        if not viewer.is_officer(meeting.group_id):
            return None
        facts = {"name": correction.author.name, "title": meeting.title}
        return content_in(
            meeting.group,
            title=_("Correction requested by %(name)s: %(title)s") % facts,
            url=f"{meeting.get_absolute_url()}#corrections",
            why=_("because you are an officer of the group"),
            detail=Truncator(correction.text).chars(SHOWN_CHARACTERS),
            thread_key=f"meeting:{meeting.uuid}",
            subject=meeting.title,
        )


class CorrectionAnswered(CorrectionNotification):
    name = "correction_answered"
    label = gettext_lazy("Your correction to draft minutes answered")

    def recipients(self) -> QuerySet[Person]:
        """Return the person who asked for it, while they can read the meeting."""
        correction = self._correction()
        if correction is None:
            return Person.objects.none()
        return members_reading(correction.meeting).filter(pk=correction.author_id)

    def content(self, correction: Correction, viewer: Viewer) -> NotificationContent | None:
        meeting = correction.meeting
        if correction.author_id != viewer.person_id or correction.is_open:
            return None
        title = (
            _("Your correction was taken up: %(title)s")
            if correction.answer == CorrectionAnswer.TAKEN_UP
            else _("Your correction was declined: %(title)s")
        )
        return content_in(
            meeting.group,
            title=title % {"title": meeting.title},
            url=f"{meeting.get_absolute_url()}#corrections",
            why=_("because you asked for it"),
            detail=Truncator(correction.answer_note or correction.text).chars(SHOWN_CHARACTERS),
            thread_key=f"meeting:{meeting.uuid}",
            subject=meeting.title,
        )
