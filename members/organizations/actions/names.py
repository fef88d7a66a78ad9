"""Refuse misleading names of an organization; change its legal name on request.

| state     | becomes                         | by                                           |
|-----------|---------------------------------|----------------------------------------------|
| (none)    | open                            | a representative who edits the profile       |
| open      | open (another name), withdrawn  | a representative who edits it again          |
| open      | confirmed, declined             | staff who do not belong to the organization  |

The current legal name is shown everywhere until staff confirm the change.
"""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.names import equality_key
from common.record.actions import record
from members.organizations.actions.search_entries import index
from members.organizations.choices import LegalNameState, OrganizationAct
from members.organizations.models import LegalNameRequest, Organization, OrganizationName
from members.organizations.notifications import LegalNameAnswered, LegalNameRequested
from members.organizations.permissions import can_answer_legal_name
from members.organizations.queries import named_like
from members.people.models import Person
from notifications.actions import notify

# The record's verb for each answer to a request.
ANSWERS = {
    LegalNameState.CONFIRMED: OrganizationAct.LEGAL_NAME_CONFIRMED,
    LegalNameState.DECLINED: OrganizationAct.LEGAL_NAME_DECLINED,
    LegalNameState.WITHDRAWN: OrganizationAct.LEGAL_NAME_WITHDRAWN,
}


def require_own_names(*, organization: Organization, names: Mapping[str, Iterable[str]]) -> None:
    """Refuse new names that are, or look like, a present or former name of another organization.

    `names` are the new names by form field. Raises Invalid for the first misleading one; the
    message names the other organization only if it is a member. Takes an advisory lock, so that
    of two organizations that choose the same name at once the second is refused.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organizations.names'))")
    for field, new_names in names.items():
        for name in new_names:
            if others := named_like([name], besides=organization.pk):
                raise Invalid(_misleads(name, others), field=field)


def ask_for_legal_name(
    *, by: Person, organization: Organization, legal_name: str
) -> LegalNameRequest | None:
    """Ask staff to confirm this legal name; return the request that is open now, if any.

    A step of `profile.edit_profile`, which holds the lock on the organization. Withdraws an open
    request for another name; the current legal name makes no new request. Notifies staff.
    """
    open_one = open_request(organization)
    if open_one is not None and open_one.legal_name == legal_name:
        return open_one
    if open_one is not None:
        _answer(by, open_one, LegalNameState.WITHDRAWN)
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
    """Give the organization the requested legal name; keep the former one for search.

    Raises NotAllowed, and WrongState when the request is not open. Notifies the representatives.
    """

    can_answer_legal_name.require(viewer_for(actor.pk), request.organization)
    with transaction.atomic():
        organization = Organization.objects.select_for_update().get(pk=request.organization_id)
        locked = _locked_open(request)
        former = organization.legal_name
        organization.legal_name = locked.legal_name
        organization.version += 1
        organization.save(update_fields=["legal_name", "version"])
        current = [organization.name, organization.legal_name]
        current += organization.other_names.values_list("name", flat=True)
        if equality_key(former) not in {equality_key(name) for name in current}:
            OrganizationName(organization=organization, name=former).save()
        _answer(actor, locked, LegalNameState.CONFIRMED)
        index(organization=organization)
        _notify_answered(actor, locked)
    return locked


def decline_legal_name(
    *, actor: Person, request: LegalNameRequest, reason: str
) -> LegalNameRequest:
    """Keep the current legal name, for a reason that the representatives read.

    Raises NotAllowed, Invalid without a reason, and WrongState when the request is not open.
    Notifies the representatives.
    """
    can_answer_legal_name.require(viewer_for(actor.pk), request.organization)
    if not reason.strip():
        raise Invalid(_("Give a reason. The representatives will read it."), field="reason")
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
    """Return the organization's request for another legal name that staff have not answered."""
    requests = LegalNameRequest.objects.filter(organization=organization, state=LegalNameState.OPEN)
    return requests.select_related("organization", "asked_by").first()


def _misleads(name: str, others: dict[int, str]) -> str:
    """Return the refusal of a name; `others` are the names like it, by organization."""
    members = Organization.objects.members().filter(pk__in=others).values_list("pk", flat=True)
    known = next((others[pk] for pk in members), None)
    if known is None:
        sentence = _("“%(name)s” looks like the name of another organization on record.")
    elif known.casefold() == name.casefold():
        sentence = _("“%(name)s” is the name of another member.")
    else:
        sentence = _("“%(name)s” looks like “%(known)s”, the name of another member.")
    sentence %= {"name": name, "known": known}
    return sentence + " " + _("Choose another name, or ask staff to enter it.")


def _locked_open(request: LegalNameRequest) -> LegalNameRequest:
    requests = LegalNameRequest.objects.select_for_update(of=("self",))
    locked = requests.select_related("organization").get(pk=request.pk)
    if locked.state != LegalNameState.OPEN:
        raise WrongState(_("This request has already been answered or withdrawn."))
    return locked


def _answer(by: Person, request: LegalNameRequest, state: LegalNameState) -> None:
    request.state = state
    request.answered_by = by
    request.answered_at = timezone.now()
    request.save(update_fields=["state", "answered_by", "answered_at", "reason"])
    record(by, ANSWERS[state], request.organization, facts={"request": request.uuid})
