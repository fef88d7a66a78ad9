"""Notifications that people say they were at a meeting, and what was answered."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.access import Viewer
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import members_reading, officers_of
from workinggroups.meetings.choices import ClaimState
from workinggroups.meetings.models import AttendanceClaim, Meeting
from workinggroups.meetings.notifications.meetings import MeetingNotification, start_words


class AttendanceClaimed(MeetingNotification):
    """For the officers, as long as someone waits: one notification for all who wait at a time."""

    name = "attendance_claimed"
    label = gettext_lazy("Someone says they were at a meeting")

    def recipients(self) -> QuerySet[Person]:
        waiting = AttendanceClaim.objects.filter(
            meeting__uuid=self.meeting, state=ClaimState.OPEN
        ).exists()
        officers = officers_of(self.group) if waiting else Person.objects.none()
        return officers.filter(pk__in=super().recipients().values("pk"))

    @classmethod
    def rows(cls) -> QuerySet[Meeting]:
        waiting = {"open_claims": Count("claims", filter=Q(claims__state=ClaimState.OPEN))}
        return super().rows().annotate(**waiting)

    def shared_content(self, meeting: Meeting, zone: str) -> NotificationContent:
        count = meeting.open_claims
        words = (
            ngettext(
                "%(count)d person says they were at %(title)s",
                "%(count)d people say they were at %(title)s",
                count,
            )
            if count
            else _("Everyone who said they were at %(title)s has an answer")
        )
        page = reverse("meeting-attendance", args=[meeting.group.slug, meeting.address])
        return content_in(
            meeting.group,
            title=words % {"count": count, "title": meeting.title},
            url=f"{page}#claims",
            why=_("because you are an officer of %(group)s") % {"group": meeting.group.name},
            detail=start_words(meeting, zone),
            thread_key=f"meeting:{meeting.uuid}",
            subject=meeting.title,
        )


@dataclass(frozen=True, kw_only=True)
class ClaimAnswered(ModelNotification[AttendanceClaim]):
    """For the person who said that they were there."""

    name = "claim_answered"
    label = gettext_lazy("An officer answered that you were at a meeting")
    category = Category.MEETINGS
    target_field, target_lookup = "claim", "uuid"

    group: int
    claim: str

    def recipients(self) -> QuerySet[Person]:
        claim = AttendanceClaim.objects.select_related("meeting").filter(uuid=self.claim).first()
        if claim is None:
            return Person.objects.none()
        return members_reading(claim.meeting).filter(pk=claim.person_id)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[AttendanceClaim]:
        own = AttendanceClaim.objects.filter(person=viewer.person_id)
        answered = own.exclude(state=ClaimState.OPEN).select_related(
            "meeting__group", "answered_by"
        )
        return answered.filter(meeting__in=Meeting.objects.visible_to(viewer))

    def content(self, claim: AttendanceClaim, viewer: Viewer) -> NotificationContent:
        meeting = claim.meeting
        words = (
            _("%(officer)s confirmed that you were at %(title)s")
            if claim.state == ClaimState.CONFIRMED
            else _("%(officer)s did not confirm that you were at %(title)s")
        )
        return content_in(
            meeting.group,
            title=words % {"officer": claim.answered_by, "title": meeting.title},
            url=reverse("meeting-attendance", args=[meeting.group.slug, meeting.address]),
            why=_("because you said that you were there"),
            detail=claim.note or start_words(meeting, viewer.zone),
            thread_key=f"meeting:{meeting.uuid}",
            subject=meeting.title,
        )
