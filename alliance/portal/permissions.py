"""Who can do what on the pages of `alliance`: site pages, mail, people, changed texts."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from members.organizations.models import Affiliation
from members.people.models import Person


@rule(_("Only staff can edit site pages."))
def can_edit_site_texts(viewer: Viewer) -> bool:
    return viewer.is_staff


@rule(_("Only staff can release mail."))
def can_release_mail(viewer: Viewer) -> bool:
    """Staff release the mail that is held after a restore."""
    return viewer.is_staff


def can_see_address(viewer: Viewer, person: Person) -> bool:
    """Staff, the representatives of the person's organizations, and the person themselves."""
    if viewer.is_staff or viewer.person_id == person.pk:
        return True
    if viewer.read_only or not viewer.represented_ids:
        return False
    current = Affiliation.objects.current().filter(person=person)
    return current.filter(organization__in=viewer.represented_ids).exists()


def can_see_text_changes(viewer: Viewer) -> bool:
    """Staff see the changes of all texts, chairs those of their groups."""
    return viewer.is_staff or bool(viewer.chaired_ids)
