"""The meeting, its agenda, who was there, and the notes that become its minutes."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.content import GroupContent
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    MINUTES_DUE_DAYS,
    AttendanceState,
    CorrectionKind,
    Goal,
    MeetingState,
    MinutesState,
    TextOutcome,
)
from workinggroups.meetings.querysets import AttendanceQuerySet, MeetingQuerySet


class Meeting(GroupContent):
    """The group meets at a local time in a zone of record; a move keeps its calendar identity.

    `starts_at` and `ends_at` follow from `local_date`, `local_time`, `zone` and
    `duration_minutes` and are stored for ordering; `fold` says which of two hours is meant where
    clocks go back. `sequence` rises with each change of time or place (RFC 5545, 3.8.7.4).
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    uid = models.CharField(max_length=255, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=160)
    local_date = models.DateField(_("date"))
    local_time = models.TimeField(_("start"))
    zone = models.CharField(_("time zone"), max_length=64)
    fold = models.PositiveSmallIntegerField(default=0)
    duration_minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(_("place"), max_length=200, blank=True)
    join_url = models.URLField(_("address to join"), blank=True, max_length=500)
    state = models.CharField(
        max_length=16, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    moved_from = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_reason = models.CharField(max_length=300, blank=True)
    agenda_posted_at = models.DateTimeField(null=True, blank=True)
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
    notes_count = models.PositiveIntegerField(default=0)
    # Set for a meeting that took place before anybody wrote it down here.
    entered_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="meeting_number_once"),
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
        ]
        indexes = [
            models.Index(fields=["group", "-starts_at"], name="meeting_of_group"),
            models.Index(fields=["starts_at"], name="meeting_by_time"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.group.slug, self.number])

    @property
    def local_start(self) -> datetime:
        """The start as clocks in the zone of record show it."""
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def is_cancelled(self) -> bool:
        return self.state == MeetingState.CANCELLED

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def takes_corrections(self) -> bool:
        """Draft minutes cannot be approved yet: the time that members were given still runs."""
        return bool(self.corrections_until and timezone.now() < self.corrections_until)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_running(self) -> bool:
        """Its hour has come and is not over, whatever its officers have recorded so far."""
        return self.has_begun and not self.is_over and not self.is_cancelled

    @property
    def shown_state(self) -> str:
        """Key of the state as a reader is told it: attendance is recorded while it runs."""
        return "running" if self.is_running else self.state

    @property
    def is_entered_afterwards(self) -> bool:
        return self.entered_at is not None

    @property
    def has_open_notes(self) -> bool:
        """Everybody who writes in the group may still write the notes."""
        return not self.is_cancelled and self.minutes_state == MinutesState.NONE

    @property
    def is_approved(self) -> bool:
        return self.minutes_state == MinutesState.APPROVED

    @property
    def minutes_due_at(self) -> datetime:
        """One entered afterwards has the same time, from the day on which it was entered."""
        return max(self.ends_at, self.entered_at or self.ends_at) + timedelta(days=MINUTES_DUE_DAYS)

    @property
    def minutes_are_late(self) -> bool:
        return not (self.is_cancelled or self.is_approved) and self.minutes_due_at < timezone.now()


class AgendaItem(models.Model):
    """One point of the agenda, in order, with its length in minutes."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=160)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    goal = models.CharField(_("goal"), max_length=16, choices=Goal.choices, default=Goal.DISCUSS)
    presenter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("presenter")
    )
    text = models.TextField(_("what it is about"), blank=True, max_length=2000)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="agenda_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def goal_label(self) -> str:
        """What is asked of the meeting. (Django's own makes a table of all goals each time.)"""
        return str(Goal(self.goal).label)


class NotesRevision(RenderedText):
    """The whole text of the notes as saved once; a clash of numbers is a conflict of two writers."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="notes")
    number = models.PositiveIntegerField()
    source = models.TextField()
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="notes_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, notes {self.number}"


class KeptText(models.Model):
    """Notes that met another's save: kept until their author chooses, and in the history for good."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="kept_texts")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    base_number = models.PositiveIntegerField()
    source = models.TextField()
    outcome = models.CharField(max_length=16, choices=TextOutcome.choices, default=TextOutcome.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "author"],
                condition=Q(outcome="open"),
                name="kept_text_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, kept from {self.author}"


class Correction(models.Model):
    """What somebody says is wrong in the minutes: asked for in the draft, or noted after approval."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=8, choices=CorrectionKind.choices)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("what is to be corrected"), max_length=2000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.meeting}, correction"


class CalendarFeed(models.Model):
    """The secret part of a person's calendar address; a new key makes the old address a 404."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Calendar of {self.person}"


class Attendance(models.Model):
    """A person said it would come, or was there, on behalf of the organization of that day."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=16, choices=AttendanceState.choices)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"
