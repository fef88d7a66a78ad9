"""An application from its first line to its decision.

| act       | from                | to        | who                                           |
|-----------|---------------------|-----------|-----------------------------------------------|
| begin     |                     | draft     | anybody with a confirmed address              |
| save_step | draft               | draft     | its applicant                                 |
| send      | draft               | received  | its applicant, when nothing is missing        |
| take      | received            | screening | staff                                         |
| approve   | received, screening | approved  | staff not named in it, checklist settled; a   |
|           |                     |           | former member gets its old record back        |
| join      | received, screening | joined    | staff not named in it                         |
| reject    | received, screening | rejected  | staff not named in it                         |
| withdraw  | draft, received,    | withdrawn | its applicant                                 |
|           | screening           |           |                                               |

Every act locks the application first, so that of many at once one has an effect.
"""

from collections.abc import Mapping, Set
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.mail.spelling import spelled
from common.record.actions import record
from members.onboarding.actions import addresses, invitations
from members.onboarding.actions.checklist import begin_checklist, settle_by_act
from members.onboarding.choices import (
    CHECKS_BEFORE_APPROVAL,
    DRAFTS_AT_MOST,
    UNDECIDED,
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
from members.onboarding.notifications import (
    ApplicationDecided,
    ApplicationReceived,
    ApplicationSent,
)
from members.onboarding.permissions import can_decide, can_edit, can_process
from members.organizations.actions import people
from members.organizations.actions.admission import admit
from members.organizations.choices import AffiliationSource
from members.organizations.models import Organization
from members.organizations.queries import left_at
from members.people.models import Person
from notifications.actions import notify

DRAFT, RECEIVED, SCREENING = (
    ApplicationState.DRAFT,
    ApplicationState.RECEIVED,
    ApplicationState.SCREENING,
)

# From which states each act is possible; all others answer WrongState.
FROM: dict[str, Set[ApplicationState]] = {
    "save_step": {DRAFT},
    "send": {DRAFT},
    "withdraw": {DRAFT, RECEIVED, SCREENING},
    "take": {RECEIVED},
    "approve": UNDECIDED,
    "join": UNDECIDED,
    "reject": UNDECIDED,
}


# --- by the applicant --------------------------------------------------------------------------


def begin(*, actor: Person) -> Application:
    """The actor writes an application.

    Raises NotAllowed without a confirmed address, WrongState with too many unsent ones.
    """
    if not addresses.confirmed_addresses(person=actor):
        raise NotAllowed(_("Confirm your e-mail address first."))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=actor.pk)
        if Application.objects.filter(applicant=actor, state=DRAFT).count() >= DRAFTS_AT_MOST:
            raise WrongState(_("You have several unsent applications. Finish or withdraw one."))
        return Application.objects.create(applicant=actor)


def save_step(*, actor: Person, application: Application, values: Mapping[str, Any]) -> Application:
    """The draft holds these answers; answers of other steps stay as they are."""
    with transaction.atomic():
        can_edit.require(viewer_for(actor.pk), application)
        locked = _locked(application, "save_step")
        for field, value in values.items():
            setattr(locked, field, value)
        locked.saved_at = timezone.now()
        locked.save(update_fields=[*values, "saved_at"])
    return locked


def send(*, actor: Person, application: Application) -> Application:
    """Staff have the application, under a number, with its checklist. Tells staff.

    The caller has asked `forms.missing_steps`; that nothing essential is empty is asked again here.
    """
    with transaction.atomic():
        can_edit.require(viewer_for(actor.pk), application)
        locked = _locked(application, "send")
        for field in ("name", "legal_name", "kind", "country", "purpose"):
            if not getattr(locked, field):
                raise Invalid(_("Some answers are still missing."), field=field)
        for field in ("representative_email", "signatory_email"):
            if not getattr(locked, field):
                raise Invalid(_("Some answers are still missing."), field=field)
        locked.number = _next_number()
        locked.state = RECEIVED
        locked.received_at = timezone.now()
        locked.save(update_fields=["number", "state", "received_at"])
        begin_checklist(application=locked)
        record(actor, ApplicationAct.SENT, locked, facts={"number": locked.number})
        notify(
            ApplicationReceived(application=locked.pk), cause=locked.uuid, actor=locked.applicant
        )
        # Without an actor: the receipt is for the actor, who is not notified of an act of their own.
        notify(ApplicationSent(application=locked.pk), cause=locked.uuid)
    return locked


def withdraw(*, actor: Person, application: Application) -> Application:
    """The application is off the table for good; a new one can be begun at any time."""
    with transaction.atomic():
        can_edit.require(viewer_for(actor.pk), application)
        locked = _locked(application, "withdraw")
        locked.state = ApplicationState.WITHDRAWN
        locked.save(update_fields=["state"])
        record(actor, ApplicationAct.WITHDRAWN, locked)
    return locked


# --- by staff ----------------------------------------------------------------------------------


def take(*, actor: Person, application: Application) -> Application:
    """The actor is in charge of the application, which is in screening from now on."""
    with transaction.atomic():
        can_process.require(viewer_for(actor.pk), application)
        locked = _locked(application, "take")
        locked.state = SCREENING
        locked.owner = actor
        locked.save(update_fields=["state", "owner"])
        record(actor, ApplicationAct.TAKEN, locked)
    return locked


