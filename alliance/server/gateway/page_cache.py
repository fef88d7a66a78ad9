"""The page cache: public pages answered without a page thread.

A web process caches the pages that views mark as the same for all visitors without a session
(`common.http.public_pages`). A cached page is used as long as the version of everything public
(`common.public_changes`) is the one from before the page was rendered. The version is read again
when it is older than a fifth of a second, so that a page is at most that much out of date. While the
database does not return the version, no cached page is used.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import cast
from urllib.parse import unquote_to_bytes

from django.db import Error, connection
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_request

from alliance.server.gateway.answers import Answer, Scope
from common.http.logs import name_request, request_id

VERSION_SECONDS = 0.2
# How long to wait for the version before the page threads answer.
PATIENCE_SECONDS = 1.0
# What changes with time alone, such as a meeting that is over, shows after so long.
CLOCK_SECONDS = 10
# A page is rendered again when something public changed meanwhile, at most so many times.
TRIES = 3
MOST_BYTES = 16 * 1024 * 1024
PAGE_MAX_BYTES = 512 * 1024
# No page of ours links to a path or host longer than this.
PART_MAX_BYTES = 400
# The most memory of a page beside its body and headers: its key, and the objects around it.
OVERHEAD_BYTES = 3 * PART_MAX_BYTES + 2000

# A request with one of these can get another answer, or has a body.
PERSONAL = {b"cookie", b"authorization", b"hx-request", b"content-length", b"transfer-encoding"}
# The headers that distinguish pages. Django joins repeated headers, which makes another value.
DISTINGUISHING = {b"host", b"x-forwarded-proto", b"accept-language"}
# The headers that say which copy a client has.
CONDITIONS = {b"if-none-match", b"if-modified-since"}
# Headers of a page that a 304 does not repeat.
OF_THE_BODY = {b"content-length", b"content-type"}
NAME = b"x-request-id"

access_log = logging.getLogger("alliance.request")
logger = logging.getLogger("alliance.page_cache")

Key = tuple[object, ...]
Ask = Callable[[], Awaitable[Answer]]


class PublicVersion:
    """The version of everything public, as returned by `read`, at most VERSION_SECONDS old.

    `read` runs in its own thread, so that busy page threads do not delay it.
    """

    def __init__(self, read: Callable[[], str]) -> None:
        self.read = read
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="public-version")
        self.version: str | None = None
        self.asked_at = float("-inf")
        self.reading: asyncio.Future[tuple[float, str | None]] | None = None
        self.reading_since = 0.0

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.asked_at <= VERSION_SECONDS

    async def current(self) -> str | None:
        """Return the version; None while the database does not return it in time.

        Reads it again when, among many requests, it is outdated before this one is served.
        """
        while not self.is_fresh:
            if self.reading is None:
                loop = asyncio.get_running_loop()
                self.reading_since = time.monotonic()
                self.reading = loop.run_in_executor(self.thread, self._read)
                self.reading.add_done_callback(self._take)
            patience = self.reading_since + PATIENCE_SECONDS - time.monotonic()
            if patience <= 0:
                return None
            await asyncio.wait({self.reading}, timeout=patience)
        return self.version

    def _read(self) -> tuple[float, str | None]:
        """Return when the version was read, and the version; None when the database fails."""
        # The first attempt can find a connection that has broken since the last time.
        for _attempt in range(2):
            asked_at = time.monotonic()
            try:
                return asked_at, self.read()
            except Error as error:
                logger.info("The version of public pages is not known: %s", type(error).__name__)
                connection.close()
        return asked_at, None

    def _take(self, reading: "asyncio.Future[tuple[float, str | None]]") -> None:
        self.reading = None
        if reading.cancelled() or reading.exception() is not None:
            self.asked_at, self.version = time.monotonic(), None
        else:
            self.asked_at, self.version = reading.result()


@dataclass(frozen=True)
class Page:
    """A whole answer, with the version and the period in which it was rendered."""

    answer: Answer
    version: str
    period: int

    @property
    def bytes(self) -> int:
        """Its memory: even a short page can be requested under many spellings."""
        headers = sum(len(name) + len(value) for name, value in self.answer.headers)
        return len(self.answer.body) + headers + OVERHEAD_BYTES


@dataclass
class Rendering:
    """A page that is being rendered for one request, for which others wait."""

    done: asyncio.Event = field(default_factory=asyncio.Event)
    is_cached: bool = False


class PageCache:
    """The cached pages of one process, up to `most_bytes`; the least recently used is dropped."""

    def __init__(self, read_version: Callable[[], str], most_bytes: int = MOST_BYTES) -> None:
        self.version = PublicVersion(read_version)
        self.most_bytes = most_bytes
        self.bytes = 0
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.renderings: dict[Key, Rendering] = {}

    def key_of(self, scope: Scope) -> Key | None:
        """Return the key of a public page; None when the answer must not be cached."""
        if scope["method"] not in {"GET", "HEAD"} or scope["query_string"]:
            return None
        given: dict[bytes, bytes] = dict(scope["headers"])
        if PERSONAL & given.keys() or _has_repeated_header(scope):
            return None
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        host = given.get(b"host", b"")
        proto = given.get(b"x-forwarded-proto", b"")
        if max(len(raw_path), len(host), len(proto)) > PART_MAX_BYTES:
            return None
        language = _language(given.get(b"accept-language", b""))
        key = (scope["scheme"], proto, host, raw_path, language)
        return key if key in self.pages or _is_public(raw_path) else None

    async def answer(self, scope: Scope, key: Key, ask: Ask) -> Answer:
        """Return the cached page, or the answer of `ask`, which is then cached."""
        began = time.perf_counter()
        answer = None
        for _attempt in range(TRIES):
            version = await self.version.current()
            if version is None:
                break
            page = self.pages.get(key)
            if page is not None and page.version == version and page.period == _period():
                self.pages.move_to_end(key)
                # The pages have logged the request for which the page was rendered.
                return (
                    _cached_answer(page.answer, scope, began)
                    if answer is None
                    else _for(scope, answer)
                )
            if key in self.renderings:
                rendering = self.renderings[key]
                await rendering.done.wait()
                if not rendering.is_cached:
                    break
            else:
                answer = await self._render(key, version, ask)
                if not is_cacheable(answer):
                    break
        return answer or await ask()

    async def _render(self, key: Key, version: str, ask: Ask) -> Answer:
        rendering = self.renderings[key] = Rendering()
        period = _period()
        try:
            answer = await ask()
            if is_cacheable(answer):
                rendering.is_cached = True
                self._put(key, Page(answer, version, period))
            return answer
        finally:
            del self.renderings[key]
            rendering.done.set()

    def _put(self, key: Key, page: Page) -> None:
        before = self.pages.pop(key, None)
        self.pages[key] = page
        self.bytes += page.bytes - (before.bytes if before else 0)
        while self.bytes > self.most_bytes:
            _key, oldest = self.pages.popitem(last=False)
            self.bytes -= oldest.bytes


def is_cacheable(answer: Answer) -> bool:
    """Whether this is a whole page that a view marked as public, without cookies."""
    return (
        answer.is_public
        and answer.status == 200
        and answer.file is None
        and len(answer.body) <= PAGE_MAX_BYTES
        and not any(name == b"set-cookie" for name, _value in answer.headers)
    )


def unconditional(scope: Scope) -> Scope:
    """Return the request without conditions, so that the whole page is rendered and cached."""
    headers = [pair for pair in scope["headers"] if pair[0] not in CONDITIONS]
    return {**scope, "headers": headers}


def _for(scope: Scope, page: Answer) -> Answer:
    """Return the page, or 304 for a client who has it."""
    given: dict[bytes, bytes] = dict(scope["headers"])
    tag = next((value for name, value in page.headers if name == b"etag"), b"").decode("latin-1")
    if not tag or not matches(given.get(b"if-none-match", b"").decode("latin-1"), tag):
        return page
    return Answer(304, [pair for pair in page.headers if pair[0] not in OF_THE_BODY])


def matches(header: str, current: str) -> bool:
    """Whether an If-None-Match names this tag, by weak comparison.

    Django's own function needs a request object, which does not exist here.
    """
    given = parse_etags(header)
    return given == ["*"] or current.removeprefix("W/") in {tag.removeprefix("W/") for tag in given}


def _cached_answer(cached: Answer, scope: Scope, began: float) -> Answer:
    """Return a cached page as the answer to this request, with the request's own id."""
    given: dict[bytes, bytes] = dict(scope["headers"])
    current = name_request(given.get(NAME, b"").decode("latin-1"))
    page = _for(scope, cached)
    headers = [pair for pair in page.headers if pair[0] != NAME]
    headers.append((NAME, current.encode()))
    answer = Answer(page.status, headers, page.body)
    if access_log.isEnabledFor(logging.INFO):
        _log(scope, cached, answer.status, current, began)
    return answer


