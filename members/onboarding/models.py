"""How an organization comes in: its application, the checklist, the agreements, the invitations."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from members.onboarding.choices import (
    AgreementKind,
    ApplicationState,
    CheckState,
    InvitationRole,
    InvitationState,
)
from members.onboarding.querysets import (
    AgreementVersionQuerySet,
    ApplicationQuerySet,
    InvitationQuerySet,
)
from members.organizations.choices import Kind
from members.organizations.models import Organization
from members.people.models import Person


class Application(models.Model):
    """An organization asks to become a member; decided once, by somebody outside it."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=16, choices=ApplicationState.choices)
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="applications")
    name = models.CharField(_("short name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=200)
    other_names = models.TextField(_("other names"), blank=True, max_length=1000)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    sector = models.CharField(_("sector"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2)
    website = models.URLField(_("website"), blank=True)
    domains = models.TextField(_("mail domains"), blank=True, max_length=1000)
    parent = models.CharField(_("parent organization"), max_length=200, blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    purpose = models.TextField(_("why it wants to join"), max_length=4000)
    representative_name = models.CharField(_("name"), max_length=120)
    representative_email = models.EmailField(_("work e-mail address"))
    signatory_name = models.CharField(_("name of the signatory"), max_length=120)
    signatory_email = models.EmailField(_("e-mail address of the signatory"))
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="applications_in_charge"
    )
    organization = models.OneToOneField(
        Organization, models.PROTECT, null=True, blank=True, related_name="application"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="applications_decided"
    )
    decision_reason = models.TextField(blank=True, max_length=2000)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="application_decided_with_who_and_when",
                condition=Q(
                    state__in=["approved", "rejected"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | (~Q(state__in=["approved", "rejected"]) & Q(decided_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="application_not_decided_by_its_applicant",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("applicant")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("staff-application", args=[self.number])


class ApplicationCheck(models.Model):
    """One line of the checklist of an application: what, who, until when, done by whom."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="checks")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=32)
    title = models.CharField(max_length=160)
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
        return self.title


class ApplicationNote(models.Model):
    """A remark of staff on an application; nobody else ever sees it."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="notes")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text[:60]


class AgreementVersion(models.Model):
    """One text of an agreement, numbered and fixed by its checksum once in force."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    kind = models.CharField(max_length=16, choices=AgreementKind.choices)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    source = models.TextField()
    html = models.TextField()
    sha256 = models.CharField(max_length=64)
    in_force_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementVersionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="agreement_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class Acceptance(models.Model):
    """Somebody accepted one version of an agreement, for themselves or for an organization."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="acceptances")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="acceptances"
    )
    signatory_name = models.CharField(max_length=120)
    signatory_title = models.CharField(max_length=120, blank=True)
    authority = models.CharField(
        max_length=200, blank=True, help_text=_("What entitles the signatory to sign.")
    )
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person", "organization"],
                nulls_distinct=False,
                name="acceptance_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.signatory_name}: {self.version}"


class Invitation(models.Model):
    """A person not yet known is asked in: bound to address, organization, role and a last day."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="invitations")
    address = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=InvitationRole.choices)
    state = models.CharField(max_length=16, choices=InvitationState.choices, default="open")
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
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} to {self.organization}"
