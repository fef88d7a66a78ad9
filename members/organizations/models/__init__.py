"""Organizations, their memberships, and the people who belong to them or represent them."""

from members.organizations.models.memberships import Membership
from members.organizations.models.organizations import (
    LegalNameRequest,
    Organization,
    OrganizationDomain,
    OrganizationName,
    OrganizationRelation,
)
from members.organizations.models.people import (
    Affiliation,
    Insider,
    Representation,
    RepresentationQuerySet,
)
