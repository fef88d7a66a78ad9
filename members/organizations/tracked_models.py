"""The models of this app whose formal acts are on record."""

from django.utils.translation import gettext_lazy as _

from common.record.registry import TrackedModel, register
from members.organizations.choices import MembershipAct, OrganizationAct
from members.organizations.models import Membership, Organization


def register_tracked_models() -> None:
    """Add them to the registry. Called from `apps.ready`."""
    register(
        TrackedModel(
            "organization",
            Organization,
            _("Organization"),
            (OrganizationAct,),
            Organization.objects.visible_to,
        ),
        TrackedModel("membership", Membership, _("Membership"), (MembershipAct,)),
    )
