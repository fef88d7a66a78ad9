"""Describe a revision for the decisions about it."""

from uuid import UUID

from django.utils.translation import gettext as _

from common.access import Viewer
from workinggroups.decisions.subjects import Named
from workinggroups.deliverables.models import Revision


def describe_revision(uuid: UUID, viewer: Viewer) -> Named | None:
    """Return title and address of the revision; None if the viewer cannot read it."""
    revisions = Revision.objects.visible_to(viewer).select_related("deliverable__group")
    revision = revisions.filter(uuid=uuid).first()
    if revision is None:
        return None
    title = _("%(title)s, revision %(number)d") % {
        "title": revision.deliverable.title,
        "number": revision.number,
    }
    return Named(title, revision.get_absolute_url())
