"""Notifications about a series of meetings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
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
from workinggroups.meetings.choices import AttendanceState, SeriesState
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries
from workinggroups.meetings.models.rotations import words_of_turns
from workinggroups.meetings.notifications.meetings import ChangeNotification, calendar_attachment

# What the words of a series are made of.
RULE_OF_TURN = ("first_on", "local_time", "zone", "frequency", "interval")


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
        turns = MeetingSeries.objects.filter(
            group=OuterRef("group"), rotation=OuterRef("rotation"), state=SeriesState.ACTIVE
        )
        rules = turns.order_by("first_on", "pk").values(
            rule=JSONObject(**{name: name for name in RULE_OF_TURN})
        )
        annotated: dict[str, Any] = {
            "next_starts_at": Subquery(coming.values("starts_at")[:1]),
            "turns": ArraySubquery(rules),
        }
        series: QuerySet[MeetingSeries] = MeetingSeries.objects.select_related("group")
        return series.annotate(**annotated)

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
        rule = self.rule_words(series)
        if series.next_starts_at is None:
            return _("%(rule)s.") % {"rule": rule}
        hour = date_format.moment_words(series.next_starts_at, zone, other_zone=series.zone)
        return _("%(rule)s. Next: %(hour)s.") % {"rule": rule, "hour": hour}

    def rule_words(self, series: MeetingSeries) -> str:
        return series.words

    def question(self, series: MeetingSeries) -> str:
        """Return what the reader is asked while a meeting of the series is to come."""
        is_open = series.next_starts_at is not None and not series.is_ended
        return _("Say whether you are coming") if is_open else ""

    def answer_path(self, person: Person) -> str:
        return series_answer_path(self.series, person)

    def attachments(self) -> tuple[Attachment, ...]:
        """Return a calendar file with the whole series, those with which it takes turns, and the one
        whose place they took."""
        named = MeetingSeries.objects.filter(uuid=self.series)
        together = Q(uuid=self.series) | Q(
            rotation__in=named.exclude(rotation=None).values("rotation")
        )
        together |= Q(continued_by__uuid=self.series, continued_by__rotation__isnull=False)
        several = MeetingSeries.objects.filter(together).select_related("group").distinct()
        listed = list(several.prefetch_related("skipped").order_by("first_on", "pk"))
        return (calendar_attachment(calendars.calendar_of_series(*listed)),) if listed else ()


def _series_of(rule: Mapping[str, Any]) -> MeetingSeries:
    """Return a series, not to be saved, with what its words need."""
    return MeetingSeries(
        first_on=date.fromisoformat(rule["first_on"]),
        local_time=time.fromisoformat(rule["local_time"]),
        zone=rule["zone"],
        frequency=rule["frequency"],
        interval=rule["interval"],
    )


class RotationPlanned(SeriesNotification):
    """About series that take turns, named by the first of them.

    Always mailed at once to those who said they are coming to a meeting that goes on in one of them.
    """

    name = "rotation_planned"
    label = gettext_lazy("Series of meetings in turn scheduled")
    title = gettext_lazy("Scheduled: %(title)s")
    stopping_note = ChangeNotification.stopping_note

    def rule_words(self, series: MeetingSeries) -> str:
        """Return the rule by which the series take turns."""
        turns = [_series_of(rule) for rule in series.turns]
        return words_of_turns(turns) if turns else series.words

    def always_mailed(self) -> QuerySet[Person]:
        rotation = MeetingSeries.objects.filter(uuid=self.series).values("rotation")
        coming = Attendance.objects.filter(
            meeting__series__rotation__in=rotation,
            meeting__starts_at__gt=timezone.now(),
            state=AttendanceState.COMING,
        )
        return Person.objects.active().filter(pk__in=coming.values("person"))


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


class SeriesGathered(SeriesChange):
    """Meetings that were scheduled singly are now a series; their times stay."""

    name = "series_gathered"
    label = gettext_lazy("Meetings gathered into a series")
    title = gettext_lazy("Now a series: %(title)s")


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
