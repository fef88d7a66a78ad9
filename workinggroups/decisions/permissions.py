"""Who can record decisions. Source: docs/permissions.md, columns B."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import rule_while_running


@rule_while_running(_("Only the chairs and the secretary of the group can record its decisions."))
def can_record(viewer: Viewer, group: Group) -> bool:
    """Record decisions, and replace or rescind earlier ones."""
    return viewer.is_officer(group.pk)
