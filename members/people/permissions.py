"""Who can do what with an account. Rows `person.*` and `token.*` of docs/permissions.md."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from members.people.models import ApiToken, Person, SecondFactorReset


@rule(_("Only the owner of the account can do this."))
def can_edit(viewer: Viewer, person: Person) -> bool:
    """People edit their own profile only."""
    return viewer.person_id == person.pk


@rule(_("Only the owner of the account can do this."))
def can_close(viewer: Viewer, person: Person) -> bool:
    """People close their own account only."""
    return viewer.person_id == person.pk


@rule(_("Only staff can suspend an account, and never their own."))
def can_suspend(viewer: Viewer, person: Person) -> bool:
    """Staff suspend others, never themselves."""
    return viewer.is_staff and viewer.person_id != person.pk


@rule(_("Only staff can restore an account, and never their own."))
def can_restore(viewer: Viewer, person: Person) -> bool:
    """Staff restore others, never themselves."""
    return viewer.is_staff and viewer.person_id != person.pk


def _why_no_reset(viewer: Viewer, person: Person) -> Promise:
    if viewer.is_staff:
        return _("You cannot reset your own second factor. Ask a colleague.")
    return _("Only staff can reset a second factor.")


@rule(_why_no_reset)
def can_reset_second_factor(viewer: Viewer, person: Person) -> bool:
    """Staff reset the second factor of others, never their own."""
    return viewer.is_staff and viewer.person_id != person.pk


@rule(_("Someone on staff has to agree who neither asked for the reset nor owns the account."))
def can_agree_to_reset(viewer: Viewer, reset: SecondFactorReset) -> bool:
    """Staff other than the one who asked and the one whose second factor it is."""
    return viewer.is_staff and viewer.person_id not in (reset.asked_by_id, reset.person_id)


@rule(_("Only staff can withdraw this reset."))
def can_withdraw_reset(viewer: Viewer, reset: SecondFactorReset) -> bool:
    """Any staff, including the person whose factor it is, who may have found it again."""
    return viewer.is_staff


@rule(_("Only the owner of this token or staff can revoke it."))
def can_revoke(viewer: Viewer, token: ApiToken) -> bool:
    """The owner of the token, and staff, who never see its secret."""
    return viewer.person_id == token.user_id or viewer.is_staff
