"""Who can add and remove files: those who can write on the object. Source: docs/permissions.md."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from workinggroups.attachments.models import Attachment
from workinggroups.attachments.places import Place
from workinggroups.groups.permissions import why_concluded


def _why_closed(viewer: Viewer, place: Place, *_attachment: Attachment) -> Promise | str:
    return why_concluded(viewer, place.group)


@rule(lambda viewer, place: place.refusal, closed=_why_closed)
def can_attach(viewer: Viewer, place: Place) -> bool:
    """Whether the viewer may add files; `place.closed` says whether the object still takes any."""
    return place.can_attach


@rule(
    _("Only the person who added the file and the group's chairs can remove it."),
    closed=_why_closed,
)
def can_remove(viewer: Viewer, place: Place, attachment: Attachment) -> bool:
    """Their own files, and those of others where the place allows it."""
    is_own = viewer.person_id is not None and attachment.added_by_id == viewer.person_id
    return place.can_attach and (place.can_remove_others or is_own)