def _log(scope: Scope, cached: Answer, status: int, current: str, began: float) -> None:
    """Log the same line as a page does about its request."""
    milliseconds = round((time.perf_counter() - began) * 1000, 1)
    facts: dict[str, object] = {
        "method": scope["method"],
        "route": cached.route,
        "status": status,
        "ms": milliseconds,
    }
    token = request_id.set(current)
    access_log.info("%(method)s %(route)s %(status)s %(ms)s ms", facts, extra=facts)
    request_id.reset(token)


def _has_repeated_header(scope: Scope) -> bool:
    """Whether one of the headers that distinguish pages occurs more than once."""
    names = [name for name, _value in scope["headers"] if name in DISTINGUISHING]
    return len(names) != len(set(names))


@lru_cache(maxsize=1024)
def _is_public(raw_path: bytes) -> bool:
    """Whether this is the address of a view with the decorator `public_page`."""
    try:
        match = resolve(unquote_to_bytes(raw_path).decode())
    except (UnicodeDecodeError, Resolver404):
        return False
    return getattr(match.func, "is_public_page", False)


def _language(accepted: bytes) -> str:
    """Return the language of the answer to a browser with this header."""
    meta = {"HTTP_ACCEPT_LANGUAGE": accepted.decode("latin-1")}
    return get_language_from_request(cast(HttpRequest, SimpleNamespace(COOKIES={}, META=meta)))


def _period() -> int:
    """Return the number of the current period of CLOCK_SECONDS."""
    return int(time.time() // CLOCK_SECONDS)
