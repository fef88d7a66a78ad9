"""Conditional answers (RFC 9110, section 13): 304 without rendering for a copy that is current.

The ETag of a page is made of ids and versions, so that it needs no rendering. It has to change with
what is shown and with who can see it: the caller passes both. The ETag of a calendar or an API
answer, whose rows have to be read in any case, is made of its bytes.
"""

from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from common.http.release import release, static_files


def etag(*parts: object) -> str:
    """Return a weak ETag over `parts`, such as ("group", group.uuid, group.version, viewer key).

    The release, the static files and the site's name and address are part of it, so that an upgrade,
    another style sheet or a new setting makes every copy stale.
    """
    site = (release(), static_files(), settings.SITE_NAME, settings.SITE_URL)
    text = "\x1f".join(str(part) for part in (*site, *parts))
    return f'W/"{blake2b(text.encode(), digest_size=12).hexdigest()}"'


def etag_of_content(content: bytes) -> str:
    """Return a weak ETag over the bytes of an answer that is cheaper to make than to describe."""
    return f'W/"{blake2b(content, digest_size=12).hexdigest()}"'


def conditional(
    request: HttpRequest,
    current: str,
    render: Callable[[], HttpResponse],
    *,
    public: bool = False,
    max_age: int = 0,
) -> HttpResponse:
    """Return `render()` with its ETag, or 304 without calling it when the reader's copy is current.

    `public` lets shared caches keep the answer for `max_age` seconds: only for pages that are the same
    for everybody. All others only the reader's browser can keep, and it revalidates them each time.
    """
    response: HttpResponse = get_conditional_response(request, etag=current) or render()
    response["ETag"] = current
    response["Cache-Control"] = f"public, max-age={max_age}" if public else "private, no-cache"
    if not public:
        patch_vary_headers(response, ("Cookie",))
    return response
