"""Ballots: a question, who may vote on it, what they voted, and what happened to it."""

import hashlib
from datetime import datetime
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access.content import GrantedBy
from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.decisions.choices import (
    TITLE_MAX_CHARACTERS,
    BallotEvent,
    BallotResult,
    BallotState,
    Position,
    RollRole,
)
from workinggroups.decisions.models.decisions import Decision
from workinggroups.decisions.subjects import Subject
from workinggroups.discussion.models import Topic
from workinggroups.groups.content import GroupContent, GroupContentQuerySet
from workinggroups.groups.models import CharterVersion
from workinggroups.groups.voting_rules import VotingRules


class BallotQuerySet(GroupContentQuerySet["Ballot"]):
    def open(self) -> Self:
        """Ballots in which a vote counts now, by the database's clock."""
        return self.filter(state=BallotState.OPEN, closes_at__gt=Now())

    def pending(self) -> Self:
        """Ballots on which something waits: announced, open, or closed without a stated result."""
        return self.filter(state__in=[BallotState.ANNOUNCED, BallotState.OPEN, BallotState.CLOSED])

    def due_to_close(self) -> Self:
        return self.filter(state=BallotState.OPEN, closes_at__lte=Now())

    def about(self, subject: Subject) -> Self:
        """Ballots on exactly this text, with the same checksum."""
        return self.filter(
            subject_kind=subject.kind, subject_uuid=subject.uuid, subject_sha256=subject.sha256
        )

    def latest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Ballot(RenderedText, GroupContent):
    """A question that the group decides by votes, by the rules that its charter had at the opening.

    The state table is `workinggroups/decisions/ballot_states.py`. From the opening on a trigger
    fixes the question, the rules and the roll; a vote counts only while the ballot is open by the
    database's clock.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.PositiveIntegerField()
    title = models.CharField(_("the question in one sentence"), max_length=TITLE_MAX_CHARACTERS)
    source = models.TextField(_("text and reasons"), blank=True)
    html = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=BallotState.choices, default=BallotState.DRAFT)
    # The rules of the charter in force when the ballot was announced, or opened unannounced.
    rules_json = models.JSONField(default=dict)
    charter = models.ForeignKey(
        CharterVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What follows when it passes: this draft comes into force, or this text is approved.
    charter_version = models.ForeignKey(
        CharterVersion, models.PROTECT, null=True, blank=True, related_name="ballots"
    )
    subject_kind = models.CharField(max_length=32, blank=True)
    subject_uuid = models.UUIDField(null=True, blank=True)
    subject_sha256 = models.CharField(max_length=64, blank=True)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="ballots")
    open_days = models.PositiveSmallIntegerField(_("days open"))
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(default=timezone.now)
    announced_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closes_at = models.DateTimeField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=16, choices=BallotResult.choices, blank=True)
    stated_at = models.DateTimeField(null=True, blank=True)
    stated_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    statement = models.TextField(_("the result in words"), blank=True, max_length=4000)
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="ballot"
    )

    objects = BallotQuerySet.as_manager()
    granted_by = (GrantedBy("ballot"),)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="ballot_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "announced", "void"])
                | Q(opened_at__isnull=False, closes_at__gt=models.F("opened_at")),
                name="ballot_opened_has_times",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "stated"]) | Q(closed_at__isnull=False),
                name="ballot_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="stated", stated_at__isnull=False, decision__isnull=False)
                | ~Q(state="stated") & Q(stated_at__isnull=True, decision__isnull=True),
                name="ballot_stated_has_a_decision",
            ),
            models.UniqueConstraint(
                fields=["charter_version"],
                condition=Q(state__in=["announced", "open", "closed"]),
                name="ballot_once_a_charter",
            ),
            models.UniqueConstraint(
                fields=["subject_uuid"],
                condition=Q(state__in=["announced", "open", "closed"]),
                name="ballot_once_a_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "-created_at"], name="ballot_of_group"),
            models.Index(fields=["closes_at"], name="ballot_closing", condition=Q(state="open")),
            models.Index(fields=["subject_uuid"], name="ballot_subject"),
        ]

    def __str__(self) -> str:
        return f"B-{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the address of the group's register; ballots have no pages of their own yet."""
        return reverse("decisions", args=[self.group.slug])

    @property
    def rules(self) -> VotingRules:
        return VotingRules.from_json(self.rules_json)

    @property
    def question_sha256(self) -> str:
        """Return the checksum of the question, its text, and how long it is open."""
        words = [self.title, self.source, str(self.open_days)]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()

    @property
    def granted_objects(self) -> list[tuple[str, UUID]]:
        """Return what those on the roll can read while it is open, by kind and id."""
        objects = [("ballot", self.uuid)]
        if self.charter_version:
            objects.append(("charter_version", self.charter_version.uuid))
        if self.subject_uuid:
            objects.append((self.subject_kind, self.subject_uuid))
        if self.topic:
            objects.append(("topic", self.topic.uuid))
        return objects

    @property
    def subject(self) -> Subject | None:
        """Return the text that it approves, if it is about one."""
        if self.subject_uuid is None:
            return None
        return Subject(self.subject_kind, self.subject_uuid, self.subject_sha256)

    def is_over(self, now: datetime) -> bool:
        """Whether its closing time has passed, though the periodic task may not have closed it."""
        return self.closes_at is not None and self.closes_at <= now


