"""The reminder that minutes are missing: one for all meetings of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.access import Viewer
from common.ui import date_format
from members.people.models import Person
from notifications.choices import Category
from notifications.types import AnyPayload, NotificationContent, NotificationType
from workinggroups.groups.notifications import content_in
from workinggroups.meetings.choices import MinutesState
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.notifications.named_meetings import by_payload, uuids_in


@dataclass(frozen=True, kw_only=True)
class MinutesDue(NotificationType[list[Meeting]]):
    """For one person: the meetings, by their uuids with commas between, that still miss minutes."""

    name = "minutes_due"
    label = gettext_lazy("Minutes you have to write or approve")
    category = Category.MEETINGS

    person: int
    meetings: str

    def recipients(self) -> QuerySet[Person]:
        return Person.objects.active().filter(pk=self.person)

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> dict[AnyPayload, list[Meeting]]:
        """Return the meetings of each payload that still miss minutes and can be read. One query."""
        listed = list(payloads)
        visible = Meeting.objects.visible_to(viewer).without_minutes()
        missing = visible.filter(uuid__in=uuids_in(listed)).select_related("group")
        return dict(by_payload(listed, missing))

    def content(self, meetings: list[Meeting], viewer: Viewer) -> NotificationContent | None:
        if viewer.person_id != self.person:
            return None
        if len(meetings) == 1:
            return _of_one(meetings[0], viewer)
        count = len(meetings)
        title = ngettext("%d meeting has no minutes yet", "%d meetings have no minutes yet", count)
        return NotificationContent(
            title=title % count,
            # The page is in a higher layer, whose URL names are not known here.
            url="/my/",
            why=_("because you write or approve them"),
            detail="; ".join(f"{meeting.title}, {meeting.group.name}" for meeting in meetings),
        )


def _of_one(meeting: Meeting, viewer: Viewer) -> NotificationContent:
    if meeting.minutes_state == MinutesState.NONE:
        title = _("Minutes are missing: %(title)s")
    else:
        title = _("Draft minutes wait for approval: %(title)s")
    due = date_format.moment_words(meeting.minutes_due_at, viewer.zone)
    words = (
        _("They were due on %(moment)s.") if meeting.minutes_are_late else _("Due on %(moment)s.")
    )
    return content_in(
        meeting.group,
        title=title % {"title": meeting.title},
        url=f"{meeting.get_absolute_url()}#minutes",
        why=_("because you write or approve them"),
        detail=words % {"moment": due},
        thread_key=f"meeting:{meeting.uuid}",
        subject=meeting.title,
    )
