"""Notifications about a series of meetings."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.mail.registry import Attachment
from common.ui import date_format
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import SharedNotification
from notifications.types import NotificationContent
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import members_reading
from workinggroups.meetings import calendars
from workinggroups.meetings.answers import series_answer_path
from workinggroups.meetings.choices import AttendanceState
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries
from workinggroups.meetings.notifications.meetings import ChangeNotification, calendar_attachment


@dataclass(frozen=True, kw_only=True)
class SeriesNotification(SharedNotification[MeetingSeries]):
    """About a series as a whole, named by its uuid; has it attached, for the reader's calendar."""

    category = Category.MEETINGS
    target_field, target_lookup = "series", "uuid"
    title: ClassVar[Promise]

    group: int
    series: str

    def recipients(self) -> QuerySet[Person]:
        return members_reading(MeetingSeries.objects.filter(uuid=self.series).first())

    @classmethod
    def rows(cls) -> QuerySet[MeetingSeries]:
        coming = Meeting.objects.filter(series=OuterRef("pk")).upcoming()
        first = {"next_starts_at": Subquery(coming.values("starts_at")[:1])}
        series: QuerySet[MeetingSeries] = MeetingSeries.objects.select_related("group")
        return series.annotate(**first)

    def shared_content(self, series: MeetingSeries, zone: str) -> NotificationContent:
        return content_in(
            series.group,
            title=self.title_of(series),
            url=series.get_absolute_url(),
            detail=self.detail(series, zone),
            thread_key=f"series:{series.uuid}",
            subject=series.title,
            question=self.question(series),
        )

    def title_of(self, series: MeetingSeries) -> str:
        return str(self.title) % {"title": series.title}

    def detail(self, series: MeetingSeries, zone: str) -> str:
        """Return the rule in words and the first coming meeting in the reader's time."""
        if series.next_starts_at is None:
            return _("%(rule)s.") % {"rule": series.words}
        hour = date_format.moment_words(series.next_starts_at, zone, other_zone=series.zone)
        return _("%(rule)s. Next: %(hour)s.") % {"rule": series.words, "hour": hour}

    def question(self, series: MeetingSeries) -> str:
        """Return what the reader is asked while a meeting of the series is to come."""
        is_open = series.next_starts_at is not None and not series.is_ended
        return _("Say whether you are coming") if is_open else ""

    def answer_path(self, person: Person) -> str:
        return series_answer_path(self.series, person)

    def attachments(self) -> tuple[Attachment, ...]:
        """Return a calendar file with the whole series."""
        series = self.rows().filter(uuid=self.series).prefetch_related("skipped").first()
        if series is None:
            return ()
        return (calendar_attachment(calendars.calendar_of_series(series)),)


class SeriesPlanned(SeriesNotification):
    name = "series_planned"
    label = gettext_lazy("Series of meetings scheduled")
    title = gettext_lazy("Scheduled: %(title)s")


class SeriesChange(SeriesNotification):
    """Always mailed at once to those who said they are coming to one of the meetings."""

    stopping_note = ChangeNotification.stopping_note

    def always_mailed(self) -> QuerySet[Person]:
        coming = Attendance.objects.filter(
            meeting__series__uuid=self.series,
            meeting__starts_at__gt=timezone.now(),
            state=AttendanceState.COMING,
        )
        return Person.objects.active().filter(pk__in=coming.values("person"))


class SeriesChanged(SeriesChange):
    name = "series_changed"
    label = gettext_lazy("Series of meetings changed")
    title = gettext_lazy("Changed: %(title)s")


class SeriesEnded(SeriesChange):
    name = "series_ended"
    label = gettext_lazy("Series of meetings ended")
    title = gettext_lazy("Ended: %(title)s")

    def title_of(self, series: MeetingSeries) -> str:
        if series.is_several_days:
            return _("Cancelled: %(title)s") % {"title": series.title}
        return super().title_of(series)

    def detail(self, series: MeetingSeries, zone: str) -> str:
        facts = {"reason": series.ended_reason}
        if series.is_several_days:
            return _("All coming days are cancelled. %(reason)s") % facts
        return _("All coming meetings are cancelled. %(reason)s") % facts
