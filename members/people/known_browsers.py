"""Browsers in which a person has signed in before, recognized by a signed cookie.

The limits for an address (`anonymous_mail.py`, `guessing.py`) count its owner's browsers apart from
strangers, so that strangers shut no owner out. The cookie grants nothing else. It holds digests of
the addresses that signed in there, so that recognising a browser needs no query and takes as long
for an unknown address.
"""

from collections.abc import Callable
from hashlib import blake2b

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import get_random_string

from common.mail.spelling import spelled
from members.people.models import Person

SALT = "members.people.known_browsers"
DAYS = 400
# Several people share a browser, and each may have several addresses; the oldest are forgotten.
ADDRESSES_AT_MOST = 15

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def cookie_name() -> str:
    return "__Host-browser" if settings.SECURE else "browser"


def known_browser(request: HttpRequest, address: str) -> str:
    """Return the name of this browser if the owner of `address` has signed in with it, else ""."""
    name, digests = _read(request)
    return name if digests and _digest(address) in digests else ""


def remember(sender: object, request: HttpRequest, user: Person, **_: object) -> None:
    """Remember this browser for all confirmed addresses of `user`, who has just signed in."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    addresses = [*confirmed.values_list("email", flat=True), user.email]
    vars(request)["remembered_addresses"] = addresses


class KnownBrowsers:
    """Middleware that sets the cookie on the response to a sign-in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if addresses := getattr(request, "remembered_addresses", None):
            name, digests = _read(request)
            added = sorted({_digest(address) for address in addresses})
            kept = [*added, *(digest for digest in digests if digest not in added)]
            value = signing.dumps(
                {"name": name or get_random_string(16), "for": kept[:ADDRESSES_AT_MOST]}, salt=SALT
            )
            response.set_cookie(
                cookie_name(),
                value,
                max_age=DAYS * 86400,
                secure=settings.SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    cookie = request.COOKIES.get(cookie_name(), "")
    try:
        held = signing.loads(cookie, salt=SALT, max_age=DAYS * 86400) if cookie else {}
        return str(held["name"]), [str(digest) for digest in held["for"]]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return "", []


def _digest(address: str) -> str:
    octets = spelled(address).encode(errors="surrogatepass")
    return blake2b(octets, digest_size=8, person=b"browser").hexdigest()
