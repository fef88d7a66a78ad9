"""Who keeps the list of works published elsewhere. Reading the catalogue is for everybody."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule


@rule(_("Only staff add works published elsewhere."))
def can_curate(viewer: Viewer) -> bool:
    """Add, correct and retire entries for such works."""
    return viewer.is_staff
