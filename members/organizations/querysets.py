from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from common.access import Viewer
from common.addresses.kinds import with_address
from common.names import name_contains
from members.organizations.choices import MembershipStatus

if TYPE_CHECKING:
    # ruff does not read the strings in the base classes below.
    from members.organizations.models import (
        Affiliation,
        Membership,
        Organization,
        OrganizationRelation,
        Representation,
    )


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, viewer: Viewer) -> "OrganizationQuerySet":
        """Current members are public; staff and an organization's own people see it in any state."""
        if viewer.is_staff:
            return self
        own = Q(pk__in=viewer.organization_ids | viewer.represented_ids)
        return self.filter(Q(self._current_members()) | own)

    def members(self) -> "OrganizationQuerySet":
        """Organizations whose membership is active or in grace now: the public wall."""
        return self.filter(self._current_members())

    def called(self, words: str) -> "OrganizationQuerySet":
        """Organizations one of whose names, also a former one, has all these words or parts."""
        from members.organizations.models import OrganizationName

        asked = name_contains(words)
        others = OrganizationName.objects.filter(asked).values("organization_id")
        return self.filter(asked | Q(pk__in=others)) if asked else self.all()

    def at_address(self, slug: str) -> "OrganizationQuerySet":
        """The organization that has or had this address."""
        return self.filter(uuid__in=with_address("organization", slug))

    def _current_members(self) -> Exists:
        from members.organizations.models import Membership

        return Exists(Membership.objects.inside().filter(organization=OuterRef("pk")))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(during__contains=Now())

    def inside(self) -> "MembershipQuerySet":
        """Memberships that open the door now: active, or in grace (read-only)."""
        return self.current().filter(status__in=[MembershipStatus.ACTIVE, MembershipStatus.GRACE])


class RelationQuerySet(models.QuerySet["OrganizationRelation"]):
    def current(self) -> "RelationQuerySet":
        return self.filter(during__contains=Now())


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def current(self) -> "AffiliationQuerySet":
        return self.filter(during__contains=Now())


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def current(self) -> "RepresentationQuerySet":
        return self.filter(during__contains=Now())
