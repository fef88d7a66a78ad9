"""What pages show of onboarding, each with a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import Viewer
from common.names import name_contains
from members.onboarding.choices import (
    FOR_ORGANIZATIONS,
    LATE_AFTER,
    UNDECIDED,
    AgreementKind,
    ApplicationState,
    Check,
    CheckState,
    InvitationRole,
    InvitationState,
)
from members.onboarding.forms.steps import STEPS
from members.onboarding.models import (
    Acceptance,
    AgreementVersion,
    Application,
    ApplicationCheck,
    Invitation,
)
from members.onboarding.models.applications import awaits_signature
from members.organizations.models import Affiliation, Membership, Organization
from members.people.models import Person


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many applications are at each stage, and how many of them are late."""

    received: int
    received_late: int
    screening: int
    screening_late: int
    awaiting: int
    awaiting_late: int
    welcomed: int  # became members in the last 30 days
    declined: int  # or joined to a member, in the last 30 days
    median_days: int | None  # from arrival to membership, over the last 50

    @property
    def late(self) -> int:
        return self.received_late + self.screening_late + self.awaiting_late


def funnel() -> Funnel:
    """Count the applications at each stage, in three queries."""
    now = timezone.now()
    late = Q(received_at__lt=now - LATE_AFTER)
    is_recent = Q(decided_at__gt=now - timedelta(days=30))
    received = Q(state=ApplicationState.RECEIVED)
    screening = Q(state=ApplicationState.SCREENING)
    awaiting = awaits_signature()
    ended = Q(state__in=[ApplicationState.REJECTED, ApplicationState.JOINED])
    counts = Application.objects.sent().aggregate(
        received=Count("pk", filter=received),
        received_late=Count("pk", filter=received & late),
        screening=Count("pk", filter=screening),
        screening_late=Count("pk", filter=screening & late),
        awaiting=Count("pk", filter=awaiting),
        awaiting_late=Count("pk", filter=awaiting & Q(decided_at__lt=now - LATE_AFTER)),
        declined=Count("pk", filter=ended & is_recent),
    )
    approved = Application.objects.filter(
        organization=OuterRef("organization"),
        state=ApplicationState.APPROVED,
        received_at__lte=OuterRef("accepted_at"),
    ).order_by("-received_at")
    signed = (
        Acceptance.objects.filter(version__kind=AgreementKind.MEMBERSHIP)
        .annotate(arrived_at=Subquery(approved.values("received_at")[:1]))
        .filter(arrived_at__isnull=False)
        .order_by("-accepted_at")
        .values_list("accepted_at", "arrived_at")
    )
    times = list(signed[:50])
    welcomed = signed.filter(accepted_at__gt=now - timedelta(days=30)).count()
    days = [(accepted - arrived).days for accepted, arrived in times if arrived]
    return Funnel(**counts, welcomed=welcomed, median_days=round(median(days)) if days else None)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One application in the queue, with its next step."""

    application: Application
    state: str  # a key of common.ui.states
    word: str  # replaces the word of that state, unless it is empty
    next_step: str


def queue(*, stage: str, owner: Person | None = None, words: str = "") -> QuerySet[Application]:
    """Return the applications of a stage, the longest waiting first."""
    applications = Application.objects.sent()
    if stage in ("", "open"):
        applications = applications.under_way()
    elif stage == "late":
        applications = applications.late()
    elif stage == "awaiting":
        applications = applications.awaiting_signature()
    else:
        applications = applications.filter(state=stage)
    if owner is not None:
        applications = applications.filter(owner=owner)
    if words:
        applications = applications.filter(name_contains(words) | Q(number__icontains=words))
    return applications.order_by("received_at", "pk")


def queue_rows(applications: Iterable[Application]) -> list[QueueRow]:
    """Return the rows to show, with two queries: checklists and memberships."""
    applications = list(applications)
    open_checks: dict[int, list[ApplicationCheck]] = {}
    checks = ApplicationCheck.objects.filter(application__in=applications, state=CheckState.OPEN)
    for check in checks.order_by("position"):
        open_checks.setdefault(check.application_id, []).append(check)
    organizations = [one.organization_id for one in applications if one.organization_id]
    memberships = Membership.objects.awaiting().filter(organization__in=organizations)
    awaiting = set(memberships.values_list("organization_id", flat=True))
    return [
        _row(one, open_checks.get(one.pk, []), is_awaiting=one.organization_id in awaiting)
        for one in applications
    ]


def _row(
    application: Application, checks: list[ApplicationCheck], *, is_awaiting: bool
) -> QueueRow:
    state = {
        ApplicationState.REJECTED: "declined",
        ApplicationState.JOINED: "accepted",
        ApplicationState.APPROVED: "awaiting" if is_awaiting else "approved",
    }.get(ApplicationState(application.state), application.state)
    word = application.get_state_display() if state in ("accepted", "declined") else ""
    undecided = application.state in UNDECIDED
    if (undecided or is_awaiting) and (days := days_late(application)):
        state, word = "late", _("%(days)d days") % {"days": days}
    step = ""
    if is_awaiting:
        step = str(Check.AGREEMENT_SIGNED.label)
    elif undecided and checks:
        step = str(checks[0])
    return QueueRow(application, state, word, step)


def days_late(application: Application) -> int:
    """Return how many days the application has waited if it is late; else 0."""
    since = application.decided_at or application.received_at
    waited = timezone.now() - since if since else timedelta()
    return waited.days if waited > LATE_AFTER else 0


@dataclass(frozen=True, slots=True)
class BindingAgreement:
    """An agreement in force, and the organization's acceptance of it if there is one."""

    version: AgreementVersion
    acceptance: Acceptance | None


