"""Limits on what one person can do that mails others; checked by pages and the API."""

from common.http import throttling
from members.people.anonymous_mail import check_invitation

# Addresses that one person may invite into groups.
INVITATIONS_AN_HOUR = 30


def check_group_invitation(person_id: int, address: str) -> None:
    """Count one invitation; raise TooMany past a limit.

    Counted by inviter and by address, so that reaching a limit does not show whether the address has
    an account.
    """
    throttling.check("lookup", person_id, INVITATIONS_AN_HOUR, 3600)
    check_invitation(person_id, address)
