"""How an organization comes in: its application, the checklist, the agreements, the invitations."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.names import LookedUpByName
from common.text.rendered import RenderedText
from common.times import has_passed
from members.onboarding.choices import (
    AgreementKind,
    ApplicationState,
    Check,
    CheckState,
    InvitationRole,
    InvitationState,
    MatchOutcome,
)
from members.onboarding.querysets import (
    AgreementVersionQuerySet,
    ApplicationQuerySet,
    InvitationQuerySet,
)
from members.organizations.choices import Kind
from members.organizations.models import Organization
from members.people.models import Person

DECIDED = [ApplicationState.APPROVED, ApplicationState.JOINED, ApplicationState.REJECTED]


class Application(LookedUpByName):
    """An organization asks to become a member; decided once, by somebody outside it.

    While it is being written, any answer may still be missing; `forms.STEPS` says what a complete
    one has. `interests` holds the slugs of groups: groups live on a higher floor, so they are
    named here and offered by `registry.interest_choices`, which that floor fills.
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
    country = models.CharField(_("country of seat"), max_length=2)
    website = models.URLField(_("website"), blank=True)
    domains = models.TextField(_("mail domains"), blank=True, max_length=1000)
    parent = models.CharField(_("parent organization"), max_length=200, blank=True)
    purpose = models.TextField(_("why you want to join"), max_length=4000)
    interests = ArrayField(models.SlugField(max_length=80), default=list, blank=True)
    representative_name = models.CharField(_("full name"), max_length=120)
    representative_title = models.CharField(_("role"), max_length=120, blank=True)
    representative_email = models.EmailField(_("work e-mail"))
    alternate_name = models.CharField(_("full name"), max_length=120, blank=True)
    alternate_email = models.EmailField(_("work e-mail"), blank=True)
    shows_representatives = models.BooleanField(default=False)
    signatory_name = models.CharField(_("full name"), max_length=120)
    signatory_title = models.CharField(_("role"), max_length=120, blank=True)
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
        """Where its applicant reads it; staff work at `staff-application`."""
        return reverse("application", args=[self.uuid])

    def lines_of(self, field: str) -> list[str]:
        """The entries of a field that takes one a line (other names, domains)."""
        return [line.strip() for line in getattr(self, field).splitlines() if line.strip()]


class ApplicationCheck(models.Model):
    """One line of the checklist of an application: what, who, until when, done by whom."""

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
    """A remark of staff on an application; nobody else ever sees it."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="notes")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField(_("note"), max_length=4000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text[:60]


class ApplicationMatch(models.Model):
    """What staff decided about an application and one organization that looked like it."""

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


class AgreementVersion(RenderedText):
    """One text of an agreement, numbered; fixed, with its checksum, once it is in force.

    The database refuses to change or remove a version in force (migration 0002).
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    kind = models.CharField(_("agreement"), max_length=16, choices=AgreementKind.choices)
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=160)
    source = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64)
    drafted_at = models.DateTimeField(default=timezone.now)
    in_force_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementVersionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(in_force_at__isnull=True),
                name="agreement_one_draft_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {_('version')} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("agreement-version", args=[self.kind, self.number])


class Acceptance(models.Model):
    """Somebody accepted one version of an agreement, for themselves or for an organization.

    It has lapsed when the membership it was given for has ended and another one begins.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="acceptances")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="acceptances"
    )
    signatory_name = models.CharField(_("name"), max_length=120)
    signatory_title = models.CharField(_("role"), max_length=120, blank=True)
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    accepted_at = models.DateTimeField(default=timezone.now)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-accepted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person"],
                condition=Q(organization__isnull=True),
                name="acceptance_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["version", "organization"],
                condition=Q(organization__isnull=False, lapsed_at__isnull=True),
                name="acceptance_once_an_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signatory_name}: {self.version}"


class Invitation(models.Model):
    """A person not yet known is asked in: bound to address, organization, role and a last day.

    The secret of its link is kept as a digest; the link opens nothing without the address.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="invitations")
    address = models.EmailField(_("work e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    title = models.CharField(_("role there"), max_length=120, blank=True)
    role = models.CharField(_("as"), max_length=16, choices=InvitationRole.choices)
    state = models.CharField(
        max_length=16, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                "organization",
                "role",
                condition=Q(state="open"),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_by__isnull=False)
                | (~Q(state="accepted") & Q(accepted_by__isnull=True)),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.organization}"

    @property
    def is_lapsed(self) -> bool:
        return self.state == InvitationState.OPEN and has_passed(self.expires_at)


class AddressProof(models.Model):
    """Somebody says an address is theirs; a mailed code that comes back proves it."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    address = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    code_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    wrong_attempts = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.address
