"""The cache, with a short timeout, so that a server that hangs delays few requests.

A refused connection fails at once. A server that accepts connections and never answers shows only
by a timeout, so after one timeout this process does not ask the server again for a few seconds.
"""

import time
from typing import Any, cast

import redis
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

# How long to wait for an answer, and how long not to ask a server that gave none, in seconds.
ANSWER_SECONDS = 0.5
SILENT_SECONDS = 3.0

# Until when, on the monotonic clock, the server at an address is not asked.
_silent_until: dict[str, float] = {}


def is_silent(address: str) -> bool:
    """Whether the server at this address let a request wait a moment ago."""
    return time.monotonic() < _silent_until.get(address, 0.0)


class BriefRedis(redis.Redis):  # type: ignore[type-arg]
    """A client that does not ask a server at which another request has just timed out."""

    address = ""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if is_silent(self.address):
            raise RedisConnectionError("The server did not answer a moment ago.")
        try:
            return super().execute_command(*args, **options)
        except RedisTimeoutError:
            _silent_until[self.address] = time.monotonic() + SILENT_SECONDS
            raise


class BriefCacheClient(RedisCacheClient):
    """Django's client with short timeouts."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        # Reopen a connection that died while idle, once; never repeat a timeout.
        retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
        options = {
            "socket_timeout": ANSWER_SECONDS,
            "socket_connect_timeout": ANSWER_SECONDS,
            "retry": retry,
            **options,
        }
        super().__init__(servers, **options)
        self.first_server = servers[0]

    def get_client(self, key: object = None, *, write: bool = False) -> BriefRedis:
        client = BriefRedis(connection_pool=self._get_connection_pool(write))  # type: ignore[attr-defined]
        client.address = self.first_server
        return client


class BriefRedisCache(RedisCache):
    """The cache of the settings."""

    def __init__(self, server: str, params: dict[str, object]) -> None:
        super().__init__(server, params)
        self._class = BriefCacheClient


def cache_client() -> BriefRedis:
    """Return the connection of the default cache, for commands that Django's interface lacks."""
    return cast(BriefRedis, cast(RedisCache, caches["default"])._cache.get_client(write=True))
