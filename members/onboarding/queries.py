"""What pages of this and higher rooms show of the way in, each with a fixed number of queries."""

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
from members.organizations.choices import MembershipStatus
from members.organizations.models import Affiliation, Membership, Organization
from members.people.models import Person


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many applications stand where, and how many of them too long."""

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
    """Three queries, whatever the number of applications."""
    now = timezone.now()
    late = Q(received_at__lt=now - LATE_AFTER)
    lately = Q(decided_at__gt=now - timedelta(days=30))
    received, screening = (
        Q(state=ApplicationState.RECEIVED),
        Q(state=ApplicationState.SCREENING),
    )
    waits = Q(
        Exists(
            Membership.objects.current().filter(
                organization=OuterRef("organization"), status=MembershipStatus.AWAITING
            )
        ),
        state=ApplicationState.APPROVED,
    )
    ended = Q(state__in=[ApplicationState.REJECTED, ApplicationState.JOINED])
    counts = Application.objects.sent().aggregate(
        received=Count("pk", filter=received),
        received_late=Count("pk", filter=received & late),
        screening=Count("pk", filter=screening),
        screening_late=Count("pk", filter=screening & late),
        awaiting=Count("pk", filter=waits),
        awaiting_late=Count("pk", filter=waits & Q(decided_at__lt=now - LATE_AFTER)),
        declined=Count("pk", filter=ended & lately),
    )
    led_to_it = Application.objects.filter(
        organization=OuterRef("organization"),
        state=ApplicationState.APPROVED,
        received_at__lte=OuterRef("accepted_at"),
    ).order_by("-received_at")
    signed = (
        Acceptance.objects.filter(version__kind=AgreementKind.MEMBERSHIP)
        .annotate(arrived_at=Subquery(led_to_it.values("received_at")[:1]))
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
    """One application in the queue, with what is to be done next."""

    application: Application
    state: str  # a key of common.ui.states
    word: str  # in place of that state's own word, where it says more
    next_step: str


def queue(*, stage: str, owner: Person | None = None, words: str = "") -> QuerySet[Application]:
    """The applications of a stage, the longest waiting first."""
    found = Application.objects.sent()
    if stage in ("", "open"):
        found = found.under_way()
    elif stage == "late":
        found = found.late()
    elif stage == "awaiting":
        found = found.awaiting_signature()
    else:
        found = found.filter(state=stage)
    if owner is not None:
        found = found.filter(owner=owner)
    if words:
        found = found.filter(name_contains(words) | Q(number__icontains=words))
    return found.order_by("received_at", "pk")


def queue_rows(applications: Iterable[Application]) -> list[QueueRow]:
    """The rows to show; one query for their checklists and one for their memberships."""
    shown = list(applications)
    open_checks: dict[int, list[ApplicationCheck]] = {}
    checks = ApplicationCheck.objects.filter(application__in=shown, state=CheckState.OPEN)
    for check in checks.order_by("position"):
        open_checks.setdefault(check.application_id, []).append(check)
    waiting = set(
        Membership.objects.current()
        .filter(
            organization__in=[one.organization_id for one in shown if one.organization_id],
            status=MembershipStatus.AWAITING,
        )
        .values_list("organization_id", flat=True)
    )
    return [_row(one, open_checks.get(one.pk, []), one.organization_id in waiting) for one in shown]


def _row(application: Application, checks: list[ApplicationCheck], waits: bool) -> QueueRow:
    state = {
        ApplicationState.REJECTED: "declined",
        ApplicationState.JOINED: "accepted",
        ApplicationState.APPROVED: "awaiting" if waits else "approved",
    }.get(ApplicationState(application.state), application.state)
    word = application.get_state_display() if state in ("accepted", "declined") else ""
    undecided = application.state in UNDECIDED
    if (undecided or waits) and (days := days_late(application)):
        state, word = "late", _("%(days)d days") % {"days": days}
    step = ""
    if waits:
        step = str(Check.AGREEMENT_SIGNED.label)
    elif undecided and checks:
        step = str(checks[0])
    return QueueRow(application, state, word, step)


def days_late(application: Application) -> int:
    """For how many days it has waited for its answer or signature, if that is too long; else 0."""
    since = application.decided_at or application.received_at
    waited = timezone.now() - since if since else timedelta()
    return waited.days if waited > LATE_AFTER else 0


@dataclass(frozen=True, slots=True)
class Signed:
    """An agreement in force, and the organization's acceptance of it if there is one."""

    version: AgreementVersion
    acceptance: Acceptance | None


