"""On whose behalf a caller of the API takes part in a group."""

from rest_framework import serializers

from common.access import Viewer
from common.api.serializers import StrictSerializer
from members.organizations.models import Organization


class AcceptSerializer(StrictSerializer):
    """On whose behalf you take part."""

    organization = serializers.CharField(
        required=False,
        allow_null=True,
        max_length=80,
        help_text="Slug. Required if you belong to several organizations.",
    )


def affiliation_of(viewer: Viewer, slug: str | None) -> Organization | None:
    """Return the viewer's organization at this address; without an address, the viewer's only one.

    None for a viewer without an organization. ValidationError for an organization of others, and
    without an address where the viewer has several.
    """
    own = Organization.objects.filter(pk__in=viewer.organization_ids)
    organizations = list(own.at_address(slug) if slug else own[:2])
    if slug and not organizations:
        raise serializers.ValidationError(
            {"organization": ["You do not belong to this organization."]}
        )
    if len(organizations) > 1:
        raise serializers.ValidationError(
            {"organization": ["You belong to several organizations. Choose one of them."]}
        )
    return organizations[0] if organizations else None
