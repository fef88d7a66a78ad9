"""Guesses at a password: counted by address and visitor, so that strangers lock nobody out.

| who guesses                              | limit                                     |
|------------------------------------------|-------------------------------------------|
| somebody signed in, confirming themselves | 5 in 5 minutes for the person             |
| a browser that the owner has used before | 5 in 5 minutes for the browser            |
| anybody else                             | 5 in 5 minutes for address and visitor,   |
|                                          | 10 a minute for the visitor,              |
|                                          | 50 an hour for the address from all       |

Each guess is counted before it is looked at, also when many arrive at once; a right one is not
counted. Addresses that nobody has are counted alike.
"""

from dataclasses import dataclass, field
from uuid import uuid4

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

from common.http import throttling
from common.mail.spelling import spelled
from members.people.known_browsers import known_browser

FEW = (5, 300)
BY_A_VISITOR = (10, 60)
FROM_ALL = (50, 3600)


@dataclass
class Guess:
    """One guess that may be looked at."""

    act: str
    counted: list[tuple[str, str]] = field(default_factory=list)

    def was_right(self) -> None:
        """The guess is not counted. Raises `RedisError` when the cache is away."""
        for scope, key in self.counted:
            throttling.give_back(scope, key, self.act)


def begin_guess(request: HttpRequest, address: str) -> Guess | None:
    """Count a guess at the password of `address`; None when it must not even be looked at.

    Raises `RedisError` when the cache is away: without its limits nobody guesses.
    """
    guess = Guess(uuid4().hex)
    for scope, key, limit in _counters(request, spelled(address)):
        if throttling.take(scope, key, limit, act=guess.act):
            guess.was_right()
            return None
        guess.counted.append((scope, key))
    return guess


def forget_guesses(request: HttpRequest, address: str) -> None:
    """Forget the guesses from here: the owner of the address has just set a new password."""
    for scope, key, _limit in _counters(request, spelled(address)):
        if scope != "guess-visitor":
            throttling.forget(scope, key)


def _counters(request: HttpRequest, address: str) -> list[tuple[str, str, throttling.Limit]]:
    if request.user.is_authenticated:
        return [("guess-person", str(request.user.pk), FEW)]
    if browser := known_browser(request, address):
        return [("guess-browser", f"{browser} {address}", FEW)]
    visitor = get_ip(request)
    return [
        ("guess", f"{visitor} {address}", FEW),
        ("guess-visitor", visitor, BY_A_VISITOR),
        ("guess-from-all", address, FROM_ALL),
    ]