class BallotStep(models.Model):
    """One event of a ballot's life, with who did it and why; shown on its page, never changed."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="steps")
    event = models.CharField(max_length=16, choices=BallotEvent.choices)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True, max_length=2000)
    closes_at = models.DateTimeField(null=True, blank=True)  # after opening and extending

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.ballot}: {self.get_event_display()}"


class RollEntryQuerySet(models.QuerySet["RollEntry"]):
    def counting(self) -> Self:
        """Entries that belong to the base: neither stepped out nor lapsed."""
        return self.filter(recused_at__isnull=True, lapsed_at__isnull=True)

    def without_vote(self) -> Self:
        """Entries of the base that have no vote yet."""
        votes = Vote.objects.counted().filter(entry=models.OuterRef("pk"))
        return self.counting().filter(~models.Exists(votes))


class RollEntry(models.Model):
    """One organization, group of related organizations, or person that has a vote in a ballot.

    Copied when the ballot opens, and fixed but for stepping out and lapsing.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="roll")
    position = models.PositiveIntegerField()
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)  # of the organization or the person, at the opening
    # The topmost related organization, by which votes are capped or counted once; else its own uuid.
    related_uuid = models.UUIDField()
    related_names = ArrayField(models.CharField(max_length=200), default=list)
    kind = models.CharField(max_length=16, blank=True)  # of the organization: company, university …
    country = models.CharField(max_length=2, blank=True)
    category = models.CharField(max_length=32, blank=True)  # interest category
    agreements = ArrayField(models.CharField(max_length=40), default=list)  # accepted: "conduct:3"
    is_attending = models.BooleanField(default=False)  # counts for a quorum of those who attend
    recused_at = models.DateTimeField(null=True, blank=True)
    recused_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    recusal_reason = models.TextField(blank=True, max_length=1000)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    objects = RollEntryQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "position"], name="roll_position_once"),
            models.UniqueConstraint(
                fields=["ballot", "organization"],
                name="roll_organization_once",
                condition=Q(person__isnull=True),
            ),
            models.UniqueConstraint(fields=["ballot", "person"], name="roll_person_once"),
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | Q(person__isnull=False),
                name="roll_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RollPerson(models.Model):
    """A person who can vote for an entry of the roll, in the order in which they speak for it.

    Rows are added when an organization hands on after the opening, never removed: whether a person
    can vote is asked of their affiliation at that moment.
    """

    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=16, choices=RollRole.choices)
    position = models.PositiveIntegerField()
    affiliation_title = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "person"], name="roll_person_once_an_entry")
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.entry}"


class VoteQuerySet(models.QuerySet["Vote"]):
    def counted(self) -> Self:
        """The one vote of each entry that counts: not replaced by a later one."""
        return self.filter(superseded_at__isnull=True)


class Vote(models.Model):
    """What an entry of the roll voted. Never edited: a later vote of the entry replaces it.

    Copies who voted and in which capacity, since people change employers. The reason belongs to
    whoever wrote it and stays when the vote is replaced.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="votes")
    position = models.CharField(_("position"), max_length=16, choices=Position.choices)
    reason = models.TextField(_("reason"), blank=True, max_length=4000)
    cast_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=RollRole.choices)
    affiliation_title = models.CharField(max_length=120, blank=True)
    cast_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = VoteQuerySet.as_manager()

    class Meta:
        ordering = ["cast_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(superseded_at__isnull=True),
                name="vote_counted_once",
            ),
        ]
        indexes = [models.Index(fields=["ballot"], name="vote_of_ballot")]

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_position_display()}"
