"""Conditional answers (RFC 9110, section 13): ask whether a copy is still good before rendering.

The ETag of a page is made of ids and versions: it costs no rendering, and it changes with what is
shown and with who may see it, so the caller names both. That of a calendar or of an answer of the
API, which is made of rows that have to be asked for in any case, is made of its bytes.
"""

from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from common.http.release import release


def etag(*parts: object) -> str:
    """A weak ETag over `parts`, such as ("group", group.uuid, group.version, viewer key).

    The release and the site's name and address are part of it, so that a new template or setting
    is not answered by an old page.
    """
    site = (release(), settings.SITE_NAME, settings.SITE_URL)
    text = "\x1f".join(str(part) for part in (*site, *parts))
    return f'W/"{blake2b(text.encode(), digest_size=12).hexdigest()}"'


def etag_of_content(content: bytes) -> str:
    """A weak ETag over the bytes of an answer: for one that is cheaper to make than to describe.

    Whatever an answer shows is in it, so a copy of before is never taken for a good one.
    """
    return f'W/"{blake2b(content, digest_size=12).hexdigest()}"'


def conditional(
    request: HttpRequest,
    current: str,
    render: Callable[[], HttpResponse],
    *,
    public: bool = False,
    max_age: int = 0,
) -> HttpResponse:
    """`render()` with its ETag, or 304 without calling it when the reader's copy is still good.

    `public` lets shared caches keep it for `max_age` seconds: only for pages that are the same for
    everybody. All others may be kept by the reader's browser alone, and are asked for each time.
    """
    response: HttpResponse = get_conditional_response(request, etag=current) or render()
    response["ETag"] = current
    response["Cache-Control"] = f"public, max-age={max_age}" if public else "private, no-cache"
    if not public:
        patch_vary_headers(response, ("Cookie",))
    return response
