"""Who may do what with an account. Rows `person.*` and `token.*` of docs/permissions.md."""

from common.access import Viewer
from members.people.models import ApiToken, Person, SecondFactorReset


def can_edit(viewer: Viewer, person: Person) -> bool:
    """Everybody edits their own profile, and nobody anybody else's."""
    return viewer.person_id == person.pk


def can_close(viewer: Viewer, person: Person) -> bool:
    return viewer.person_id == person.pk


def can_suspend(viewer: Viewer, person: Person) -> bool:
    """Staff suspend and restore others, never themselves."""
    return viewer.is_staff and viewer.person_id != person.pk


def can_reset_second_factor(viewer: Viewer, person: Person) -> bool:
    """Staff reset the second factor of others, never their own."""
    return viewer.is_staff and viewer.person_id != person.pk


def can_agree_to_reset(viewer: Viewer, reset: SecondFactorReset) -> bool:
    """Staff other than the one who asked and the one whose second factor it is."""
    return viewer.is_staff and viewer.person_id not in (reset.asked_by_id, reset.person_id)


def can_withdraw_reset(viewer: Viewer, reset: SecondFactorReset) -> bool:
    """Any staff, also the person themselves: their factor is not lost after all."""
    return viewer.is_staff


def can_revoke(viewer: Viewer, token: ApiToken) -> bool:
    """One's own tokens; staff may also end anybody's, though they never see the secret."""
    return viewer.person_id == token.user_id or viewer.is_staff
