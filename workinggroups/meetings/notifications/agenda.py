"""Notifications about the agenda of a meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.access import Viewer
from common.ui import date_format
from members.people.models import Person
from notifications.choices import Category
from notifications.types import AnyPayload, NotificationContent, NotificationType
from workinggroups.groups.notifications import content_in
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.notifications.meetings import MeetingNotification, start_words
from workinggroups.meetings.notifications.named_meetings import by_payload, uuids_in
from workinggroups.meetings.queries.agenda import agendas_wanted, without_agenda


class AgendaPosted(MeetingNotification):
    name = "agenda_posted"
    label = gettext_lazy("Agenda posted")
    title = gettext_lazy("Agenda: %(title)s")


@dataclass(frozen=True, kw_only=True)
class AgendaMissing(NotificationType[list[Meeting]]):
    """For one officer: the meetings, by their uuids with commas between, that still have no agenda."""

    name = "agenda_missing"
    label = gettext_lazy("Agendas that you have to write")
    category = Category.MEETINGS

    person: int
    meetings: str

    def recipients(self) -> QuerySet[Person]:
        """Return the person, as long as one of the meetings has no agenda and was not moved away."""
        empty = _wanted().filter(uuid__in=self.meetings.split(","))
        people = Person.objects.active().filter(pk=self.person)
        return people if empty.exists() else people.none()

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> dict[AnyPayload, list[Meeting]]:
        """Return the meetings of each payload that still have no agenda, were not moved away, and
        can be read. One query."""
        listed = list(payloads)
        empty = _wanted().filter(uuid__in=uuids_in(listed))
        visible = empty.filter(pk__in=Meeting.objects.visible_to(viewer).values("pk"))
        own = [row for row in visible.select_related("group") if viewer.is_officer(row.group_id)]
        return dict(by_payload(listed, own))

    def content(self, meetings: list[Meeting], viewer: Viewer) -> NotificationContent | None:
        if viewer.person_id != self.person:
            return None
        if len(meetings) == 1:
            return _of_one(meetings[0], viewer)
        count = len(meetings)
        title = ngettext("%d meeting has no agenda yet", "%d meetings have no agenda yet", count)
        groups = {meeting.group for meeting in meetings}
        return NotificationContent(
            title=title % count,
            url=reverse("meetings", args=[groups.pop().slug])
            if len(groups) == 1
            else reverse("calendar"),
            why=_("because you write their agendas"),
            detail="; ".join(f"{meeting.title}, {meeting.group.name}" for meeting in meetings),
        )


def _wanted() -> QuerySet[Meeting]:
    now = timezone.now()
    return agendas_wanted(without_agenda(now), now)


def _of_one(meeting: Meeting, viewer: Viewer) -> NotificationContent:
    # Annotated by `with_agenda_due`.
    due_at: datetime | None = vars(meeting)["due_at"]
    if due_at is None:
        words = _("The meeting is on %(moment)s.")
        facts = {"moment": start_words(meeting, viewer.zone)}
    else:
        is_late = due_at <= timezone.now()
        words = (
            _("The charter asked to post it by %(moment)s, so it is late.")
            if is_late
            else _("The charter asks to post it by %(moment)s.")
        )
        facts = {"moment": date_format.moment_words(due_at, viewer.zone)}
    return content_in(
        meeting.group,
        title=_("No agenda yet: %(title)s") % {"title": meeting.title},
        url=reverse("meeting-agenda", args=[meeting.group.slug, meeting.address]),
        why=_("because you write its agenda"),
        detail=words % facts,
        thread_key=f"meeting:{meeting.uuid}",
        subject=meeting.title,
    )
