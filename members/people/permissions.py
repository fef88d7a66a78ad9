"""Who may do what with an account. Rows `person.*` and `token.*` of docs/permissions.md."""

from common.access import Viewer
from members.people.models import ApiToken, Person


def can_edit(viewer: Viewer, person: Person) -> bool:
    """Everybody edits their own profile, and nobody anybody else's."""
    return viewer.person_id == person.pk


def can_close(viewer: Viewer, person: Person) -> bool:
    return viewer.person_id == person.pk


def can_suspend(viewer: Viewer, person: Person) -> bool:
    """Staff suspend and restore others, never themselves."""
    return viewer.is_staff and viewer.person_id != person.pk


def can_revoke(viewer: Viewer, token: ApiToken) -> bool:
    """One's own tokens; staff may also end anybody's, though they never see the secret."""
    return viewer.person_id == token.user_id or viewer.is_staff
