"""Who may do what on the pages that no app below keeps: site texts, mail, changed texts."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule


@rule(_("Only staff edit the texts of the site."))
def can_edit_site_texts(viewer: Viewer) -> bool:
    return viewer.is_staff


@rule(_("Only staff release mail."))
def can_release_mail(viewer: Viewer) -> bool:
    """Let mail out again that was held after a restore."""
    return viewer.is_staff


def can_see_text_changes(viewer: Viewer) -> bool:
    """Staff see the changes of all texts, chairs those of their groups."""
    return viewer.is_staff or bool(viewer.chaired_ids)
