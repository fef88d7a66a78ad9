"""How often one person may do what mails others; asked by pages and the API before the action."""

from common.http import throttling
from members.people.anonymous_mail import check_invitation

# Addresses that one person may invite into groups.
INVITATIONS_AN_HOUR = 30


def check_group_invitation(person_id: int, address: str) -> None:
    """Count one invitation; raise TooMany past a limit.

    Counted by whoever invites and by the address as it was typed, so that a limit says nothing of
    whether anybody has the address.
    """
    throttling.check("lookup", person_id, INVITATIONS_AN_HOUR, 3600)
    check_invitation(person_id, address)
