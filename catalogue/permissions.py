"""Who can list works published elsewhere. Everybody can read the catalogue."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule


@rule(_("Only staff can manage works published elsewhere."))
def can_curate(viewer: Viewer) -> bool:
    """Add, edit and retire entries for works published elsewhere."""
    return viewer.is_staff
