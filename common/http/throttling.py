"""Rate limits: acts counted exactly in the shared cache, over sliding windows."""

import logging
import math
import time
from hashlib import blake2b
from uuid import uuid4

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from common.errors import TooMany
from common.valkey import cache_client

logger = logging.getLogger(__name__)

# While the cache does not answer, these are refused: guessing passwords or mailing people without
# a limit is worse than waiting. All others are not limited.
CLOSED_WITHOUT_CACHE = frozenset(
    {"login", "code", "reset", "signup", "invite", "application", "mail", "lookup"}
)

# One round trip, and one act at a time: the acts of a key are a sorted set of moments. An act that
# is refused is not counted, so that trying again does not prolong the wait.
_COUNT_WITHIN_LIMITS = """
local now, longest = tonumber(ARGV[1]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
for i = 4, #ARGV, 2 do
    local amount, seconds = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
    if redis.call('ZCOUNT', KEYS[1], '(' .. (now - seconds), '+inf') >= amount then
        local first = redis.call('ZREVRANGE', KEYS[1], amount - 1, amount - 1, 'WITHSCORES')
        return tostring(first[2] and first[2] + seconds - now or seconds)
    end
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], math.ceil(longest))
return '0'
"""

# How many acts in how many seconds.
Limit = tuple[int, int]


def count_within_limits(scope: str, key: object, *limits: Limit, act: str = "") -> int:
    """Count one more act of `key` in `scope` if every limit allows it.

    Return 0 when the act is allowed, else the seconds to wait. `act` names the act for `uncount`.
    Raises `RedisError` when the cache does not answer.
    """
    arguments: list[object] = [repr(time.time()), act or uuid4().hex]
    arguments.append(max(seconds for _amount, seconds in limits))
    for amount, seconds in limits:
        arguments += [amount, seconds]
    wait = cache_client().execute_command(
        "EVAL", _COUNT_WITHIN_LIMITS, 1, _name(scope, key), *arguments
    )
    return math.ceil(float(wait))


def uncount(scope: str, key: object, act: str) -> None:
    """Stop counting an act that `count_within_limits` counted. Raises `RedisError` when the cache does not answer."""
    cache_client().zrem(_name(scope, key), act)


def forget(scope: str, key: object) -> None:
    """Stop counting all acts of `key` in `scope`. Raises `RedisError` when the cache does not answer."""
    cache_client().delete(_name(scope, key))


def check(scope: str, key: object, limit: int, per_seconds: int) -> None:
    """Count one more act of `key` in `scope`; raise TooMany past `limit` in `per_seconds`.

    `key` names what is limited: an account, an address, a target. It is stored as a digest. Raises
    `RedisError`, which is answered by 503, for CLOSED_WITHOUT_CACHE when the cache does not answer.
    """
    try:
        wait = count_within_limits(scope, key, (limit, per_seconds))
    except RedisError:
        if scope in CLOSED_WITHOUT_CACHE:
            raise
        logger.warning("The cache does not answer: %s is not limited.", scope)
        return
    if wait:
        raise TooMany(
            _("Too many attempts. Try again in %(seconds)d seconds.") % {"seconds": wait}, wait
        )


def _name(scope: str, key: object) -> str:
    digest = blake2b(str(key).encode(errors="surrogatepass"), digest_size=12).hexdigest()
    return str(cache.make_key(f"throttle:{scope}:{digest}"))
