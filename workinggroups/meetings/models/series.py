"""A series of meetings: its rule and what its meetings have in common."""

from datetime import date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import ExpressionWrapper, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.groups.content import GroupContent, GroupContentQuerySet
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    SERIES_MAX_INTERVAL,
    SEVERAL_DAYS_MAX,
    SKIPPED_REASON_MAX_CHARACTERS,
    Frequency,
    SeriesState,
)
from workinggroups.meetings.recurrence import Recurrence


class MeetingSeriesQuerySet(GroupContentQuerySet["MeetingSeries"]):
    def in_turns_with(self, series: "MeetingSeries") -> Self:
        """Return the series of the same rotation that go on, this one included, in their order."""
        together = self.filter(group=series.group_id, rotation=series.rotation)
        if series.rotation is None:
            together = self.filter(pk=series.pk)
        return together.filter(state=SeriesState.ACTIVE).order_by("first_on", "local_time", "pk")

    def of_one_meeting(self, series: "MeetingSeries") -> Self:
        """Return all series by which a meeting of several days takes place, the earliest first."""
        parts = self.filter(Q(pk=series.heading_id) | Q(first_part=series.heading_id))
        return parts.order_by("first_on", "pk")

    def active(self) -> Self:
        """Return the series that go on, those of a group in the order of their hours."""
        return self.filter(state=SeriesState.ACTIVE).order_by("group", "local_time", "pk")


class MeetingSeries(GroupContent):
    """A group meets by this rule, at a local time in a zone.

    Its meetings are rows of their own, made ahead (`actions.occurrences`). What was changed of one meeting
    alone stays with it. A change of "this and all that follow" ends the series and begins one that
    `continues` it, so that what has taken place stays as it was. `sequence` rises with each change
    (RFC 5545, 3.8.7.4).
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    uid = models.CharField(max_length=255, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    # The `uid` in the calendar file of another system from which it was imported.
    imported_uid = models.CharField(
        max_length=255, blank=True, default="", db_default="", editable=False
    )
    title = models.CharField(gettext_lazy("title"), max_length=160)
    first_on = models.DateField(gettext_lazy("first date"))
    local_time = models.TimeField(gettext_lazy("start"))
    zone = models.CharField(gettext_lazy("time zone"), max_length=64)
    duration_minutes = models.PositiveSmallIntegerField(gettext_lazy("length in minutes"))
    place = models.CharField(gettext_lazy("place"), max_length=200, blank=True)
    join_url = models.URLField(gettext_lazy("link to join"), blank=True, max_length=500)
    frequency = models.CharField(max_length=16, choices=Frequency.choices)
    interval = models.PositiveSmallIntegerField(default=1)
    until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=SeriesState.choices, default=SeriesState.ACTIVE)
    # The same for series that were scheduled together and take turns: their hours rotate.
    rotation = models.UUIDField(null=True, blank=True, editable=False)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by"
    )
    # All dates of the rule up to this one have a meeting, or are skipped.
    made_until = models.DateField(null=True, blank=True, editable=False)
    # Of a meeting of several days: the series of its first day, where this is another one; how many
    # days its former series have, and all together.
    first_part = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_parts", editable=False
    )
    days_before = models.PositiveSmallIntegerField(default=0, editable=False)
    days_in_all = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    ended_reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    # Annotated for notifications.
    next_starts_at: datetime | None
    turns: list[dict[str, Any]]
    # Meetings fetched for calendars (`gathered_dates`).
    gathered: list[Any]

    objects = MeetingSeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "meeting series"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "imported_uid"],
                condition=~Q(imported_uid=""),
                name="series_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(interval__gte=1, interval__lte=SERIES_MAX_INTERVAL),
                name="series_interval",
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=1, duration_minutes__lte=MEETING_MAX_MINUTES),
                name="series_meeting_at_most_a_day",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("first_on")),
                name="series_ends_after_its_first_date",
            ),
            models.CheckConstraint(
                condition=~Q(frequency=Frequency.DAILY)
                | Q(
                    interval=1,
                    until__isnull=False,
                    until__lt=ExpressionWrapper(
                        models.F("first_on") + Value(SEVERAL_DAYS_MAX), models.DateField()
                    ),
                ),
                name="series_of_days_is_short",
            ),
        ]
        indexes = [models.Index(fields=["group", "local_time"], name="series_of_group")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meeting-series", args=[self.group.slug, self.uuid])

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(
            first=self.first_on,
            frequency=self.frequency,
            interval=self.interval,
            until=self.until,
        )

    @property
    def is_several_days(self) -> bool:
        """Tell whether its meetings are the days of one meeting."""
        return self.frequency == Frequency.DAILY

    @property
    def own_days(self) -> int:
        """Return how many days this series of a meeting of several days has."""
        return (self.until - self.first_on).days + 1 if self.until else 0

    @property
    def heading_id(self) -> int:
        """Return the id of the series under which the days of this meeting are shown."""
        return self.first_part_id or self.pk

    @property
    def is_ended(self) -> bool:
        return self.state == SeriesState.ENDED

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def words(self) -> str:
        """Return the rule in words, such as "Every second Tuesday, 16:00 Paris"."""
        return _("%(rule)s, %(time)s %(place)s") % {
            "rule": self._days_words() if self.is_several_days else self.recurrence.words(),
            "time": time_format(self.local_time, "H:i"),
            "place": self.zone.rpartition("/")[2].replace("_", " "),
        }

    def _days_words(self) -> str:
        """Return "3 days, 1 Dec 2026 to 3 Dec 2026", or which days of the meeting these are."""
        first = self.days_before + 1
        last = self.days_before + self.own_days
        facts = {
            "first": first,
            "last": last,
            "days": self.days_in_all or last,
            "dates": _dates_words(self.first_on, self.until or self.first_on),
        }
        if first == last:
            return _("Day %(first)d of %(days)d, %(dates)s") % facts
        if self.own_days == facts["days"]:
            return _("%(days)d days, %(dates)s") % facts
        return _("Days %(first)d to %(last)d of %(days)d, %(dates)s") % facts


class SkippedDay(models.Model):
    """A date of the rule on which the series does not meet, such as a holiday."""

    series = models.ForeignKey(MeetingSeries, models.PROTECT, related_name="skipped")
    day = models.DateField()
    reason = models.CharField(max_length=SKIPPED_REASON_MAX_CHARACTERS, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["series", "day"], name="skipped_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}".strip()


def _dates_words(first: date, last: date) -> str:
    """Return "9 to 11 Dec 2026", with the month or the year of both only where they differ."""
    shown = "j M Y"
    if first == last:
        return date_format(first, shown)
    if first.year == last.year:
        shown = "j" if first.month == last.month else "j M"
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, shown),
        "last": date_format(last, "j M Y"),
    }


def recurrence_id(day: date, at: time) -> str:
    """Return the original local start of an occurrence as in RFC 5545, without its zone."""
    return f"{day:%Y%m%d}T{at:%H%M}00"


def date_of(recurrence_id: str) -> date:
    """Return the date of the original start of an occurrence."""
    return datetime.strptime(recurrence_id[:8], "%Y%m%d").date()
