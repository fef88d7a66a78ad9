"""Who keeps the list of works published elsewhere. Reading the catalogue is for everybody."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer

WHO_CURATES = _("Only staff add works published elsewhere.")


def can_curate(viewer: Viewer) -> bool:
    return viewer.is_staff
