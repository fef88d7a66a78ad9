"""The register of a group's decisions, each with its method, its counts and its text."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.people.models import Person
from workinggroups.decisions.choices import (
    REASON_MAX_CHARACTERS,
    TITLE_MAX_CHARACTERS,
    DecisionState,
    Method,
    Outcome,
    Unit,
)
from workinggroups.decisions.subjects import Subject
from workinggroups.decisions.tally import Tally
from workinggroups.groups.content import GroupContent, GroupContentQuerySet
from workinggroups.groups.models import CharterVersion
from workinggroups.meetings.models import Meeting


class DecisionQuerySet(GroupContentQuerySet["Decision"]):
    def standing(self) -> Self:
        """Return decisions in force: adopted, and neither superseded nor rescinded."""
        return self.filter(state=DecisionState.STANDING)

    def latest_first(self) -> Self:
        return self.order_by("-decided_on", "-pk")

    def about(self, kind: str, uuid: UUID) -> Self:
        """Return decisions on this subject, whatever its words were then."""
        return self.filter(subject_kind=kind, subject_uuid=uuid)

    def on(self, subject: Subject) -> Self:
        """Return decisions on exactly this text, with the same checksum."""
        return self.about(subject.kind, subject.uuid).filter(subject_sha256=subject.sha256)


class Decision(RenderedText, GroupContent):
    """A decision of the group. Never edited: a later decision supersedes or rescinds it.

    A proposal that the group rejected is a decision too; its title reads as the proposal did.

    A decision about one exact text names it by `subject_kind`, `subject_uuid` and the SHA-256 of
    the text, so that an approval never counts for other words.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.PositiveIntegerField()
    title = models.CharField(_("the decision in one sentence"), max_length=TITLE_MAX_CHARACTERS)
    source = models.TextField(_("text and reasons"), blank=True)
    html = models.TextField(blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=16, choices=Outcome.choices, default=Outcome.ADOPTED
    )
    method = models.CharField(_("method"), max_length=24, choices=Method.choices)
    votes_for = models.PositiveIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveIntegerField(_("against"), null=True, blank=True)
    abstentions = models.PositiveIntegerField(_("abstained"), null=True, blank=True)
    # What the counts count; empty without counts, and where nobody said.
    unit = models.CharField(_("counted"), max_length=16, choices=Unit.choices, blank=True)
    dissent = models.TextField(_("who disagreed, and why"), blank=True, max_length=4000)
    state = models.CharField(
        max_length=16, choices=DecisionState.choices, default=DecisionState.STANDING
    )
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    # The day that the person named, which every reader sees, and a moment of it for programs.
    decided_on = models.DateField(_("decided on"))
    decided_at = models.DateTimeField(_("decided"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    charter_version = models.OneToOneField(
        CharterVersion, models.PROTECT, null=True, blank=True, related_name="decision"
    )
    subject_kind = models.CharField(max_length=32, blank=True)
    subject_uuid = models.UUIDField(null=True, blank=True)
    subject_sha256 = models.CharField(max_length=64, blank=True)
    # The last day of the review that this approval ended early, and why.
    early_until = models.DateField(null=True, blank=True)
    early_reason = models.TextField(blank=True, max_length=REASON_MAX_CHARACTERS)
    source_line = models.CharField(max_length=32, blank=True)
    # Typed by an officer, not counted here.
    is_by_hand = models.BooleanField(default=True)
    # Nobody for a ballot whose result was stated by rule.
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(votes_for__isnull=True, votes_against__isnull=True)
                | Q(votes_for__isnull=False, votes_against__isnull=False),
                name="decision_counts_together",
            ),
            models.CheckConstraint(
                condition=~Q(method__in=["majority", "two_thirds"]) | Q(votes_for__isnull=False),
                name="decision_by_vote_has_counts",
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome="rejected",
                    state="rejected",
                    charter_version__isnull=True,
                    replaced_by__isnull=True,
                )
                | (Q(outcome="adopted") & ~Q(state="rejected")),
                name="decision_rejected_is_never_in_force",
            ),
            models.CheckConstraint(
                condition=Q(unit="") | Q(votes_for__isnull=False), name="decision_unit_of_counts"
            ),
            models.CheckConstraint(
                condition=Q(early_until__isnull=True, early_reason="")
                | (Q(early_until__isnull=False, outcome="adopted") & ~Q(early_reason="")),
                name="decision_early_with_reason",
            ),
            models.UniqueConstraint(
                fields=["meeting", "source_line"],
                condition=~Q(source_line=""),
                name="decision_once_per_line",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "-decided_on", "-number"], name="decision_of_group"),
            models.Index(fields=["subject_uuid"], name="decision_subject"),
        ]

    def __str__(self) -> str:
        if self.is_rejected:
            return gettext("D-%(number)d %(title)s (rejected)") % {
                "number": self.number,
                "title": self.title,
            }
        return f"D-{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("decision", args=[self.group.slug, self.number])

    @property
    def tally(self) -> Tally:
        return Tally(self.votes_for, self.votes_against, self.abstentions, self.unit)

    @property
    def is_rejected(self) -> bool:
        return self.outcome == Outcome.REJECTED
