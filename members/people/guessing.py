"""Limits for guesses at a password, counted so that strangers lock nobody out.

| who guesses                           | limit                                          |
|---------------------------------------|------------------------------------------------|
| a signed-in person, confirming        | 5 in 5 minutes for the person                  |
| a browser that the owner used before  | 5 in 5 minutes for the browser                 |
| any other visitor                     | 5 in 5 minutes for address and visitor,        |
|                                       | 10 a minute for the visitor,                   |
|                                       | 50 an hour for the address, over all visitors  |

Each guess is counted before it is compared, also when many arrive at once, and a right one is
taken off again. Unknown addresses are counted alike.
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
    """One guess that may be compared."""

    act: str
    counted: list[tuple[str, str]] = field(default_factory=list)

    def was_right(self) -> None:
        """Take the guess off the counters. Raises RedisError when the cache is down."""
        for scope, key in self.counted:
            throttling.uncount(scope, key, self.act)


def begin_guess(request: HttpRequest, address: str) -> Guess | None:
    """Count a guess at the password of `address`; return None if a limit is reached.

    Raises RedisError when the cache is down, so that nobody guesses without limits.
    """
    guess = Guess(uuid4().hex)
    for scope, key, limit in _counters(request, spelled(address)):
        if throttling.count_within_limits(scope, key, limit, act=guess.act):
            guess.was_right()
            return None
        guess.counted.append((scope, key))
    return guess


def forget_guesses(request: HttpRequest, address: str) -> None:
    """Forget this visitor's guesses at `address`, whose owner has just set a new password."""
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
