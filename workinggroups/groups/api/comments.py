"""Comments on action items in the API."""

from rest_framework import serializers

from common.api.serializers import StrictModelSerializer, StrictSerializer, field_named_as_in_base
from common.text.figures import with_figures
from members.organizations.api import OrganizationNameSerializer
from members.people.api import PersonSerializer
from workinggroups.groups.models import ActionItemComment


class ActionItemCommentSerializer(StrictModelSerializer[ActionItemComment]):
    item = serializers.UUIDField(source="item.uuid", read_only=True)
    html = serializers.SerializerMethodField()
    author = PersonSerializer(read_only=True)
    organization = OrganizationNameSerializer(allow_null=True, read_only=True)

    class Meta:
        model = ActionItemComment
        fields = [
            "uuid",
            "item",
            "number",
            "author",
            "organization",
            "source",
            "html",
            "created_at",
            "edited_at",
            "version",
        ]

    def get_html(self, comment: ActionItemComment) -> str:
        # No pictures can be attached to an action item: where a text names one, its words say so.
        return str(with_figures(comment.html, {}))


class AddActionItemCommentSerializer(StrictSerializer):
    """A comment in Markdown."""

    source = field_named_as_in_base(serializers.CharField(trim_whitespace=False))
