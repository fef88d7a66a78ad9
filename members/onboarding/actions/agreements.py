"""Draft agreements, put them in force, and accept them as a person or for an organization.

| version  | to       | by    |                                                            |
|----------|----------|-------|------------------------------------------------------------|
| (none)   | draft    | staff | one draft a kind                                           |
| draft    | draft    | staff | rewritten                                                  |
| draft    | in force | staff | replaces the one before; acceptances of that stay          |
| in force |          |       | never changes, which the database enforces                 |
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.constraints import refused_by
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from common.text.markdown import TextKind, render
from members.onboarding.actions.checklist import settle_by_act
from members.onboarding.choices import (
    AgreementAct,
    AgreementKind,
    ApplicationState,
    Check,
)
from members.onboarding.models import Acceptance, AgreementVersion, Application
from members.onboarding.notifications import AgreementChanged, ApplicationCompleted
from members.onboarding.permissions import can_publish_agreements, can_sign
from members.organizations.actions import memberships
from members.organizations.models import Membership, Organization
from members.people.models import Person
from notifications.actions import notify


def draft(*, actor: Person, kind: str, title: str, source: str) -> AgreementVersion:
    """Save the draft of the agreement's next version, which only staff see.

    Raises Invalid for a text that is empty, too long or cannot be rendered; Conflict if another
    draft was started at the same moment.
    """
    can_publish_agreements.require(viewer_for(actor.pk))
    if kind not in AgreementKind.values:
        raise Invalid(_("Choose one of the agreements."), field="kind")
    if not source.strip():
        raise Invalid(_("Write the text first."), field="source")
    html = render(source, TextKind.AGREEMENT)
    with transaction.atomic():
        versions = AgreementVersion.objects.select_for_update().filter(kind=kind)
        version = versions.filter(in_force_at__isnull=True).first()
        if version is None:
            last = AgreementVersion.objects.filter(kind=kind).aggregate(last=Max("number"))["last"]
            version = AgreementVersion(kind=kind, number=(last or 0) + 1)
        version.title = title.strip() or str(AgreementKind(kind).label)
        version.source = source
        version.set_html(html)
        version.sha256 = hashlib.sha256(source.encode()).hexdigest()
        version.drafted_at = timezone.now()
        already_started = Conflict(
            _("Someone has just started a version of this text. Reload the page.")
        )
        with refused_by(
            "agreement_version_once", "agreement_one_draft_a_kind", error=already_started
        ):
            version.save()
        record(actor, AgreementAct.DRAFTED, version, facts=_facts(version))
    return version


def put_in_force(*, actor: Person, version: AgreementVersion) -> AgreementVersion:
    """Put the version in force for good, and notify the people it binds.

    Raises WrongState for a version that is or was in force.
    """
    can_publish_agreements.require(viewer_for(actor.pk))
    with transaction.atomic():
        locked = AgreementVersion.objects.select_for_update().get(pk=version.pk)
        if locked.in_force_at is not None:
            raise WrongState(_("This version is already in force."))
        locked.in_force_at = timezone.now()
        locked.save(update_fields=["in_force_at"])
        record(actor, AgreementAct.PUT_IN_FORCE, locked, facts=_facts(locked))
        notify(
            AgreementChanged(version=locked.pk, kind=locked.kind), cause=locked.uuid, actor=actor
        )
    return locked


def sign(
    *,
    actor: Person,
    organization: Organization,
    versions: Iterable[UUID],
    title: str,
    authority: str,
) -> bool:
    """Accept these texts for the organization; return whether its membership became active.

    With the last text that is due, a membership that waited for them becomes active, and the
    representatives and the applicant are notified. Each acceptance keeps the signatory's present
    name, title and authority. Raises NotAllowed unless the actor was named signatory; Invalid if a
    text, the title or the authority is missing; Conflict when a text was replaced meanwhile.
    """
    can_sign.require(viewer_for(actor.pk), organization)
    if not title.strip():
        raise Invalid(_("Enter your position in the organization."), field="title")
    if not authority.strip():
        raise Invalid(_("Say what authorises you to sign for it."), field="authority")
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        if not Membership.objects.current().filter(organization=locked).exists():
            raise WrongState(_("The organization has no membership to sign for."))
        due = _by_uuid(AgreementVersion.objects.due_for_organization(locked.pk))
        for version in _chosen(due, versions):
            _accept(actor, version, locked, title=title, authority=authority)
        became_active = memberships.activate(by=actor, organization=locked)
        application = Application.objects.filter(
            organization=locked, state=ApplicationState.APPROVED
        ).first()
        if application is not None:
            for check in (Check.AGREEMENT_SIGNED, Check.DIRECTORY):
                settle_by_act(actor=actor, application=application, code=check)
            if became_active:
                notify(
                    ApplicationCompleted(application=application.pk),
                    cause=application.uuid,
                    actor=actor,
                )
    return became_active


def accept_for_self(*, actor: Person, versions: Iterable[UUID]) -> None:
    """Accept these texts for the actor.

    Raises Invalid unless all texts that are due are among them; Conflict for a text that was
    replaced meanwhile.
    """
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=actor.pk)
        due = _by_uuid(AgreementVersion.objects.due_for_person(actor.pk))
        for version in _chosen(due, versions):
            _accept(actor, version, None, title="", authority="")


def _by_uuid(versions: Iterable[AgreementVersion]) -> dict[UUID, AgreementVersion]:
    return {version.uuid: version for version in versions}


def _chosen(due: dict[UUID, AgreementVersion], versions: Iterable[UUID]) -> list[AgreementVersion]:
    chosen = set(versions)
    if chosen - set(due):
        raise Conflict(_("A text was replaced while you were reading. Read the new one first."))
    if set(due) - chosen:
        raise Invalid(_("Accept all the texts. They belong together."), field="versions")
    return list(due.values())


def _accept(
    actor: Person,
    version: AgreementVersion,
    organization: Organization | None,
    *,
    title: str,
    authority: str,
) -> None:
    acceptance = Acceptance.objects.create(
        version=version,
        person=actor,
        organization=organization,
        signatory_name=actor.name,
        signatory_title=title.strip(),
        authority=authority.strip(),
    )
    facts = {**_facts(version), "acceptance": acceptance.uuid}
    if organization:
        facts["organization"] = organization.uuid
    record(actor, AgreementAct.ACCEPTED, version, facts=facts)


def _facts(version: AgreementVersion) -> dict[str, object]:
    return {"kind": version.kind, "number": version.number, "sha256": version.sha256}
