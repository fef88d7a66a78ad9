"""Create one object when a form is sent twice at once, by a double click or a retry.

`{% once %}` puts a key into the form when the page is rendered. A view with the decorator `once`
remembers for a day where its answer redirected; the same form under the same key is redirected there
again and does nothing. A changed form is another form: a person who goes back, edits and sends
creates a second object. As with the API's `Idempotency-Key`, a lost cache forgets the keys.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Concatenate

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from common.errors import Conflict
from common.http.form_recovery import DRAFT_NAMES
from common.http.idempotency import REMEMBERED, RUNNING
from common.http.view_types import AnyRequest, AnyResponse, Arguments, mark

logger = logging.getLogger(__name__)

FIELD = "once"
# How long a second request waits for the first, and how often it looks, in seconds.
PATIENCE = 10.0
LOOK_SECONDS = 0.05
# Fields that can differ when one form is sent twice.
IGNORED = DRAFT_NAMES | {FIELD, "csrfmiddlewaretoken"}


def once(
    view: Callable[Concatenate[AnyRequest, Arguments], AnyResponse],
) -> Callable[Concatenate[AnyRequest, Arguments], AnyResponse | HttpResponseRedirect]:
    """Let the view act once on a form, however often the same form is sent.

    The innermost decorator, below those that check permissions. A form without the key is not
    affected.
    """

    @wraps(view)
    def guarded(
        request: AnyRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> AnyResponse | HttpResponseRedirect:
        if request.method != "POST" or not request.POST.get(FIELD):
            return view(request, *args, **kwargs)
        name = _name(request)
        try:
            target = _await_first(name)
        except RedisError:
            logger.warning("The cache does not answer: a form is handled without its key.")
            return view(request, *args, **kwargs)
        if target:
            return HttpResponseRedirect(target)
        try:
            response = view(request, *args, **kwargs)
        except BaseException:
            # Nothing happened: the next attempt can try.
            _store_target(name, "")
            raise
        redirects = response.status_code == 302
        _store_target(name, response.headers.get("Location", "") if redirects else "")
        return response

    return mark(guarded, "is_once")


def _await_first(name: str) -> str:
    """Return where the first request with this form redirected; "" when this is the first.

    Raises Conflict when the first request takes longer than PATIENCE.
    """
    deadline = time.monotonic() + PATIENCE
    while not cache.add(name, "", RUNNING):
        if target := cache.get(name):
            return str(target)
        if time.monotonic() > deadline:
            raise Conflict(
                _("We are still processing this form. Reload the page to see the result.")
            )
        time.sleep(LOOK_SECONDS)
    return ""


def _store_target(name: str, target: str) -> None:
    try:
        if target:
            cache.set(name, target, REMEMBERED)
        else:
            cache.delete(name)
    except RedisError:
        logger.warning("The cache does not answer: the key of a form is not stored.")


def _name(request: HttpRequest) -> str:
    """Return the cache key of a form: of its sender, page, rendering and content."""
    person = request.user.pk if hasattr(request, "user") else None
    who = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "") if person is None else str(person)
    digest = hashlib.blake2b(digest_size=16)
    for part in (who, request.get_full_path(), request.POST[FIELD], *_content(request)):
        digest.update(part.encode(errors="surrogatepass") + b"\0")
    for field in sorted(request.FILES):
        for file in request.FILES.getlist(field):
            digest.update(f"{field}\0{file.name}\0{file.size}\0".encode(errors="surrogatepass"))
            for piece in file.chunks():
                digest.update(piece)
            file.seek(0)
    return f"once:{digest.hexdigest()}"


def _content(request: HttpRequest) -> Iterator[str]:
    for name, values in sorted(request.POST.lists()):
        if name not in IGNORED:
            yield from (name, *values)
