"""What actions on a group begin with: locking it, and refusing a concluded one."""

from django.db import connection, transaction

from common.errors import WrongState
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import CONCLUDED, is_running


def lock_group(group: Group) -> Group:
    """Lock the group until the end of the transaction; return it as it is now.

    Every action that counts the group's people, offices or numbers takes this lock, so that such
    actions run one after another. Take it before the lock of anything inside the group, or two
    actions could wait for each other. Rows that only point to the group can still be written (no
    key).
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Lock a group inside a transaction.")
    return Group.objects.select_for_update(no_key=True).get(pk=group.pk)


def share_group(group_id: int) -> None:
    """Keep the group from concluding until the transaction ends; wait while it is being changed.

    For acts that read the group's state and count nothing: they do not wait for each other. Take it
    before the lock of anything inside the group, and never before `lock_group`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM groups_group WHERE id = %s FOR SHARE", [group_id])


def require_running(group: Group) -> None:
    """Raise WrongState for a concluded group."""
    if not is_running(group):
        raise WrongState(str(CONCLUDED))
