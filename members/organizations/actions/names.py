"""Names of an organization that could mislead, and a change of its legal name.

| state     | becomes                         | by                                           |
|-----------|---------------------------------|----------------------------------------------|
| (none)    | open                            | a representative who edits the profile       |
| open      | open (another name), withdrawn  | a representative who edits it again          |
| open      | confirmed, declined             | staff who do not belong to the organization  |

The present legal name is shown everywhere until the change is confirmed.
"""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.names import equality_key
from common.record.actions import record
from members.organizations.choices import LegalNameState, OrganizationAct
from members.organizations.models import LegalNameRequest, Organization, OrganizationName
from members.organizations.notifications import LegalNameAnswered, LegalNameRequested
from members.organizations.permissions import can_answer_legal_name
from members.organizations.queries import named_like
from members.people.models import Person
from notifications.actions import notify

# How the record calls what became of a change of the legal name.
ANSWERS = {
    LegalNameState.CONFIRMED: OrganizationAct.LEGAL_NAME_CONFIRMED,
    LegalNameState.DECLINED: OrganizationAct.LEGAL_NAME_DECLINED,
    LegalNameState.WITHDRAWN: OrganizationAct.LEGAL_NAME_WITHDRAWN,
}


def require_own_names(*, organization: Organization, names: Mapping[str, Iterable[str]]) -> None:
    """No new name of the organization is, or looks like, one that another organization has or had.

    `names` are the new names by the field that holds them. Raises Invalid for the first that
    misleads; names of members are said, those of others are not. Waits in line, so that of two
    who choose one name at once the second is refused.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organizations.names'))")
    for field, each in names.items():
        for name in each:
            if others := named_like([name], besides=organization.pk):
                raise Invalid(_misleads(name, others), field=field)


def ask_for_legal_name(
    *, by: Person, organization: Organization, legal_name: str
) -> LegalNameRequest | None:
    """Staff are asked to confirm this legal name; the present one asks for nothing any more.

    A step of `profile.edit_profile`, which holds the lock. An open request for another name is
    withdrawn. Answers the open request, if there is one now. Tells staff of a new one.
    """
    waiting = open_request(organization)
    if waiting is not None and waiting.legal_name == legal_name:
        return waiting
    if waiting is not None:
        _answer(by, waiting, LegalNameState.WITHDRAWN)
    if equality_key(legal_name) == equality_key(organization.legal_name):
        return None
    request = LegalNameRequest.objects.create(
        organization=organization, legal_name=legal_name, asked_by=by
    )
    record(
        by, OrganizationAct.LEGAL_NAME_ASKED, request.organization, facts={"request": request.uuid}
    )
    notify(
        LegalNameRequested(organization=organization.pk),
        cause=request.uuid,
        actor=by,
        scope_uuid=organization.uuid,
    )
    return request


def confirm_legal_name(*, actor: Person, request: LegalNameRequest) -> LegalNameRequest:
    """The organization has the legal name that was asked for; the former one stays findable.

    Tells its representatives. Raises NotAllowed, and WrongState when the request is not open.
    """
    # `profile` calls this file, so that it can be imported only once both are there.
    from members.organizations.actions.profile import index

    can_answer_legal_name.require(viewer_for(actor.pk), request.organization)
    with transaction.atomic():
        organization = Organization.objects.select_for_update().get(pk=request.organization_id)
        locked = _locked_open(request)
        former = organization.legal_name
        organization.legal_name = locked.legal_name
        organization.version += 1
        organization.save(update_fields=["legal_name", "version"])
        known = [organization.name, organization.legal_name]
        known += organization.other_names.values_list("name", flat=True)
        if equality_key(former) not in {equality_key(name) for name in known}:
            OrganizationName(organization=organization, name=former).save()
        _answer(actor, locked, LegalNameState.CONFIRMED)
        index(organization=organization)
        _notify_answered(actor, locked)
    return locked


def decline_legal_name(
    *, actor: Person, request: LegalNameRequest, reason: str
) -> LegalNameRequest:
    """The present legal name stays, for a reason that the representatives read. Tells them.

    Raises NotAllowed, Invalid without a reason, and WrongState when the request is not open.
    """
    can_answer_legal_name.require(viewer_for(actor.pk), request.organization)
    if not reason.strip():
        raise Invalid(_("Give a reason. The representatives read it."), field="reason")
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=request.organization_id)
        locked = _locked_open(request)
        locked.reason = reason.strip()
        _answer(actor, locked, LegalNameState.DECLINED)
        _notify_answered(actor, locked)
    return locked


def _notify_answered(actor: Person, request: LegalNameRequest) -> None:
    notify(
        LegalNameAnswered(organization=request.organization_id, request=request.pk),
        cause=request.uuid,
        actor=actor,
        scope_uuid=request.organization.uuid,
    )


def open_request(organization: Organization) -> LegalNameRequest | None:
    """The change of its legal name that waits for staff."""
    waiting = LegalNameRequest.objects.filter(organization=organization, state=LegalNameState.OPEN)
    return waiting.select_related("organization", "asked_by").first()


def _misleads(name: str, others: dict[int, str]) -> str:
    members = Organization.objects.members().filter(pk__in=others).values_list("pk", flat=True)
    known = next((others[pk] for pk in members), None)
    if known is None:
        words = _("“%(name)s” looks like the name of another organization on record.")
        sentence = words % {"name": name}
    elif known.casefold() == name.casefold():
        sentence = _("“%(name)s” is the name of another member.") % {"name": name}
    else:
        words = _("“%(name)s” looks like “%(known)s”, the name of another member.")
        sentence = words % {"name": name, "known": known}
    return sentence + " " + _("Choose another name, or ask staff to enter it.")


def _locked_open(request: LegalNameRequest) -> LegalNameRequest:
    found = LegalNameRequest.objects.select_for_update(of=("self",))
    locked = found.select_related("organization").get(pk=request.pk)
    if locked.state != LegalNameState.OPEN:
        raise WrongState(_("This change was answered or withdrawn already."))
    return locked


def _answer(by: Person, request: LegalNameRequest, state: LegalNameState) -> None:
    request.state = state
    request.answered_by = by
    request.answered_at = timezone.now()
    request.save(update_fields=["state", "answered_by", "answered_at", "reason"])
    record(by, ANSWERS[state], request.organization, facts={"request": request.uuid})
