"""What staff do with an application: screen it, compare it with organizations, and decide it.

The states in which each act is possible are in `applications.py`.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.mail.spelling import spelled
from common.record.actions import record
from members.onboarding.actions import addresses, invitations
from members.onboarding.actions.applications import SCREENING, lock_application
from members.onboarding.actions.checklist import settle_by_act
from members.onboarding.choices import (
    CHECKS_BEFORE_APPROVAL,
    AgreementKind,
    ApplicationAct,
    ApplicationState,
    Check,
    CheckState,
    InvitationRole,
    MatchOutcome,
)
from members.onboarding.duplicates import candidates
from members.onboarding.models import (
    Acceptance,
    AgreementVersion,
    Application,
    ApplicationMatch,
)
from members.onboarding.notifications import ApplicationDecided
from members.onboarding.permissions import can_decide, can_process
from members.organizations.actions import people
from members.organizations.actions.admission import admit
from members.organizations.choices import AffiliationSource
from members.organizations.models import Organization
from members.organizations.queries import left_at
from members.people.models import Person
from notifications.actions import notify


def begin_screening(*, actor: Person, application: Application) -> Application:
    """Assign the application to the actor and begin its screening."""
    with transaction.atomic():
        can_process.require(viewer_for(actor.pk), application)
        locked = lock_application(application, "begin_screening")
        locked.state = SCREENING
        locked.owner = actor
        locked.save(update_fields=["state", "owner"])
        record(actor, ApplicationAct.TAKEN, locked)
    return locked


def approve(*, actor: Person, application: Application) -> Application:
    """Admit the organization, with a membership that awaits its agreements; notify the applicant.

    A former member that staff recognized gets its earlier history, address, names and domains
    back; its former people have to be invited again and its agreements accepted again. The
    applicant belongs to the organization. The representative, alternate and signatory get
    invitations by mail, or the role at once where that person is the applicant. The record keeps
    the relations that staff found.

    Raises WrongState when the application is decided, an item of the checklist that must come first
    is open, an organization of the same name or domain has not been compared, the former member
    has a membership again, or no membership agreement is in force.
    """
    with transaction.atomic():
        locked = _lock_decidable(actor, application, "approve")
        _require_settled(locked)
        if not AgreementVersion.objects.in_force().filter(kind=AgreementKind.MEMBERSHIP).exists():
            raise WrongState(
                _("Put a membership agreement in force first. There is none to accept yet.")
            )
        organization = _admit(actor, locked)
        _decide(actor, locked, ApplicationState.APPROVED, organization=organization)
        _invite_named(actor, locked, organization)
        for check in (Check.INVITED, Check.AGREEMENT_SENT):
            settle_by_act(actor=actor, application=locked, code=check)
    return locked


def attach_to_member(
    *, actor: Person, application: Application, organization: Organization
) -> Application:
    """Add the applicant's people to `organization`, a member, instead of admitting a new one.

    The applicant belongs to it at once and is notified; the others named in the application get
    invitations as colleagues. Raises WrongState for an organization that is no member.
    """
    if not Organization.objects.members().filter(pk=organization.pk).exists():
        raise WrongState(_("The people of an application can only be added to a member."))
    with transaction.atomic():
        locked = _lock_decidable(actor, application, "attach_to_member")
        _record_match(actor, locked, organization, MatchOutcome.SAME)
        settle_by_act(actor=actor, application=locked, code=Check.DUPLICATES)
        _decide(actor, locked, ApplicationState.JOINED, organization=organization)
        people.affiliate(
            by=actor,
            person=locked.applicant,
            organization=organization,
            source=AffiliationSource.APPLICATION,
        )
        named = {
            spelled(locked.representative_email): locked.representative_name,
            spelled(locked.alternate_email): locked.alternate_name,
            spelled(locked.signatory_email): locked.signatory_name,
        }
        for address, name in named.items():
            if address and address not in addresses.confirmed_addresses(person=locked.applicant):
                invitations.issue(
                    by=actor,
                    organization=organization,
                    address=address,
                    name=name,
                    role=InvitationRole.COLLEAGUE,
                )
    return locked


def reject(*, actor: Person, application: Application, reason: str) -> Application:
    """Decline the application for a reason, and notify the applicant, who reads the reason."""
    if not reason.strip():
        raise Invalid(_("Give a reason. The applicant will see it."), field="reason")
    with transaction.atomic():
        locked = _lock_decidable(actor, application, "reject")
        _decide(actor, locked, ApplicationState.REJECTED, reason=reason)
    return locked


def compare(
    *, actor: Person, application: Application, organization: Organization, outcome: str
) -> ApplicationMatch:
    """Record how an organization that looks like the applicant relates to it.

    `RELATED` becomes a relation when the application is approved; `RETURNS` is a former member
    coming back; for `SAME` see `attach_to_member`. With the last candidate the item "duplicates"
    of the checklist is done. Raises WrongState for `RETURNS` with an organization that never left.
    """
    if outcome not in {MatchOutcome.RETURNS, MatchOutcome.RELATED, MatchOutcome.UNRELATED}:
        raise Invalid(_("Choose one of the outcomes."), field="outcome")
    if outcome == MatchOutcome.RETURNS and left_at(organization) is None:
        raise WrongState(_("Only a former member can come back."))
    with transaction.atomic():
        can_process.require(viewer_for(actor.pk), application)
        locked = lock_application(application, "approve")
        if outcome == MatchOutcome.RETURNS:
            # The applicant is one organization only, so an earlier answer is replaced.
            others = locked.matches.filter(outcome=MatchOutcome.RETURNS)
            others.exclude(organization=organization).delete()
        match = _record_match(actor, locked, organization, MatchOutcome(outcome))
        if all(candidate.outcome for candidate in candidates(locked)):
            settle_by_act(actor=actor, application=locked, code=Check.DUPLICATES)
    return match


def _admit(actor: Person, application: Application) -> Organization:
    """Admit the organization as the former member that staff recognized, else as a new one."""
    matches = application.matches.select_related("organization")
    former = matches.filter(outcome=MatchOutcome.RETURNS).first()
    try:
        organization = admit(
            by=actor,
            applicant=application.applicant,
            values={
                "name": application.name,
                "legal_name": application.legal_name,
                "kind": application.kind,
                "sector": application.sector,
                "country": application.country,
                "website": application.website,
                "shows_representatives": application.shows_representatives,
            },
            other_names=application.lines_of("other_names"),
            domains=application.lines_of("domains"),
            returning=former.organization if former else None,
            parents=[match.organization for match in matches.filter(outcome=MatchOutcome.RELATED)],
        )
    except Invalid as error:
        raise WrongState(error.message) from None
    if former:
        invitations.revoke_all(by=actor, organization=organization)
        Acceptance.objects.filter(organization=organization, lapsed_at__isnull=True).update(
            lapsed_at=timezone.now()
        )
    return organization


def _lock_decidable(actor: Person, application: Application, act: str) -> Application:
    can_decide.require(viewer_for(actor.pk), application)
    locked = lock_application(application, act)
    named = {locked.representative_email, locked.alternate_email, locked.signatory_email}
    if addresses.confirmed_addresses(person=actor) & set(map(spelled, named)):
        raise NotAllowed(_("You are named in this application. A colleague has to decide."))
    return locked


def _decide(
    actor: Person,
    application: Application,
    state: ApplicationState,
    *,
    organization: Organization | None = None,
    reason: str = "",
) -> None:
    application.state = state
    application.organization = organization
    application.decided_at = timezone.now()
    application.decided_by = actor
    application.decision_reason = reason.strip()
    application.save(
        update_fields=["state", "organization", "decided_at", "decided_by", "decision_reason"]
    )
    facts = {"organization": organization.uuid} if organization else {}
    record(actor, ApplicationAct(state.value), application, facts=facts)
    notify(ApplicationDecided(application=application.pk), cause=application.uuid, actor=actor)


def _invite_named(actor: Person, application: Application, organization: Organization) -> None:
    """Invite the people named in the application; the applicant gets the role at once."""
    named = [
        (
            InvitationRole.PRIMARY,
            application.representative_email,
            application.representative_name,
            application.representative_title,
        ),
        (InvitationRole.ALTERNATE, application.alternate_email, application.alternate_name, ""),
        (
            InvitationRole.SIGNATORY,
            application.signatory_email,
            application.signatory_name,
            application.signatory_title,
        ),
    ]
    own_addresses = addresses.confirmed_addresses(person=application.applicant)
    for role, address, name, title in named:
        if not address:
            continue
        invitations.issue(
            by=actor,
            organization=organization,
            address=address,
            name=name,
            title=title,
            role=role,
            to=application.applicant if spelled(address) in own_addresses else None,
        )


def _record_match(
    actor: Person, application: Application, organization: Organization, outcome: MatchOutcome
) -> ApplicationMatch:
    match, _created = ApplicationMatch.objects.update_or_create(
        application=application,
        organization=organization,
        defaults={"outcome": outcome, "decided_by": actor, "decided_at": timezone.now()},
    )
    facts = {"organization": organization.uuid, "outcome": outcome}
    record(actor, ApplicationAct.COMPARED, application, facts=facts)
    return match


def _require_settled(application: Application) -> None:
    for candidate in candidates(application):
        if candidate.is_likely and not candidate.outcome:
            raise WrongState(
                _("First say how this application relates to %(organization)s.")
                % {"organization": candidate.organization}
            )
    unsettled = application.checks.filter(code__in=CHECKS_BEFORE_APPROVAL, state=CheckState.OPEN)
    if names := [str(check) for check in unsettled]:
        raise WrongState(
            _("Complete these checklist items first: %(items)s.") % {"items": ", ".join(names)}
        )