def approve(*, actor: Person, application: Application) -> Application:
    """The organization exists with a membership that awaits its agreements.

    Where staff found that it is a former member coming back, it is that organization, with its
    history, address, names and domains. Its former people stay outside until they are invited
    again, and its agreements are to be accepted again.

    Its applicant belongs to it. The named representative, alternate and signatory get invitations
    by mail, or their role at once where they are the applicant. Relations that staff found are on
    record. Tells the applicant.

    Raises WrongState when it is decided already, when a line of the checklist that must come first
    is open, when nobody has said how it stands to an organization of its name or domain, when the
    former member has a membership again, or when no membership agreement is in force.
    """
    with transaction.atomic():
        locked = _decidable(actor, application, "approve")
        _require_settled(locked)
        if not AgreementVersion.objects.in_force().filter(kind=AgreementKind.MEMBERSHIP).exists():
            raise WrongState(
                _("Put a membership agreement in force first. There is none to accept yet.")
            )
        organization = _admit(actor, locked)
        _decide(actor, locked, ApplicationState.APPROVED, organization=organization)
        _ask_in(actor, locked, organization)
        for check in (Check.INVITED, Check.AGREEMENT_SENT):
            settle_by_act(actor=actor, application=locked, code=check)
    return locked


def join(*, actor: Person, application: Application, organization: Organization) -> Application:
    """The applicant's people belong to `organization`, which is a member; no new one is made.

    The applicant belongs to it at once, the others named in the application get invitations as
    colleagues. Tells the applicant.
    """
    if not Organization.objects.members().filter(pk=organization.pk).exists():
        raise WrongState(_("The people of an application can only be added to a member."))
    with transaction.atomic():
        locked = _decidable(actor, application, "join")
        _note_match(actor, locked, organization, MatchOutcome.SAME)
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
    """The application is declined, for a reason that its applicant reads. Tells the applicant."""
    if not reason.strip():
        raise Invalid(_("Give a reason. The applicant will see it."), field="reason")
    with transaction.atomic():
        locked = _decidable(actor, application, "reject")
        _decide(actor, locked, ApplicationState.REJECTED, reason=reason)
    return locked


def compare(
    *, actor: Person, application: Application, organization: Organization, outcome: str
) -> ApplicationMatch:
    """Staff say how an organization that looks like the applicant stands to it.

    A related one is put on record when the application is approved, and a former member that comes
    back keeps its own; `SAME` is `join`. With the last of them the line "duplicates" of the
    checklist is settled. Raises WrongState when one that never left is said to come back.
    """
    if outcome not in {MatchOutcome.RETURNS, MatchOutcome.RELATED, MatchOutcome.UNRELATED}:
        raise Invalid(_("Choose one of the outcomes."), field="outcome")
    if outcome == MatchOutcome.RETURNS and left_at(organization) is None:
        raise WrongState(_("Only a former member can come back."))
    with transaction.atomic():
        can_process.require(viewer_for(actor.pk), application)
        locked = _locked(application, "approve")
        if outcome == MatchOutcome.RETURNS:
            # It is one organization: an earlier answer that it was another one is replaced.
            others = locked.matches.filter(outcome=MatchOutcome.RETURNS)
            others.exclude(organization=organization).delete()
        match = _note_match(actor, locked, organization, MatchOutcome(outcome))
        if all(candidate.outcome for candidate in candidates(locked)):
            settle_by_act(actor=actor, application=locked, code=Check.DUPLICATES)
    return match


def _admit(actor: Person, application: Application) -> Organization:
    """Admit the organization: as the former member that staff found it to be, else as a new one."""
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


def _decidable(actor: Person, application: Application, act: str) -> Application:
    can_decide.require(viewer_for(actor.pk), application)
    locked = _locked(application, act)
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


def _ask_in(actor: Person, application: Application, organization: Organization) -> None:
    """Whoever the application names is asked in; the applicant, who is known, takes the role now."""
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
    known = addresses.confirmed_addresses(person=application.applicant)
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
            to=application.applicant if spelled(address) in known else None,
        )


def _note_match(
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
            _("Complete these checklist items first: %(items)s.") % {"lines": ", ".join(names)}
        )


def _locked(application: Application, act: str) -> Application:
    """The application under a lock. Raises WrongState where its state does not admit the act."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if locked.state not in FROM[act]:
        raise WrongState(
            _("This application is “%(state)s”, so this is no longer possible.")
            % {"state": locked.get_state_display()}
        )
    return locked


def _next_number() -> str:
    """The next number of this year, such as 2026-093. Sending waits in line for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('onboarding.application_number'))")
    year = timezone.now().year
    last = (
        Application.objects.filter(number__startswith=f"{year}-")
        .order_by(Length("number").desc(), "-number")
        .values_list("number", flat=True)
        .first()
    )
    counted = int(last.rpartition("-")[2]) if last else 0
    return f"{year}-{counted + 1:03d}"
