"""The search entry of an organization, under all its names."""

from collections.abc import Iterable
from datetime import datetime

from common.access import Level
from common.search import actions as search
from common.search.models import SearchEntry
from members.organizations.models import Organization


def index(*, organization: Organization) -> None:
    """Store the organization in search while it is a member; else remove it."""
    if not Organization.objects.members().filter(pk=organization.pk).exists():
        search.remove(kind="organization", uuid=organization.uuid)
        return
    names = organization.other_names.values_list("name", flat=True)
    search.store(organization_entries(organization, names))


def organization_entries(
    organization: Organization, other_names: Iterable[str] = (), at: datetime | None = None
) -> list[SearchEntry]:
    """Return the unsaved search entries of a member organization, dated `at` or now."""
    return search.entries_of(
        kind="organization",
        uuid=organization.uuid,
        title=organization.name,
        body="\n\n".join([organization.legal_name, *other_names, organization.summary]),
        url=organization.get_absolute_url(),
        level=Level.PUBLIC,
        at=at,
    )
