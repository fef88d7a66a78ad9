"""The cache, asked briefly: a server that is stuck costs one request a moment and the next nothing.

A refused connection is known at once. A server that takes connections and never answers is known
only by waiting; so after one wait nobody in this process asks again for a few seconds.
"""

import time
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

# How long an answer is waited for, and how long a server that gave none is left alone, in seconds.
ANSWER_SECONDS = 0.5
SILENT_SECONDS = 3.0

# Until when, on the steady clock, the server at an address is not asked.
_silent_until: dict[str, float] = {}


def is_silent(address: str) -> bool:
    """Whether the server at this address did not answer just now."""
    return time.monotonic() < _silent_until.get(address, 0.0)


def note_silence(address: str, seconds: float = SILENT_SECONDS) -> None:
    _silent_until[address] = time.monotonic() + seconds


class BriefRedis(redis.Redis):  # type: ignore[type-arg]
    """A client that does not ask a server that has just let another request wait."""

    address = ""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if is_silent(self.address):
            raise RedisConnectionError("The server did not answer a moment ago.")
        try:
            return super().execute_command(*args, **options)
        except RedisTimeoutError:
            note_silence(self.address)
            raise


class BriefCacheClient(RedisCacheClient):
    """Django's client, waiting briefly."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        # A connection that died while it was idle is opened again, once; a wait is never repeated.
        retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
        options = {
            "socket_timeout": ANSWER_SECONDS,
            "socket_connect_timeout": ANSWER_SECONDS,
            "retry": retry,
            **options,
        }
        super().__init__(servers, **options)

    def get_client(self, key: Any = None, *, write: bool = False) -> BriefRedis:
        client = BriefRedis(connection_pool=self._get_connection_pool(write))  # type: ignore[attr-defined]
        client.address = self._servers[0]  # type: ignore[attr-defined]
        return client


class BriefRedisCache(RedisCache):
    """The cache of the settings."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = BriefCacheClient
