"""Create an organization; edit its profile, its address, its mail domains and its relations."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.addresses import actions as addresses
from common.constraints import refused_by
from common.errors import Conflict, Invalid
from common.mail.spelling import spelled_domain
from common.names import equality_key
from common.record.actions import record
from common.times import ended
from common.unseen import refuse_unseen
from members.organizations.actions.names import ask_for_legal_name, require_own_names
from members.organizations.actions.search_entries import index
from members.organizations.choices import PROFILE_FIELDS, OrganizationAct
from members.organizations.models import (
    Organization,
    OrganizationDomain,
    OrganizationName,
    OrganizationRelation,
)
from members.organizations.permissions import (
    can_choose_address,
    can_edit_profile,
    can_relate,
    can_set_domains,
)
from members.people.models import Person


class ProfileValues(TypedDict):
    """The fields of an organization that an application fills in."""

    name: str
    legal_name: str
    kind: str
    sector: str
    country: str
    website: str
    shows_representatives: bool


def create(
    *,
    by: Person,
    name: str,
    legal_name: str,
    kind: str,
    sector: str = "",
    country: str = "",
    website: str = "",
    summary: str = "",
    shows_representatives: bool = False,
    other_names: Iterable[str] = (),
    domains: Iterable[str] = (),
    at: datetime | None = None,
) -> Organization:
    """Create an organization with an address that is never given to another one.

    Its membership is begun separately (`memberships`). `at` dates the record of an imported past.
    Raises Invalid when one of the mail domains belongs to another organization.
    """
    name = " ".join(name.split())
    refuse_unseen(name=name, legal_name=legal_name, sector=sector)
    with transaction.atomic():
        organization = _with_free_address(
            Organization(
                name=name,
                legal_name=" ".join(legal_name.split()) or name,
                kind=kind,
                sector=sector.strip(),
                country=country,
                website=website,
                summary=summary.strip(),
                shows_representatives=shows_representatives,
            )
        )
        _replace_names(organization, other_names)
        _replace_domains(organization, domains)
        record(by, OrganizationAct.CREATED, organization, facts={"slug": organization.slug}, at=at)
        index(organization=organization)
    return organization


def renew(
    *,
    by: Person,
    organization: Organization,
    other_names: Iterable[str],
    domains: Iterable[str],
    **values: object,
) -> Organization:
    """Write `values` over the profile of an organization that returns.

    Its address, other names and mail domains stay, and former names stay in search. Raises Invalid
    when one of the new mail domains belongs to another organization.
    """
    _refuse_unseen(values)
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        names = [other.name for other in locked.other_names.all()]
        names += [*other_names, locked.name, locked.legal_name]
        known_domains = [known.domain for known in locked.domains.all()]
        _write(by, locked, values, names)
        _replace_domains(locked, [*known_domains, *domains])
    return locked


def edit_profile(
    *,
    actor: Person,
    organization: Organization,
    version: int,
    other_names: Iterable[str],
    **values: object,
) -> Organization:
    """Write `values` (any of PROFILE_FIELDS) to the profile; keep a former name for search.

    `version` is the one that the editor has read. Raises NotAllowed, Conflict if a newer version
    was saved meanwhile, and Invalid for a representative's name that is, or looks like, another
    organization's. A representative's new legal name becomes a request to staff (`names`).
    """
    viewer = viewer_for(actor.pk)
    can_edit_profile.require(viewer, organization)
    other_names = list(other_names)
    _refuse_unseen(values)
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        if locked.version != version:
            raise Conflict(_("Someone else changed this profile while you were writing."))
        if not viewer.is_staff:
            new_names = _new_names(locked, values, other_names)
            require_own_names(organization=locked, names=new_names)
            if "legal_name" in values:
                legal_name = str(values.pop("legal_name"))
                ask_for_legal_name(by=actor, organization=locked, legal_name=legal_name)
        profile = {field: value for field, value in values.items() if field in PROFILE_FIELDS}
        _write(actor, locked, profile, [*other_names, locked.name])
    return locked


def choose_address(*, actor: Person, organization: Organization, address: str) -> Organization:
    """Move the organization's pages to the address that this text makes; former ones redirect.

    Raises NotAllowed, and Invalid for an address that another organization has or had. Updates
    search and writes the record. Choosing the current address changes nothing.
    """
    can_choose_address.require(viewer_for(actor.pk), organization)
    with transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        former = locked.slug
        slug = addresses.check_address(kind="organization", chosen=address, object_uuid=locked.uuid)
        if slug == former:
            return locked
        before = locked.get_absolute_url()
        locked.slug = slug
        locked.version += 1
        with addresses.refusing_taken(slug):
            locked.save(update_fields=["slug", "version"])
        addresses.move_search_entries(before=before, after=locked.get_absolute_url())
        facts = {"address_from": former, "address_to": slug}
        record(actor, OrganizationAct.ADDRESS_CHOSEN, locked, facts=facts)
    return locked


def set_domains(*, actor: Person, organization: Organization, domains: Iterable[str]) -> None:
    """Set the mail domains, with their subdomains, whose addresses belong to the organization.

    Raises NotAllowed, and Invalid with the name of a domain that another organization has.
    """
    can_set_domains.require(viewer_for(actor.pk), organization)
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        kept = _replace_domains(organization, domains)
        record(actor, OrganizationAct.DOMAINS_SET, organization, facts={"domains": kept})


def relate(
    *, actor: Person, organization: Organization, relation: str, other: Organization
) -> OrganizationRelation:
    """Record that `organization` is the parent of, or operates, `other` from now on.

    Raises NotAllowed, and Invalid for a current relation or one of an organization to itself.
    """
    can_relate.require(viewer_for(actor.pk), organization)
    if organization.pk == other.pk:
        raise Invalid(
            _("An organization cannot be related to itself. Choose another one."), field="other"
        )
    known = Invalid(_("This relation is already on record."), field="other")
    with refused_by("relation_once_at_a_time", error=known):
        link = OrganizationRelation.objects.create(
            organization=organization, relation=relation, other=other
        )
        facts = {"relation": link.relation, "other": link.other.uuid}
        record(actor, OrganizationAct.RELATED, link.organization, facts=facts)
    return link


def end_relation(*, actor: Person, relation: OrganizationRelation) -> None:
    """End the relation now and keep it in the history; ending it twice changes nothing."""
    can_relate.require(viewer_for(actor.pk), relation.organization)
    with transaction.atomic():
        locked = OrganizationRelation.objects.select_for_update().get(pk=relation.pk)
        if locked.during.upper is None:
            locked.during = ended(locked.during)
            locked.save(update_fields=["during"])
            facts = {"relation": locked.relation, "other": locked.other.uuid}
            record(actor, OrganizationAct.RELATION_ENDED, locked.organization, facts=facts)


def _write(
    by: Person, organization: Organization, values: Mapping[str, object], other_names: Iterable[str]
) -> None:
    """Write these values and other names to the profile; put the fields that change on record."""
    changed = sorted(field for field in values if getattr(organization, field) != values[field])
    for field in changed:
        setattr(organization, field, values[field])
    organization.version += 1
    organization.save(update_fields=[*changed, "version"])
    _replace_names(organization, other_names)
    facts = {"fields": changed, "version": organization.version}
    record(by, OrganizationAct.EDITED, organization, facts=facts)
    index(organization=organization)


def _refuse_unseen(values: Mapping[str, object]) -> None:
    lines = {
        field: str(values[field]) for field in ("name", "legal_name", "sector") if field in values
    }
    refuse_unseen(**lines)


def _new_names(
    organization: Organization, values: dict[str, object], other_names: list[str]
) -> dict[str, list[str]]:
    """Return the names that the organization does not have yet, by form field."""
    known = [organization.name, organization.legal_name]
    known += [other.name for other in organization.other_names.all()]
    known_keys = {equality_key(name) for name in known}
    wanted: dict[str, list[str]] = {"other_names": other_names}
    for field in ("name", "legal_name"):
        if field in values:
            wanted[field] = [str(values[field])]
    return {
        field: [name for name in names if equality_key(name) not in known_keys]
        for field, names in wanted.items()
    }


def _with_free_address(organization: Organization) -> Organization:
    """Save the organization under its name's address, or that with the first free number from 2."""

    def save(slug: str) -> None:
        organization.slug = slug
        organization.save()

    addresses.save_with_free_address(kind="organization", name=organization.name, save=save)
    return organization


