"""The meeting: when and where the group meets, and the state of its minutes."""

from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q, Window
from django.db.models.functions import Now, RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.identifiers import new_uuid
from common.ui.date_format import day_words
from members.people.models import Person
from workinggroups.groups.choices import MinutesRule
from workinggroups.groups.content import GroupContent, GroupContentQuerySet
from workinggroups.groups.models import CharterVersion
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    MINUTES_DUE_DAYS,
    SERIES_SHOWN,
    Frequency,
    InSeries,
    MeetingState,
    MinutesReminder,
    MinutesState,
)
from workinggroups.meetings.local_time import instants
from workinggroups.meetings.models.series import MeetingSeries, date_of

LONGEST = timedelta(minutes=MEETING_MAX_MINUTES)


def gathered_dates() -> "models.Prefetch[str, MeetingQuerySet, str]":
    """Return how to fetch with series, as `gathered`, the meetings by their rule that keep their uid."""
    kept = Meeting.objects.gathered().only("series", "recurrence_id")
    return models.Prefetch("meetings", kept, to_attr="gathered")


class MeetingQuerySet(GroupContentQuerySet["Meeting"]):
    def coming(self) -> Self:
        """Return meetings that are not yet over, cancelled ones included, the next first.

        No meeting is longer than a day: the bound on the start lets the index skip all past ones.
        """
        coming = self.filter(starts_at__gt=Now() - LONGEST, ends_at__gt=Now())
        return coming.order_by("starts_at", "pk")

    def upcoming(self) -> Self:
        """Return planned meetings that are not yet over, the next first."""
        return self.coming().filter(state=MeetingState.PLANNED)

    def past(self) -> Self:
        """Return meetings that are over, cancelled ones included, the latest first."""
        return self.filter(starts_at__lte=Now(), ends_at__lte=Now()).order_by("-starts_at", "-pk")

    def during(self, since: datetime, until: datetime) -> Self:
        """Return meetings of which a part is in this time, cancelled ones included, the first first.

        The lower bound on the start is redundant, but the index can start from it.
        """
        during = self.filter(starts_at__gt=since - LONGEST, starts_at__lt=until, ends_at__gt=since)
        return during.order_by("starts_at", "pk")

    def without_minutes(self) -> Self:
        """Return past meetings whose minutes are not approved yet, the latest first."""
        held = self.past().exclude(state=MeetingState.CANCELLED)
        return held.exclude(minutes_state=MinutesState.APPROVED)

    def minutes_late(self) -> Self:
        """Return past meetings whose minutes are late (`Meeting.minutes_are_late`)."""
        due = Now() - timedelta(days=MINUTES_DUE_DAYS)
        return self.without_minutes().filter(
            Q(entered_at__isnull=True) | Q(entered_at__lt=due), ends_at__lt=due
        )

    def to_approve_at(self, meeting: "Meeting") -> Self:
        """Return earlier meetings whose draft minutes the group can approve at this meeting."""
        return self.filter(
            group=meeting.group_id,
            starts_at__lt=meeting.starts_at,
            minutes_state=MinutesState.DRAFT,
            minutes_rule=MinutesRule.NEXT_MEETING,
        ).order_by("starts_at", "pk")

    def of_seats(self, viewer: Viewer) -> Self:
        """Return meetings the viewer can read, of groups in which the viewer has a seat."""
        return self.visible_to(viewer).filter(group_id__in=viewer.group_ids)

    def first_of_series(self) -> Self:
        """Leave out what comes after the next few meetings of each series, unless it was changed."""
        place = Window(RowNumber(), partition_by="series", order_by=["starts_at", "pk"])
        return self.annotate(series_place=place).filter(
            Q(series__isnull=True)
            | Q(series__frequency=Frequency.DAILY)
            | Q(follows_series=False)
            | Q(series_place__lte=SERIES_SHOWN)
        )

    def apart_from_series(self) -> Self:
        """Return meetings that calendars show as exceptions to the event of their series."""
        return self.filter(in_series=InSeries.DATE, follows_series=False, keeps_uid=False)

    def events_of_their_own(self) -> Self:
        """Return meetings of series that calendars show beside the event of the series."""
        return self.filter(Q(in_series=InSeries.EXTRA) | Q(keeps_uid=True))

    def gathered(self) -> Self:
        """Return meetings by the rule of their series that were scheduled by themselves at first."""
        return self.filter(in_series=InSeries.DATE, keeps_uid=True)

    def single(self) -> Self:
        """Return meetings that belong to no series and were not cancelled, past ones included."""
        return self.filter(series=None).exclude(state=MeetingState.CANCELLED)

    def beside_rule(self) -> Self:
        """Return meetings that belong to a series and are no date of its rule."""
        return self.filter(in_series=InSeries.EXTRA)

    def at_address(self, address: str) -> Self:
        """Return the meeting with this number, or the one that was planned for this day."""
        if address.isdigit():
            return self.filter(number=int(address))
        return self.filter(day_key=address)

    def before(self, starts_at: datetime, pk: int) -> Self:
        """Return meetings that come after this place in a list with the latest first.

        The first condition is redundant, but the index can start from it.
        """
        return self.filter(starts_at__lte=starts_at).filter(
            Q(starts_at__lt=starts_at) | Q(pk__lt=pk)
        )

    def after(self, starts_at: datetime, pk: int) -> Self:
        """Return meetings that come before this place in such a list."""
        return self.filter(starts_at__gte=starts_at).filter(
            Q(starts_at__gt=starts_at) | Q(pk__gt=pk)
        )


