"""Public pages answered before a page thread is taken.

A web process keeps the pages that views mark as the same for every stranger
(`common.http.public_pages`). A kept page is sent again as long as the version of everything public
(`common.public_changes`) is the one from before the page was made. The version is read again when
it is older than a fifth of a second, so no page is sent later than that after a change to it was
committed. While the database does not say its version, nothing kept is sent.
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
from typing import Any
from urllib.parse import unquote_to_bytes

from django.db import Error, connection
from django.urls import Resolver404, resolve
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_request

from alliance.server.gateway.answers import Answer, Scope
from common.http.logs import name_request, request_id

VERSION_SECONDS = 0.2
# A version that does not come within so long is not waited for: the page threads know what to say.
PATIENCE_SECONDS = 1.0
# What changes by the clock alone, such as a meeting that is over, shows after so long.
CLOCK_SECONDS = 10
# A page is made again when something public changed meanwhile; so many times, then it is sent.
TRIES = 3
MOST_BYTES = 16 * 1024 * 1024
PAGE_MAX_BYTES = 512 * 1024
# A path or host longer than this is none that a page of ours links to.
PART_MAX_BYTES = 400
# What a page takes at most beside its body and its headers: its key, and the objects around it.
OVERHEAD_BYTES = 3 * PART_MAX_BYTES + 2000

# Whoever brings one of these may be answered with other bytes, or brings a body.
PERSONAL = {b"cookie", b"authorization", b"hx-request", b"content-length", b"transfer-encoding"}
# What tells one page from another. The pages join what is said twice, so that it is another value.
TELLING = {b"host", b"x-forwarded-proto", b"accept-language"}
# By these somebody says which copy they hold.
CONDITIONS = {b"if-none-match", b"if-modified-since"}
# Headers of a page that a 304 does not repeat.
OF_THE_BODY = {b"content-length", b"content-type"}
NAME = b"x-request-id"

access_log = logging.getLogger("alliance.request")
logger = logging.getLogger("alliance.page_cache")

Key = tuple[object, ...]
Ask = Callable[[], Awaitable[Answer]]


class PublicVersion:
    """The version of everything public, as `read` says it, never older than VERSION_SECONDS.

    `read` runs in a thread of its own, so that busy page threads do not delay it.
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
        """The version; None while the database does not say it in time.

        Where so many ask at once that the version is old before their turn comes, it is read again.
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
        """When it was asked for, and the version; None where the database is away."""
        for _attempt in range(2):  # the first may find a connection that broke since the last time
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
    """A whole answer, with the version and the stretch of time it was made in."""

    answer: Answer
    version: str
    stretch: int

    @property
    def bytes(self) -> int:
        """What it takes of memory: even a short page may be asked for under many spellings."""
        headers = sum(len(name) + len(value) for name, value in self.answer.headers)
        return len(self.answer.body) + headers + OVERHEAD_BYTES


@dataclass
class Making:
    """A page that is being made for somebody; others wait for it. `is_kept` once it is over."""

    over: asyncio.Event = field(default_factory=asyncio.Event)
    is_kept: bool = False


class PageCache:
    """The kept pages of one process. The one that was asked for longest ago gives way."""

    def __init__(self, read_version: Callable[[], str], most_bytes: int = MOST_BYTES) -> None:
        self.version = PublicVersion(read_version)
        self.most_bytes = most_bytes
        self.bytes = 0
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.making: dict[Key, Making] = {}

    def key_of(self, scope: Scope) -> Key | None:
        """What tells one public page from another; None where the answer is not to be kept."""
        if scope["method"] not in {"GET", "HEAD"} or scope["query_string"]:
            return None
        given: dict[bytes, bytes] = dict(scope["headers"])
        if PERSONAL & given.keys() or _says_twice(scope):
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
        """The kept page, or what `ask` answers, kept for the next."""
        began = time.perf_counter()
        answer = None
        for _attempt in range(TRIES):
            version = await self.version.current()
            if version is None:
                break
            page = self.pages.get(key)
            if page is not None and page.version == version and page.stretch == _stretch():
                self.pages.move_to_end(key)
                # Who had it made was named and logged by the pages.
                return _again(page.answer, scope, began) if answer is None else _for(scope, answer)
            if key in self.making:
                making = self.making[key]
                await making.over.wait()
                if not making.is_kept:
                    break
            else:
                answer = await self._make(key, version, ask)
                if not is_keepable(answer):
                    break
        return answer or await ask()

    async def _make(self, key: Key, version: str, ask: Ask) -> Answer:
        making = self.making[key] = Making()
        stretch = _stretch()
        try:
            answer = await ask()
            if is_keepable(answer):
                making.is_kept = True
                self._put(key, Page(answer, version, stretch))
            return answer
        finally:
            del self.making[key]
            making.over.set()

    def _put(self, key: Key, page: Page) -> None:
        before = self.pages.pop(key, None)
        self.pages[key] = page
        self.bytes += page.bytes - (before.bytes if before else 0)
        while self.bytes > self.most_bytes:
            _key, oldest = self.pages.popitem(last=False)
            self.bytes -= oldest.bytes


def is_keepable(answer: Answer) -> bool:
    """A whole page that a view marked, and that makes no reader known."""
    return (
        answer.is_public
        and answer.status == 200
        and answer.file is None
        and len(answer.body) <= PAGE_MAX_BYTES
        and not any(name == b"set-cookie" for name, _value in answer.headers)
    )


def unconditional(scope: Scope) -> Scope:
    """The same request by somebody who has no copy, so that the whole page is made and kept."""
    headers = [pair for pair in scope["headers"] if pair[0] not in CONDITIONS]
    return {**scope, "headers": headers}


def _for(scope: Scope, page: Answer) -> Answer:
    """The page, or 304 for a reader who holds it."""
    given: dict[bytes, bytes] = dict(scope["headers"])
    tag = next((value for name, value in page.headers if name == b"etag"), b"").decode("latin-1")
    if not tag or not matches(given.get(b"if-none-match", b"").decode("latin-1"), tag):
        return page
    return Answer(304, [pair for pair in page.headers if pair[0] not in OF_THE_BODY])


def matches(header: str, current: str) -> bool:
    """Whether an If-None-Match names this tag, compared weakly. Django's own way asks for a request,
    and none is made here."""
    given = parse_etags(header)
    return given == ["*"] or current.removeprefix("W/") in {tag.removeprefix("W/") for tag in given}


def _again(kept: Answer, scope: Scope, began: float) -> Answer:
    """A kept page as the answer to this request, under its own id."""
    given: dict[bytes, bytes] = dict(scope["headers"])
    current = name_request(given.get(NAME, b"").decode("latin-1"))
    fitting = _for(scope, kept)
    headers = [pair for pair in fitting.headers if pair[0] != NAME]
    headers.append((NAME, current.encode()))
    answer = Answer(fitting.status, headers, fitting.body)
    if access_log.isEnabledFor(logging.INFO):
        _log(scope, kept, answer.status, current, began)
    return answer


def _log(scope: Scope, kept: Answer, status: int, current: str, began: float) -> None:
    """The same line that a page writes about its request."""
    milliseconds = round((time.perf_counter() - began) * 1000, 1)
    facts: dict[str, Any] = {
        "method": scope["method"],
        "route": kept.route,
        "status": status,
        "ms": milliseconds,
    }
    token = request_id.set(current)
    access_log.info("%(method)s %(route)s %(status)s %(ms)s ms", facts, extra=facts)
    request_id.reset(token)


def _says_twice(scope: Scope) -> bool:
    """One of the headers that tell pages apart stands there more than once."""
    told = [name for name, _value in scope["headers"] if name in TELLING]
    return len(told) != len(set(told))


@lru_cache(maxsize=1024)
def _is_public(raw_path: bytes) -> bool:
    """A view that marks its answers has this address."""
    try:
        match = resolve(unquote_to_bytes(raw_path).decode())
    except (UnicodeDecodeError, Resolver404):
        return False
    return getattr(match.func, "is_public_page", False)


def _language(accepted: bytes) -> str:
    """The language in which a browser with this header is answered."""
    request: Any = SimpleNamespace(
        COOKIES={}, META={"HTTP_ACCEPT_LANGUAGE": accepted.decode("latin-1")}
    )
    return get_language_from_request(request)


def _stretch() -> int:
    """Numbers the stretches of CLOCK_SECONDS."""
    return int(time.time() // CLOCK_SECONDS)
