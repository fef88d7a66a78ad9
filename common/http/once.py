"""A form that is sent twice at once, by a double click or a retry, makes one thing.

`{% once %}` puts a key into the form when the page is rendered. A view that wears `once` remembers
for a day where its answer led; the same form under the same key is led there again and does
nothing. A changed form is another one: whoever goes back, types anew and sends makes a second
thing. As with the API's `Idempotency-Key`, the promise is as good as the cache.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from common.errors import Conflict
from common.http.form_recovery import DRAFT_NAMES
from common.http.idempotency import REMEMBERED, RUNNING

logger = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

FIELD = "once"
# How long a second request waits for the first, and how often it looks, in seconds.
PATIENCE = 10.0
LOOK_SECONDS = 0.05
# What may differ between two sendings of one form.
IGNORED = DRAFT_NAMES | {FIELD, "csrfmiddlewaretoken"}


def once(view: View) -> View:
    """The view does what a form asks once, however often the same form is sent.

    Stands innermost, below the decorators that ask who may. Without the key nothing changes.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or not request.POST.get(FIELD):
            return view(request, *args, **kwargs)
        name = _name(request)
        try:
            target = _await_first(name)
        except RedisError:
            logger.warning("The cache is away: a form goes on without its key.")
            return view(request, *args, **kwargs)
        if target:
            return HttpResponseRedirect(target)
        try:
            response = view(request, *args, **kwargs)
        except BaseException:
            # Nothing happened: the next attempt may try.
            _note(name, "")
            raise
        _note(name, response.headers.get("Location", "") if response.status_code == 302 else "")
        return response

    answered.is_once = True  # type: ignore[attr-defined]
    return cast(View, answered)


def _await_first(name: str) -> str:
    """Where the first sending of this form led; empty for the one that is the first.

    Raises Conflict where the first goes on for too long.
    """
    deadline = time.monotonic() + PATIENCE
    while not cache.add(name, "", RUNNING):
        if target := cache.get(name):
            return str(target)
        if time.monotonic() > deadline:
            raise Conflict(
                _("This form was sent a moment ago and is still being worked on. Reload the page.")
            )
        time.sleep(LOOK_SECONDS)
    return ""


def _note(name: str, target: str) -> None:
    try:
        if target:
            cache.set(name, target, REMEMBERED)
        else:
            cache.delete(name)
    except RedisError:
        logger.warning("The cache is away: the key of a form is not noted.")


def _name(request: HttpRequest) -> str:
    """Who sends which form: one key for each person, page, rendering and content."""
    person = request.user.pk if hasattr(request, "user") else None
    who = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "") if person is None else str(person)
    digest = hashlib.blake2b(digest_size=16)
    for part in (who, request.get_full_path(), request.POST[FIELD], *_content(request)):
        digest.update(part.encode(errors="surrogatepass") + b"\0")
    listed: Any = sorted(request.FILES.lists())
    uploads = [(field, file) for field, files in listed for file in files]
    for field, file in uploads:
        digest.update(f"{field}\0{file.name}\0{file.size}\0".encode(errors="surrogatepass"))
        for piece in file.chunks():
            digest.update(piece)
        file.seek(0)
    return f"once:{digest.hexdigest()}"


def _content(request: HttpRequest) -> Iterator[str]:
    for name, values in sorted(request.POST.lists()):
        if name not in IGNORED:
            yield from (name, *values)