def _replace_names(organization: Organization, names: Iterable[str]) -> None:
    own = {equality_key(organization.name), equality_key(organization.legal_name)}
    wanted = {equality_key(name): " ".join(name.split())[:200] for name in names if name.strip()}
    for key in own:
        wanted.pop(key, None)
    for other in organization.other_names.all():
        if wanted.pop(equality_key(other.name), None) is None:
            other.delete()
    for name in wanted.values():
        refuse_unseen(other_names=name)
        OrganizationName(organization=organization, name=name).save()


def _replace_domains(organization: Organization, domains: Iterable[str]) -> list[str]:
    wanted = sorted({spelled_domain(domain) for domain in domains if domain.strip()})
    for domain in wanted:
        if "@" in domain or "." not in domain or any(char.isspace() for char in domain):
            raise Invalid(
                _("“%(domain)s” is not an e-mail domain. Write it like example.org.")
                % {"domain": domain},
                field="domains",
            )
    organization.domains.exclude(domain__in=wanted).delete()
    known = set(organization.domains.values_list("domain", flat=True))
    for domain in wanted:
        if domain in known:
            continue
        taken = Invalid(
            _("The domain %(domain)s belongs to another organization.") % {"domain": domain},
            field="domains",
        )
        with refused_by("organization_domain_unique", error=taken):
            OrganizationDomain.objects.create(organization=organization, domain=domain)
    return wanted
