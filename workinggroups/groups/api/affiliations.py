"""On whose behalf a caller of the API takes part in a group."""

from rest_framework import serializers

from common.access import Viewer
from members.organizations.models import Organization


def organization_field() -> serializers.CharField:
    """Return the field for the slug of an organization that the caller belongs to."""
    return serializers.CharField(
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
    if slug:
        named: Organization | None = own.at_address(slug).first()
        if named is None:
            raise serializers.ValidationError(
                {"organization": ["You do not belong to this organization."]}
            )
        return named
    organizations = list(own[:2])
    if len(organizations) > 1:
        raise serializers.ValidationError(
            {"organization": ["You belong to several organizations. Choose one of them."]}
        )
    return organizations[0] if organizations else None
