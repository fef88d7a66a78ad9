"""The models of this app whose formal acts are on record."""

from django.utils.translation import gettext_lazy as _

from common.record.registry import TrackedModel, register
from members.organizations.choices import MembershipAct, OrganizationAct
from members.organizations.models import Membership, Organization


def register_tracked_models() -> None:
    """Add them to the registry. Called from `apps.ready`."""
    register(
        TrackedModel(
            kind="organization",
            model=Organization,
            label=_("Organization"),
            verbs=(OrganizationAct,),
            visible_to=Organization.objects.visible_to,
        )
    )
    register(
        TrackedModel(
            kind="membership", model=Membership, label=_("Membership"), verbs=(MembershipAct,)
        )
    )
