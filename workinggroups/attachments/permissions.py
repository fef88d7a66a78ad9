"""Who adds and removes files: whoever writes on the thing. Source: docs/permissions.md."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from workinggroups.attachments.models import Attachment
from workinggroups.attachments.places import Place


@rule(lambda viewer, place: place.refusal)
def can_attach(viewer: Viewer, place: Place) -> bool:
    """The right alone; whether the thing takes files any more is a question of its state."""
    return place.can_attach


@rule(_("The chairs of the group, and whoever added a file, remove it."))
def can_remove(viewer: Viewer, place: Place, attachment: Attachment) -> bool:
    """One's own; those of others for whoever may remove them there."""
    is_own = viewer.person_id is not None and attachment.added_by_id == viewer.person_id
    return place.can_attach and (place.can_remove_others or is_own)
