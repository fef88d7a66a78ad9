"""Who records decisions. Source: docs/permissions.md, columns B."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from workinggroups.decisions.models import Decision
from workinggroups.groups.models import Group

WHO_RECORDS = _("Only the chairs and the secretary of the group record its decisions.")


def can_record(viewer: Viewer, group: Group) -> bool:
    """Chairs and the secretary; the register is theirs to keep."""
    return viewer.is_officer(group.pk)


def can_replace(viewer: Viewer, decision: Decision) -> bool:
    """Whoever may record may record that an earlier decision no longer stands."""
    return viewer.is_officer(decision.group_id)