class Meeting(GroupContent):
    """The group meets at a local time in a zone; a moved meeting keeps its calendar identity.

    Its calendar identity is `uid` with `recurrence_id`, which is empty for a meeting of no series.

    `starts_at` and `ends_at` follow from `local_date`, `local_time`, `zone` and
    `duration_minutes` and are stored for ordering; `fold` says which of two hours is meant when
    clocks go back. `sequence` rises with each change of time or place (RFC 5545, 3.8.7.4).
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    # Of a series: the `uid` of the series, and the original local start of this meeting in it. One
    # that lost its place in the series has a `uid` of its own again, and one with `keeps_uid` always.
    uid = models.CharField(max_length=255, editable=False)
    recurrence_id = models.CharField(max_length=15, blank=True, editable=False)
    series = models.ForeignKey(
        MeetingSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        db_index=False,
    )
    in_series = models.CharField(max_length=8, choices=InSeries.choices, blank=True, editable=False)
    # It was scheduled by itself and later gathered into its series: calendars know it by its own `uid`.
    keeps_uid = models.BooleanField(default=False, db_default=False, editable=False)
    # Nothing of it was changed apart from its series, so it changes with the series.
    follows_series = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    # A meeting of a series gets its number when it begins; until then its address is `day_key`.
    number = models.PositiveIntegerField(null=True, blank=True)
    day_key = models.CharField(max_length=13, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    local_date = models.DateField(_("date"))
    local_time = models.TimeField(_("start"))
    zone = models.CharField(_("time zone"), max_length=64)
    fold = models.PositiveSmallIntegerField(default=0)
    duration_minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(_("place"), max_length=200, blank=True)
    join_url = models.URLField(_("link to join"), blank=True, max_length=500)
    state = models.CharField(
        max_length=16, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    moved_from = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_reason = models.CharField(max_length=300, blank=True)
    # From when its agenda is its own: until then it is the template of its series.
    agenda_begun_at = models.DateTimeField(null=True, blank=True)
    agenda_posted_at = models.DateTimeField(null=True, blank=True)
    # When its officers were reminded that the agenda is missing.
    agenda_reminded_early_at = models.DateTimeField(null=True, blank=True)
    agenda_reminded_at = models.DateTimeField(null=True, blank=True)
    minutes_state = models.CharField(
        max_length=16, choices=MinutesState.choices, default=MinutesState.NONE
    )
    minutes_offered_at = models.DateTimeField(null=True, blank=True)
    corrections_until = models.DateTimeField(null=True, blank=True)
    minutes_approved_at = models.DateTimeField(null=True, blank=True)
    minutes_approved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )
    minutes_revision = models.ForeignKey(
        "meetings.NotesRevision", models.PROTECT, null=True, blank=True, related_name="+"
    )
    minutes_sha256 = models.CharField(max_length=64, blank=True)
    # How the draft becomes final, by the charter in force when the meeting began; set when offered.
    minutes_rule = models.CharField(
        max_length=16, choices=MinutesRule.choices, default=MinutesRule.NONE
    )
    minutes_charter = models.ForeignKey(
        CharterVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The later meeting at which the group approved the minutes.
    minutes_approved_at_meeting = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="minutes_approved_here"
    )
    minutes_reminder = models.PositiveSmallIntegerField(
        choices=MinutesReminder.choices, default=MinutesReminder.NONE
    )
    notes_count = models.PositiveIntegerField(default=0)
    # Set for a meeting that was entered after it had taken place.
    entered_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    # Rises with each change that the page "In the meeting" shows and that `version` does not count.
    live_version = models.PositiveIntegerField(default=0)

    # Annotated for notifications.
    open_claims: int

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="meeting_number_once"),
            # Deferred, since a changed rule gives each meeting the place of another.
            models.UniqueConstraint(
                fields=["uid", "recurrence_id"],
                name="meeting_uid_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["group", "day_key"], condition=~Q(day_key=""), name="meeting_day_key_once"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(series__isnull=False) & ~Q(day_key=""),
                name="meeting_has_an_address",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, in_series="")
                | Q(series__isnull=False, in_series__in=InSeries.values),
                name="meeting_in_series_in_one_way",
            ),
            # By its place in the rule it has the `uid` of the series unless it keeps its own; all
            # others have one of their own.
            models.CheckConstraint(
                condition=Q(in_series=InSeries.DATE) & ~Q(recurrence_id="")
                | ~Q(in_series=InSeries.DATE) & Q(recurrence_id="", follows_series=False),
                name="meeting_of_a_rule_has_a_place",
            ),
            models.CheckConstraint(
                condition=Q(keeps_uid=False) | Q(in_series__in=[InSeries.DATE, InSeries.DROPPED]),
                name="meeting_keeps_uid_in_a_series",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="meeting_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=1, duration_minutes__lte=MEETING_MAX_MINUTES),
                name="meeting_at_most_a_day",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=True) | Q(entered_at__gte=models.F("ends_at")),
                name="meeting_entered_after_its_end",
            ),
            models.CheckConstraint(
                condition=~Q(minutes_state="approved") | Q(minutes_revision__isnull=False),
                name="meeting_approved_minutes_have_a_text",
            ),
            models.CheckConstraint(
                condition=~Q(minutes_state="approved")
                | Q(minutes_approved_by__isnull=False)
                | Q(minutes_rule=MinutesRule.BY_RULE),
                name="meeting_minutes_approved_by_a_person_or_rule",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "-starts_at"], name="meeting_of_group"),
            models.Index(fields=["starts_at"], name="meeting_by_time"),
            models.Index(
                fields=["starts_at"],
                condition=Q(number__isnull=True),
                name="meeting_without_number",
            ),
            models.Index(fields=["series", "starts_at"], name="meeting_of_series"),
            models.Index(
                fields=["series"], condition=Q(keeps_uid=True), name="meeting_with_own_event"
            ),
            models.Index(
                fields=["corrections_until"],
                condition=Q(minutes_state="draft", minutes_rule=MinutesRule.BY_RULE),
                name="meeting_final_by_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.group.slug, self.address])

    @property
    def name_and_day(self) -> str:
        """Return "12. Evaluations call, 3 Nov 2026": meetings of a group often share a title."""
        number = f"{self.number}. " if self.number else ""
        return f"{number}{self.title}, {day_words(self.local_date)}"

    @property
    def address(self) -> str:
        """Return its address below the group: the number, or the day while it has none."""
        return self.day_key if self.number is None else str(self.number)

    @property
    def day_number(self) -> int | None:
        """Return which day of a meeting of several days it is, from 1; None for any other meeting.

        Its series must be fetched with it.
        """
        if self.in_series != InSeries.DATE or not self.series or not self.series.is_several_days:
            return None
        day = date_of(self.recurrence_id)
        return self.series.days_before + (day - self.series.first_on).days + 1

    @property
    def full_title(self) -> str:
        """Return the title, of a meeting of several days with the day."""
        if self.day_number is None or self.series is None:
            return self.title
        return gettext("%(title)s, day %(day)d of %(days)d") % {
            "title": self.title,
            "day": self.day_number,
            "days": self.series.days_in_all,
        }

    @property
    def is_extra(self) -> bool:
        return self.in_series == InSeries.EXTRA

    @property
    def is_at_another_hour(self) -> bool:
        """Tell whether clocks skip the hour of its series on this day."""
        return bool(
            self.series and self.follows_series and self.local_time != self.series.local_time
        )

    @property
    def hour_comes_twice(self) -> bool:
        zone = ZoneInfo(self.zone)
        return len(instants(self.local_date, self.local_time, zone)) == 2

    @property
    def is_cancelled(self) -> bool:
        return self.state == MeetingState.CANCELLED

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def takes_corrections(self) -> bool:
        """Tell whether members can still ask for corrections; the draft is approved only later."""
        return bool(self.corrections_until and timezone.now() < self.corrections_until)

    @property
    def becomes_final_by_rule(self) -> bool:
        return self.minutes_state == MinutesState.DRAFT and self.minutes_rule == MinutesRule.BY_RULE

    @property
    def is_for_next_meeting(self) -> bool:
        """Tell whether the draft is approved by the group at a later meeting."""
        return (
            self.minutes_state == MinutesState.DRAFT
            and self.minutes_rule == MinutesRule.NEXT_MEETING
        )

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_running(self) -> bool:
        """Tell whether the meeting is going on now, also if attendance was already recorded."""
        return self.has_begun and not self.is_over and not self.is_cancelled

    @property
    def shown_state(self) -> str:
        """Return the key of the state that pages show (`common/ui/states.py`)."""
        if self.is_running:
            return "running"
        return "scheduled" if self.state == MeetingState.PLANNED else self.state

    @property
    def is_entered_afterwards(self) -> bool:
        return self.entered_at is not None

    @property
    def has_open_notes(self) -> bool:
        """Tell whether everybody who writes in the group can write the notes."""
        return not self.is_cancelled and self.minutes_state == MinutesState.NONE

    @property
    def is_approved(self) -> bool:
        return self.minutes_state == MinutesState.APPROVED

    @property
    def minutes_due_at(self) -> datetime:
        """Return when the minutes have to be approved.

        For a meeting entered afterwards, the time counts from when it was entered.
        """
        return max(self.ends_at, self.entered_at or self.ends_at) + timedelta(days=MINUTES_DUE_DAYS)

    def agenda_due_at(self, notice_days: int | None) -> datetime | None:
        """Return until when a notice period of so many days asks for the agenda, if it asks."""
        return None if notice_days is None else self.starts_at - timedelta(days=notice_days)

    @property
    def minutes_are_late(self) -> bool:
        return not (self.is_cancelled or self.is_approved) and self.minutes_due_at < timezone.now()
