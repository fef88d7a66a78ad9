"""The texts of a group's charter."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.constraints import once_at_a_time
from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.people.models import Person
from workinggroups.groups.choices import (
    CORRECTION_MAX_DAYS,
    FORM_TEXT,
    FORM_WITH_MINUTES_RULE,
    FORM_WITH_VOTING_RULES,
    NOTICE_MAX_DAYS,
    QUORUM_MAX,
    CharterState,
    MinutesRule,
    Quorum,
)
from workinggroups.groups.rules import Rules, charter_checksum
from workinggroups.groups.voting_rules import VotingRules, default_voting


class CharterVersionQuerySet(models.QuerySet["CharterVersion"]):
    def adopted(self) -> Self:
        return self.filter(state=CharterState.ADOPTED)

    def in_force(self) -> Self:
        return self.adopted().filter(during__contains=Now())

    def in_force_at(self, moment: datetime | Combinable) -> Self:
        return self.adopted().filter(during__contains=moment)


class CharterVersion(RenderedText):
    """One text of a group's charter with its rules; at most one is in force at any moment.

    A trigger fixes text and rules from the adoption on. `form` says what the checksum covers.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="charters")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=16, choices=CharterState.choices, default=CharterState.DRAFT
    )
    source = models.TextField()
    quorum = models.CharField(
        _("quorum"), max_length=16, choices=Quorum.choices, default=Quorum.NONE
    )
    quorum_number = models.PositiveSmallIntegerField(
        _("organizations for a quorum"), null=True, blank=True
    )
    notice_days = models.PositiveSmallIntegerField(
        _("notice period in days"), null=True, blank=True
    )
    correction_days = models.PositiveSmallIntegerField(
        _("days for corrections"), null=True, blank=True
    )
    minutes_rule = models.CharField(
        _("approval of minutes"),
        max_length=16,
        choices=MinutesRule.choices,
        default=MinutesRule.NONE,
    )
    voting = models.JSONField(_("rules of voting"), default=default_voting, blank=True)
    form = models.PositiveSmallIntegerField(default=FORM_WITH_VOTING_RULES, editable=False)
    expires_on = models.DateField(_("in force until"), null=True, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(default=timezone.now)
    adopted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    during = DateTimeRangeField(null=True, blank=True)

    objects = CharterVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="charter_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", during__isnull=True)
                | Q(state="adopted", during__isnull=False),
                name="charter_adopted_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    quorum=Quorum.NUMBER,
                    quorum_number__isnull=False,
                    quorum_number__range=(1, QUORUM_MAX),
                )
                | ~Q(quorum=Quorum.NUMBER) & Q(quorum_number__isnull=True),
                name="charter_quorum_number",
            ),
            models.CheckConstraint(
                condition=Q(notice_days__isnull=True) | Q(notice_days__range=(1, NOTICE_MAX_DAYS)),
                name="charter_notice_days",
            ),
            models.CheckConstraint(
                condition=Q(correction_days__isnull=True)
                | Q(correction_days__lte=CORRECTION_MAX_DAYS),
                name="charter_correction_days",
            ),
            models.CheckConstraint(
                condition=~Q(form=FORM_TEXT)
                | Q(quorum=Quorum.NONE, notice_days__isnull=True, correction_days__isnull=True),
                name="charter_of_text_has_no_rules",
            ),
            models.CheckConstraint(
                condition=Q(minutes_rule=MinutesRule.NONE) | Q(form__gte=FORM_WITH_MINUTES_RULE),
                name="charter_of_older_form_has_no_minutes_rule",
            ),
            models.CheckConstraint(
                condition=Q(form__lt=FORM_WITH_VOTING_RULES, voting={})
                | ~Q(voting={}) & Q(form__gte=FORM_WITH_VOTING_RULES),
                name="charter_of_older_form_has_no_voting_rules",
            ),
            models.CheckConstraint(
                condition=~Q(minutes_rule=MinutesRule.BY_RULE)
                | Q(correction_days__isnull=False, correction_days__gte=1),
                name="charter_minutes_by_rule_after_corrections",
            ),
            once_at_a_time("charter_one_in_force", "group", condition=Q(state="adopted")),
        ]

    def __str__(self) -> str:
        return f"{self.group}, charter {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("group-charter-version", args=[self.group.slug, self.number])

    @property
    def rules(self) -> Rules:
        return Rules(
            quorum=self.quorum,
            quorum_number=self.quorum_number,
            notice_days=self.notice_days,
            correction_days=self.correction_days,
            minutes_rule=self.minutes_rule,
            voting=VotingRules.from_json(self.voting),
        )

    @property
    def says_how_to_vote(self) -> bool:
        """Return whether it was adopted with rules of voting; before, the default ones apply."""
        return self.form >= FORM_WITH_VOTING_RULES

    @property
    def checksum(self) -> str:
        """Return the SHA-256 that the record keeps of this version once it is adopted."""
        return charter_checksum(self.source, self.rules, self.form)