def agreements_of(organization: Organization) -> list[Signed]:
    """The texts that bind organizations now, and who accepted them for this one; two queries."""
    in_force = list(AgreementVersion.objects.in_force().filter(kind__in=FOR_ORGANIZATIONS))
    accepted = {
        acceptance.version_id: acceptance
        for acceptance in Acceptance.objects.filter(
            organization=organization, version__in=in_force, lapsed_at__isnull=True
        ).select_related("person")
    }
    return [Signed(version, accepted.get(version.pk)) for version in in_force]


def earlier_acceptances(organization: Organization) -> list[Acceptance]:
    """What was accepted for the organization and has been replaced, or has lapsed, since."""
    current = list(AgreementVersion.objects.in_force().values_list("pk", flat=True))
    over = ~Q(version__in=current) | Q(lapsed_at__isnull=False)
    found = Acceptance.objects.filter(over, organization=organization)
    return list(found.select_related("version", "person"))


def texts_due(viewer: Viewer) -> list[AgreementVersion]:
    """Texts that somebody inside still has to accept for themselves; one query."""
    if viewer.person_id is None or not viewer.in_alliance:
        return []
    return list(AgreementVersion.objects.due_for_person(viewer.person_id))


@dataclass(frozen=True, slots=True)
class Awaiting:
    """An approved organization that is no member before its agreements are accepted."""

    organization: Organization
    is_mine: bool  # the reader signs for it
    signatory: Invitation | None  # who does, open or accepted


def awaiting_agreements(viewer: Viewer) -> list[Awaiting]:
    """This person's organizations that wait for a signature; two more queries where there are any.

    Asked by affiliation: nobody is inside through an organization that is no member yet.
    """
    if viewer.person_id is None:
        return []
    belongs = Affiliation.objects.current().filter(
        person=viewer.person_id, organization=OuterRef("pk")
    )
    waiting = Membership.objects.current().filter(status=MembershipStatus.AWAITING)
    found = list(
        Organization.objects.filter(Exists(belongs), memberships__in=waiting).order_by(
            "sort_name", "pk"
        )
    )
    if not found:
        return []
    named = Invitation.objects.to_sign(viewer.person_id).filter(organization__in=found)
    mine = set(named.values_list("organization_id", flat=True))
    asked = Invitation.objects.filter(organization__in=found, role=InvitationRole.SIGNATORY)
    signatories = {
        one.organization_id: one
        for one in asked.exclude(state=InvitationState.REVOKED)
        .select_related("accepted_by")
        .order_by("created_at")
    }
    return [Awaiting(one, one.pk in mine, signatories.get(one.pk)) for one in found]


def applications_with_staff(viewer: Viewer) -> list[Application]:
    """What this person sent and staff have not decided; nothing is asked for somebody inside."""
    if viewer.person_id is None or viewer.in_alliance:
        return []
    return list(Application.objects.undecided().filter(applicant=viewer.person_id))


def invitations_of(organization: Organization) -> list[Invitation]:
    """Its open and lapsed invitations first, then those accepted or revoked, newest first."""
    found = Invitation.objects.filter(organization=organization)
    people = Prefetch("accepted_by", Person.objects.only("pk", "name", "email", "uuid"))
    rows = list(found.select_related("invited_by").prefetch_related(people)[:200])
    rows.sort(key=lambda invitation: invitation.state != "open")
    return rows


def is_awaiting(organization: Organization) -> bool:
    """Whether it becomes a member only with the signature that is still due."""
    waiting = Membership.objects.current().filter(status=MembershipStatus.AWAITING)
    return waiting.filter(organization=organization).exists()


def signatory_of(organization: Organization) -> Invitation | None:
    """The newest invitation to sign for the organization, open or accepted."""
    found = Invitation.objects.filter(organization=organization, role="signatory")
    return found.exclude(state="revoked").select_related("accepted_by").first()


def export_person(person: Person) -> dict[str, object]:
    """What this room holds about the person, as plain data for their own copy of it."""
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
