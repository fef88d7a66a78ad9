"""Limits for mails that visitors can cause.

Sign-in by code, password reset, sign-up, application and invitation mail an address that a visitor
typed; each asks `may_mail` first. Past a limit no mail is queued and the page reads the same, so
that nobody learns whether others have asked for the same address.
"""

from collections.abc import Callable

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

from common.http import throttling
from common.mail.spelling import spelled
from members.people.known_browsers import known_browser

HOUR, DAY = 3600, 24 * 3600
# Mails to one address, over all visitors.
TO_AN_ADDRESS = ((5, HOUR), (20, DAY))
# Mails that one visitor (one IP address) causes, to any addresses.
BY_A_VISITOR = ((20, HOUR),)
# Codes for a person who is signed in or uses a known browser. Counted apart, so that strangers who
# exhaust their limit do not shut the owner of the address out.
BY_ITS_OWNER = ((20, HOUR),)
# Mails that a signed-in person causes to addresses that are not (yet) theirs.
BY_AN_ACCOUNT = ((20, HOUR),)
# Invitations by one person, and to one address.
INVITATIONS_A_PERSON = ((60, HOUR),)
INVITATIONS_TO_AN_ADDRESS = ((5, HOUR), (20, DAY))

# Answers for a higher layer whether it has invited this (normalized) address.
InvitationCheck = Callable[[str], bool]
_invitation_checks: list[InvitationCheck] = []


def except_invited(is_invited: InvitationCheck) -> None:
    """Let addresses that `is_invited` knows pass the limit of a visitor. Called in `apps.ready`."""
    _invitation_checks.append(is_invited)


def may_mail(request: HttpRequest, address: str, *, is_invited: bool = False) -> bool:
    """Count one mail to `address` that this request causes; return whether it may be sent.

    `is_invited`: the visitor holds a valid invitation of this address. Such a mail does not count
    against the visitor, since many invited people share one IP address. An address that a higher
    layer invited (`except_invited`) counts, but is mailed past the limit, so that the limit does
    not tell who is invited. Raises RedisError when the cache is down.
    """
    address = spelled(address)
    person = request.user if request.user.is_authenticated else None
    if (person and spelled(person.email) == address) or known_browser(request, address):
        return not throttling.count_within_limits("mail-owner", address, *BY_ITS_OWNER)
    if person:
        if throttling.count_within_limits("mail-account", person.pk, *BY_AN_ACCOUNT):
            return False
    elif (
        not is_invited
        and throttling.count_within_limits("mail-visitor", get_ip(request), *BY_A_VISITOR)
        and True not in [is_known(address) for is_known in _invitation_checks]
    ):
        return False
    return not throttling.count_within_limits("mail", address, *TO_AN_ADDRESS)


def check_invitation(person_id: int, address: str) -> None:
    """Count one invitation by this person to `address`; raise TooMany past a limit.

    It counts against the inviter, and not against the limits that strangers can exhaust.
    """
    for amount, seconds in INVITATIONS_A_PERSON:
        throttling.check("invite", person_id, amount, seconds)
    for amount, seconds in INVITATIONS_TO_AN_ADDRESS:
        throttling.check(f"invite-to-{seconds}", spelled(address), amount, seconds)
