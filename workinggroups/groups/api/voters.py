"""Who votes for an organization in a group, as the API shows it."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from members.onboarding.standing import Standing
from members.organizations.api import OrganizationNameSerializer
from members.people.api import PersonSerializer
from workinggroups.groups.voter_permissions import can_see_standing
from workinggroups.groups.voters import OrganizationVoters


class VotersSerializer(serializers.Serializer[OrganizationVoters]):
    """Who votes for an organization in the group."""

    organization = OrganizationNameSerializer(read_only=True)
    voter = PersonSerializer(
        read_only=True, allow_null=True, help_text="Null where nobody can vote for it now."
    )
    alternates = PersonSerializer(many=True, read_only=True, help_text="In order.")
    is_named = serializers.BooleanField(
        read_only=True, help_text="False where the organization's representative votes by default."
    )
    can_vote = serializers.BooleanField(
        source="is_good", read_only=True, help_text="Whether the organization is in good standing."
    )
    standing = serializers.SerializerMethodField(
        help_text="For the chairs, staff and the organization's own people; null for others."
    )

    @extend_schema_field(
        serializers.ChoiceField(
            choices=[each.value for each in Standing], allow_null=True, read_only=True
        )
    )
    def get_standing(self, voters: OrganizationVoters) -> str | None:
        viewer, group = self.context["viewer"], self.context["group"]
        if can_see_standing(viewer, group, voters.organization):
            return voters.standing.value
        return None