def agreements_of(organization: Organization) -> list[BindingAgreement]:
    """Return the texts in force for organizations, and the acceptances of this one; two queries."""
    in_force = list(AgreementVersion.objects.in_force().filter(kind__in=FOR_ORGANIZATIONS))
    accepted = {
        acceptance.version_id: acceptance
        for acceptance in Acceptance.objects.filter(
            organization=organization, version__in=in_force, lapsed_at__isnull=True
        ).select_related("person")
    }
    return [BindingAgreement(version, accepted.get(version.pk)) for version in in_force]


def earlier_acceptances(organization: Organization) -> list[Acceptance]:
    """Return acceptances of the organization that have lapsed or whose version was replaced."""
    current = list(AgreementVersion.objects.in_force().values_list("pk", flat=True))
    is_over = ~Q(version__in=current) | Q(lapsed_at__isnull=False)
    acceptances = Acceptance.objects.filter(is_over, organization=organization)
    return list(acceptances.select_related("version", "person"))


def texts_due(viewer: Viewer) -> list[AgreementVersion]:
    """Return the texts that an insider still has to accept; one query."""
    if viewer.person_id is None or not viewer.in_alliance:
        return []
    return list(AgreementVersion.objects.due_for_person(viewer.person_id))


@dataclass(frozen=True, slots=True)
class Awaiting:
    """An approved organization whose agreements are not accepted yet."""

    organization: Organization
    is_mine: bool  # the reader signs for it
    signatory: Invitation | None  # of the signatory, open or accepted


def awaiting_agreements(viewer: Viewer) -> list[Awaiting]:
    """Return the viewer's organizations that wait for a signature; two more queries if any.

    Found by affiliation, since an organization that is no member yet gives no access.
    """
    if viewer.person_id is None:
        return []
    belongs = Affiliation.objects.current().filter(
        person=viewer.person_id, organization=OuterRef("pk")
    )
    organizations = list(
        Organization.objects.filter(
            Exists(belongs), memberships__in=Membership.objects.awaiting()
        ).order_by("sort_name", "pk")
    )
    if not organizations:
        return []
    own = Invitation.objects.to_sign(viewer.person_id).filter(organization__in=organizations)
    mine = set(own.values_list("organization_id", flat=True))
    to_sign = Invitation.objects.filter(
        organization__in=organizations, role=InvitationRole.SIGNATORY
    )
    signatories = {
        invitation.organization_id: invitation
        for invitation in to_sign.exclude(state=InvitationState.REVOKED)
        .select_related("accepted_by")
        .order_by("created_at")
    }
    return [Awaiting(one, one.pk in mine, signatories.get(one.pk)) for one in organizations]


def applications_with_staff(viewer: Viewer) -> list[Application]:
    """Return the viewer's undecided applications; no query for an insider."""
    if viewer.person_id is None or viewer.in_alliance:
        return []
    return list(Application.objects.undecided().filter(applicant=viewer.person_id))


def invitations_of(organization: Organization) -> list[Invitation]:
    """Return the open and expired invitations, then the accepted and revoked, newest first."""
    invitations = Invitation.objects.filter(organization=organization)
    people = Prefetch("accepted_by", Person.objects.only("pk", "name", "email", "uuid"))
    rows = list(invitations.select_related("invited_by").prefetch_related(people)[:200])
    rows.sort(key=lambda invitation: invitation.state != "open")
    return rows


def is_awaiting(organization: Organization) -> bool:
    """Return whether the organization's membership waits for a signature."""
    return Membership.objects.awaiting().filter(organization=organization).exists()


def signatory_of(organization: Organization) -> Invitation | None:
    """Return the newest invitation to sign for the organization, open or accepted."""
    invitations = Invitation.objects.filter(organization=organization, role="signatory")
    return invitations.exclude(state="revoked").select_related("accepted_by").first()


def export_person(person: Person) -> dict[str, object]:
    """Return what this app holds about the person, as plain data for the person's own export."""
    return {
        "applications": [
            {
                "number": one.number,
                "organization": one.name,
                "state": one.state,
                "begun_at": one.created_at.isoformat(),
                "answers": {
                    str(label): text for step in STEPS for label, text in step.answers(one) if text
                },
            }
            for one in person.applications.order_by("pk")
        ],
        "accepted_agreements": [
            {
                "text": str(one.version),
                "on_behalf_of": one.organization.name if one.organization else "",
                "as": one.signatory_title,
                "authority": one.authority,
                "at": one.accepted_at.isoformat(),
            }
            for one in person.acceptances.select_related("version", "organization")
        ],
    }
