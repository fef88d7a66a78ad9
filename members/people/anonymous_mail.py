"""Mails that somebody outside can cause: one limit over all doors that mail an address typed in.

Sign-in by code, password reset, sign-up, application, invitation: whatever mails an address that a
visitor typed asks `may_mail` first. Past a limit no mail is queued and the page says what it always
says, so that a limit tells nobody whether others have asked for the same address.
"""

from collections.abc import Callable

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

from common.http import throttling
from common.mail.spelling import spelled
from members.people.known_browsers import known_browser

HOUR, DAY = 3600, 24 * 3600
# Mails to one address, whoever asks for them.
TO_AN_ADDRESS = ((5, HOUR), (20, DAY))
# Mails that one visitor causes, to whatever addresses; a visitor is a network address.
BY_A_VISITOR = ((20, HOUR),)
# Codes for somebody signed in, or from a browser that they have used before. Counted apart: whoever
# exhausts the limit of strangers shuts nobody out.
BY_ITS_OWNER = ((20, HOUR),)
# Mails that somebody signed in causes to addresses that are not (yet) theirs.
BY_AN_ACCOUNT = ((20, HOUR),)
# What one person's invitations mail, and how often one address is invited.
INVITATIONS_A_PERSON = ((60, HOUR),)
INVITATIONS_TO_AN_ADDRESS = ((5, HOUR), (20, DAY))

# Asks a higher room whether it has invited this address, in its one spelling.
Asker = Callable[[str], bool]
_askers: list[Asker] = []


def except_invited(is_invited: Asker) -> None:
    """Those whom `is_invited` names are mailed past the limit of a visitor; from `apps.ready`."""
    _askers.append(is_invited)


def may_mail(request: HttpRequest, address: str, *, is_invited: bool = False) -> bool:
    """Count one mail to `address` that this request causes; False when it must not be sent.

    `is_invited` says that the visitor holds a valid invitation of this address: such a mail is not
    counted against the visitor, since many who are invited share one network address. Whoever was
    only told to sign up (`let_in`) has no such proof: their mail counts, so that the visitor's own
    mails do not tell who is invited, and goes out past the limit. Raises `RedisError` when the
    cache is away.
    """
    address = spelled(address)
    person = request.user if request.user.is_authenticated else None
    if (person and spelled(person.email) == address) or known_browser(request, address):
        return not throttling.take("mail-owner", address, *BY_ITS_OWNER)
    if person:
        if throttling.take("mail-account", person.pk, *BY_AN_ACCOUNT):
            return False
    elif (
        not is_invited
        and throttling.take("mail-visitor", get_ip(request), *BY_A_VISITOR)
        and True not in [asker(address) for asker in _askers]
    ):
        return False
    return not throttling.take("mail", address, *TO_AN_ADDRESS)


def check_invitation(person_id: int, address: str) -> None:
    """Count one invitation by this person to `address`; raise TooMany past a limit.

    It counts against whoever invites, and not against the limit that strangers can exhaust.
    """
    for amount, seconds in INVITATIONS_A_PERSON:
        throttling.check("invite", person_id, amount, seconds)
    for amount, seconds in INVITATIONS_TO_AN_ADDRESS:
        throttling.check(f"invite-to-{seconds}", spelled(address), amount, seconds)
