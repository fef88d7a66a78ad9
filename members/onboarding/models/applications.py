"""The application of an organization, and what staff check, note and decide about it."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.identifiers import new_uuid
from common.names import LookedUpByName
from members.onboarding.choices import (
    LATE_AFTER,
    UNDECIDED,
    ApplicationState,
    Check,
    CheckState,
    MatchOutcome,
)
from members.organizations.choices import Kind
from members.organizations.models import Membership, Organization
from members.people.models import Person

DECIDED = [ApplicationState.APPROVED, ApplicationState.JOINED, ApplicationState.REJECTED]


def awaits_signature() -> Q:
    """Whether an application is approved and its organization's agreements are not accepted yet."""
    waiting = Membership.objects.awaiting().filter(organization=OuterRef("organization"))
    return Q(Exists(waiting), state=ApplicationState.APPROVED)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Staff see what was sent; applicants see their own, also before sending."""
        if viewer.person_id is None:
            return self.none()
        own = Q(applicant_id=viewer.person_id)
        if viewer.is_staff:
            return self.filter(own | Q(received_at__isnull=False))
        return self.filter(own)

    def sent(self) -> Self:
        return self.filter(received_at__isnull=False)

    def undecided(self) -> Self:
        return self.filter(state__in=UNDECIDED)

    def awaiting_signature(self) -> Self:
        """Approved applications whose organization has not accepted the agreements yet."""
        return self.filter(awaits_signature())

    def under_way(self) -> Self:
        """Applications that wait for a decision or for a signature."""
        return self.sent().filter(
            Q(pk__in=self.undecided().values("pk"))
            | Q(pk__in=self.awaiting_signature().values("pk"))
        )

    def late(self) -> Self:
        """Undecided, or approved and not signed, for longer than `LATE_AFTER`."""
        since = timezone.now() - LATE_AFTER
        return self.under_way().filter(
            Q(decided_at__isnull=True, received_at__lt=since) | Q(decided_at__lt=since)
        )


class Application(LookedUpByName):
    """An organization asks to become a member; staff not named in it decide, once.

    A draft can lack any answer; `forms.steps.STEPS` says what a complete application has.
    `interests` holds slugs of groups, since groups are in a higher layer, which offers them
    through `registry.interest_choices`.
    """

    looked_up_by = ("name", "legal_name")

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.CharField(max_length=12, unique=True, null=True, blank=True)
    state = models.CharField(
        max_length=16, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="applications")
    name = models.CharField(_("short name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=200)
    other_names = models.TextField(_("other names"), blank=True, max_length=1000)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    sector = models.CharField(_("sector"), max_length=80, blank=True)
    country = models.CharField(_("country (registered office)"), max_length=2)
    website = models.URLField(_("website"), blank=True)
    domains = models.TextField(_("e-mail domains"), blank=True, max_length=1000)
    parent = models.CharField(_("parent organization"), max_length=200, blank=True)
    purpose = models.TextField(_("why you want to join"), max_length=4000)
    interests = ArrayField(models.SlugField(max_length=80), default=list, blank=True)
    representative_name = models.CharField(_("full name"), max_length=120)
    representative_title = models.CharField(_("position"), max_length=120, blank=True)
    representative_email = models.EmailField(_("work e-mail"))
    alternate_name = models.CharField(_("full name"), max_length=120, blank=True)
    alternate_email = models.EmailField(_("work e-mail"), blank=True)
    shows_representatives = models.BooleanField(default=False)
    signatory_name = models.CharField(_("full name"), max_length=120)
    signatory_title = models.CharField(_("position"), max_length=120, blank=True)
    signatory_email = models.EmailField(_("work e-mail"))
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="applications_in_charge"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="applications_decided"
    )
    decision_reason = models.TextField(blank=True, max_length=2000)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="application_decided_with_who_and_when",
                condition=Q(state__in=DECIDED, decided_at__isnull=False, decided_by__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True, decided_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="application_not_decided_by_its_applicant",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("applicant")),
            ),
            models.CheckConstraint(
                name="application_sent_with_number_and_when",
                condition=Q(number__isnull=True, received_at__isnull=True)
                | Q(number__isnull=False, received_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "received_at"], name="application_queue")]

    def __str__(self) -> str:
        return self.name or self.legal_name or str(_("New application"))

    def get_absolute_url(self) -> str:
        """Return the page of the applicant; staff use `staff-application`."""
        return reverse("application", args=[self.uuid])

    @property
    def names(self) -> list[str]:
        """The short, legal and other names."""
        return [self.name, self.legal_name, *self.lines_of("other_names")]

    def lines_of(self, field: str) -> list[str]:
        """Return the entries of a field with one entry per line (other names, domains)."""
        return [line.strip() for line in getattr(self, field).splitlines() if line.strip()]


class ApplicationCheck(models.Model):
    """One item of an application's checklist, with its owner, its due day and who completed it."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="checks")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=32, choices=Check.choices)
    state = models.CharField(max_length=16, choices=CheckState.choices, default=CheckState.OPEN)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "code"], name="application_check_once")
        ]

    def __str__(self) -> str:
        return str(self.get_code_display())


class ApplicationNote(models.Model):
    """A note of staff about an application, which only staff see."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="notes")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField(_("note"), max_length=4000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text[:60]


class ApplicationMatch(models.Model):
    """How an organization that looks like the applicant relates to it, as staff decided."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="matches")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=MatchOutcome.choices)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organization"], name="application_match_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application}, {self.organization}: {self.get_outcome_display()}"
