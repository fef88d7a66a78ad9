"""An application brought from one state to the next, the way people do it."""

from members.onboarding.actions import agreements, applications, checklist, invitations, screening
from members.onboarding.choices import CHECKS_BEFORE_APPROVAL, CheckState
from members.onboarding.models import AgreementVersion, Application, Invitation
from members.people.models import Person


def answers(**changed: object) -> dict[str, object]:
    return {
        "name": "Lagos Institute",
        "legal_name": "Lagos Institute for Language Technology",
        "kind": "research",
        "country": "NG",
        "website": "https://www.lilt.example/",
        "domains": "lilt.example",
        "purpose": "We test language models for West African languages.",
        "representative_name": "Folake Founder",
        "representative_email": "folake@lilt.example",
        "signatory_name": "Dean Signs",
        "signatory_email": "dean@lilt.example",
        **changed,
    }


def in_force(staff: Person, kind: str, source: str = "# Terms\n\nBe fair.") -> AgreementVersion:
    version = agreements.draft(actor=staff, kind=kind, title=kind.capitalize(), source=source)
    return agreements.put_in_force(actor=staff, version=version)


def drafted(founder: Person, **changed: object) -> Application:
    application = applications.begin(actor=founder)
    return applications.save_step(actor=founder, application=application, values=answers(**changed))


def sent(application: Application) -> Application:
    return applications.send(actor=application.applicant, application=application)


def settled(application: Application, staff: Person) -> Application:
    for check in application.checks.filter(code__in=CHECKS_BEFORE_APPROVAL):
        checklist.settle(actor=staff, check=check, state=CheckState.DONE)
    return application


def approved(application: Application, staff: Person) -> Application:
    return screening.approve(actor=staff, application=application)


def signed(signatory: Person) -> None:
    """The one who was named to sign accepts all that binds the organization."""
    invitation = Invitation.objects.get(role="signatory")
    if invitation.accepted_by is None:
        due = AgreementVersion.objects.due_for_person(signatory.pk)
        texts = [version.uuid for version in due]
        invitations.accept(actor=signatory, invitation=invitation, texts=texts)
    due = AgreementVersion.objects.due_for_organization(invitation.organization_id)
    agreements.sign(
        actor=signatory,
        organization=invitation.organization,
        versions=[version.uuid for version in due],
        title="Dean",
        authority="Power of attorney",
    )
