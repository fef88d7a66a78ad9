"""How many pages a minute one account, or one visitor without an account, can request.

A generous limit against programs that walk through ids: nobody reaches it by reading. It costs one
round trip to the cache, and nothing while the cache does not answer. Static files, the images of a
page and health probes are not counted, nor are public pages that come from the page cache: any
cookie has the page rendered again.
"""

import logging
import time
from collections.abc import Callable

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from common.errors import TooMany
from common.http import errors
from common.http.requests import is_api
from common.http.view_types import View, mark
from common.valkey import cache_client

logger = logging.getLogger(__name__)

MINUTE = 60
# A request with one of these is not answered from the page cache.
OWN = ("QUERY_STRING", "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_HX_REQUEST")
# After a failure of the cache this process counts nobody for so long, so that a cache that hangs
# delays one request and not every request.
SILENT_SECONDS = 5.0
_silent_until = 0.0

_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""


def uncounted(view: View) -> View:
    """Mark a view as cached or cheap: visitors can read it as often as they like."""
    return mark(view, "is_uncounted")


def part_of_page(view: View) -> View:
    """Mark a view of what browsers load by themselves with a page, such as its images."""
    return mark(view, "is_part_of_page")


def count_request(who: str) -> None:
    """Count one request of `who`. Raises TooMany past the limit of this minute."""
    global _silent_until
    limit = settings.PAGES_A_MINUTE
    if not limit or time.monotonic() < _silent_until:
        return
    minute, elapsed = divmod(int(time.time()), MINUTE)
    key = cache.make_key(f"pages:{who}:{minute}")
    try:
        count = cache_client().execute_command("EVAL", _COUNT, 1, key, MINUTE)
    except RedisError as error:
        _silent_until = time.monotonic() + SILENT_SECONDS
        logger.warning("The cache does not answer: pages are not limited (%s).", error)
        return
    if count > limit:
        raise TooMany(
            _("You opened more than %(limit)d pages in a minute. Try again in %(seconds)d seconds.")
            % {"limit": limit, "seconds": MINUTE - elapsed},
            MINUTE - elapsed,
        )


def count_account(person_id: int) -> None:
    """Count one request of this account. Raises TooMany past the limit of this minute."""
    count_request(f"account:{person_id}")


def count_visitor(request: HttpRequest) -> None:
    """Count one request from this network address. Raises TooMany past the limit of this minute."""
    try:
        address = get_ip(request)
    except (ImproperlyConfigured, PermissionDenied):
        address = request.META.get("REMOTE_ADDR", "")
    if address:
        count_request(f"visitor:{address}")


class PageLimit(MiddlewareMixin):
    """Answers 429 with Retry-After past PAGES_A_MINUTE; 0 switches the limit off.

    A request that brings a token is counted where the token is read: for its account, or for the
    visitor when it is not valid.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, options: object
    ) -> HttpResponse | None:
        if not settings.PAGES_A_MINUTE or getattr(view, "is_part_of_page", False):
            return None
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        is_for_all = not any(request.META.get(name) for name in OWN)
        if getattr(view, "is_uncounted", False) and is_for_all:
            return None
        try:
            if has_session and request.user.is_authenticated:
                count_account(request.user.pk)
            elif not (is_api(request) and "HTTP_AUTHORIZATION" in request.META):
                count_visitor(request)
        except TooMany as refusal:
            return errors.answer(
                request, 429, refusal.message, retry_after=refusal.retry_after, keep=True
            )
        return None
