"""Polls for a time: the times proposed for a meeting or a series, and who can meet when."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import days
from common.identifiers import new_uuid
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.content import GroupContent, GroupContentQuerySet
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    POLL_NOTE_MAX_CHARACTERS,
    REPEATING,
    SERIES_MAX_INTERVAL,
    Availability,
    PollState,
)
from workinggroups.meetings.models.meetings import Meeting
from workinggroups.meetings.models.series import MeetingSeries
from workinggroups.meetings.recurrence import Recurrence


class TimePollQuerySet(GroupContentQuerySet["TimePoll"]):
    def open(self) -> Self:
        """Return polls of which no time is chosen yet, the first to be answered first."""
        return self.filter(state=PollState.OPEN).order_by("answers_due_on", "pk")

    def latest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def unanswered_by(self, person_id: int | None) -> Self:
        """Return polls to which this person has given no answer at all."""
        answered = OptionAnswer.objects.filter(person=person_id)
        return self.exclude(pk__in=answered.values("option__poll"))


class TimePoll(GroupContent):
    """Officers ask the group which of some times suits; one that suits becomes a meeting or a series.

    Only the people of the group read it, also in a group whose work the alliance reads: it shows when
    its people are free. Of a poll for a series, which has a `frequency`, each proposed time is that
    of the first meeting. Answers are asked for until `answers_due_on`, and accepted until an officer
    chooses.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    title = models.CharField(_("title"), max_length=160)
    note = models.TextField(_("note"), blank=True, max_length=POLL_NOTE_MAX_CHARACTERS)
    zone = models.CharField(_("time zone"), max_length=64)
    duration_minutes = models.PositiveSmallIntegerField(_("length in minutes"))
    # Of a poll for a series, as in MeetingSeries.
    frequency = models.CharField(max_length=16, choices=REPEATING, blank=True)
    interval = models.PositiveSmallIntegerField(default=1)
    until = models.DateField(null=True, blank=True)
    answers_due_on = models.DateField()
    state = models.CharField(max_length=16, choices=PollState.choices, default=PollState.OPEN)
    # What came of it; of a rotation of several series, the first.
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="polls", db_index=False
    )
    series = models.ForeignKey(
        MeetingSeries, models.PROTECT, null=True, blank=True, related_name="polls", db_index=False
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    # Annotated for notifications.
    option_count: int
    # Set where a list shows what a reader has answered.
    is_answered: bool

    objects = TimePollQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=1, duration_minutes__lte=MEETING_MAX_MINUTES),
                name="poll_meeting_at_most_a_day",
            ),
            models.CheckConstraint(
                condition=Q(interval__gte=1, interval__lte=SERIES_MAX_INTERVAL),
                name="poll_interval",
            ),
            models.CheckConstraint(
                condition=Q(state="decided", meeting__isnull=False, series__isnull=True)
                | Q(state="decided", meeting__isnull=True, series__isnull=False)
                | ~Q(state="decided") & Q(meeting__isnull=True, series__isnull=True),
                name="poll_decided_becomes_a_meeting_or_a_series",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False),
                name="poll_open_until_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "-created_at"], name="poll_of_group"),
            models.Index(
                fields=["answers_due_on"], condition=Q(state="open"), name="poll_open_by_day"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("poll", args=[self.group.slug, self.uuid])

    @property
    def is_open(self) -> bool:
        return self.state == PollState.OPEN

    @property
    def is_for_series(self) -> bool:
        return bool(self.frequency)

    @property
    def is_overdue(self) -> bool:
        """Tell whether the day by which answers are asked for is over everywhere."""
        return self.is_open and days.is_over(self.answers_due_on)

    def recurrence_from(self, first: date) -> Recurrence:
        """Return the rule of the series that would begin on this day."""
        return Recurrence(
            first=first, frequency=self.frequency, interval=self.interval, until=self.until
        )


class TimeOption(models.Model):
    """A time that a poll proposes, by the clocks of the poll's zone."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    poll = models.ForeignKey(TimePoll, models.PROTECT, related_name="options")
    local_date = models.DateField()
    local_time = models.TimeField()
    starts_at = models.DateTimeField()
    is_chosen = models.BooleanField(default=False)

    # Set where the API shows it: how many gave each answer, and the reader's own.
    yes: int
    if_needed: int
    no: int
    own_answer: str

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "starts_at"], name="time_proposed_once")
        ]

    def __str__(self) -> str:
        return f"{self.local_date} {self.local_time:%H:%M}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.poll.duration_minutes)

    @property
    def has_passed(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def local_start(self) -> tuple[date, time]:
        return self.local_date, self.local_time


class OptionAnswer(models.Model):
    """Whether a person can meet at a proposed time, with the organization they acted for."""

    option = models.ForeignKey(TimeOption, models.PROTECT, related_name="answers", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(max_length=16, choices=Availability.choices)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["option", "person"], name="option_answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_answer_display()}"
