"""What actions of this room begin with: the group held still, and the question of rights."""

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.access import Viewer, viewer_for
from common.errors import NotAllowed, WrongState
from members.people.models import Person
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import is_reading, is_running


def held(group: Group) -> Group:
    """The group as it is now, locked until the end of the transaction.

    Whatever counts its people, offices or numbers goes through this lock, one act after another.
    It comes before the lock of anything inside the group, or two acts could wait for each other;
    rows that only point to the group are written beside it (no key).
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Hold a group inside a transaction.")
    return Group.objects.select_for_update(no_key=True).get(pk=group.pk)


def require(allowed: bool, sentence: str | Promise) -> None:
    """Raises NotAllowed with the sentence unless the predicate said yes."""
    if not allowed:
        raise NotAllowed(str(sentence))


def why_not(viewer: Viewer, group: Group, sentence: str | Promise) -> str | Promise:
    """The sentence of a refusal, or another for staff that has the group open to read."""
    if is_reading(viewer, group):
        return _("You opened this group to read it. Close it before you act as staff.")
    return sentence


def require_running(group: Group) -> None:
    if not is_running(group):
        raise WrongState(_("This group is concluded. Its pages can be read, not changed."))


def as_viewer(person: Person) -> Viewer:
    """The person's rights at this moment, asked inside the lock and not at the door."""
    return viewer_for(person.pk)
