"""Rate limits, counted in the shared cache for a fixed window per scope and key."""

import logging
import time
from hashlib import blake2b

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from common.errors import TooMany

logger = logging.getLogger(__name__)

# Without the cache these let nobody through: guessing passwords or mailing strangers without a
# limit is worse than waiting. All others go on uncounted.
CLOSED_WITHOUT_CACHE = frozenset(
    {"login", "code", "reset", "signup", "invite", "application", "mail"}
)


def check(scope: str, key: object, limit: int, per_seconds: int) -> None:
    """Counts one more act of `key` in `scope` and raises TooMany past `limit` in `per_seconds`.

    `key` is whatever is limited: an account, an address, a target. It is stored as a digest.
    Raises the cache's own error, which is answered by 503, for CLOSED_WITHOUT_CACHE when the cache
    is away.
    """
    window, elapsed = divmod(int(time.time()), per_seconds)
    digest = blake2b(str(key).encode(errors="surrogatepass"), digest_size=12).hexdigest()
    name = f"throttle:{scope}:{digest}:{window}"
    try:
        cache.add(name, 0, per_seconds)
        count = cache.incr(name)
    except ValueError:
        return  # expired between the two calls: a new window has begun
    except RedisError:
        if scope in CLOSED_WITHOUT_CACHE:
            raise
        logger.warning("The cache is away: %s goes on without its limit.", scope)
        return
    if count > limit:
        wait = per_seconds - elapsed
        raise TooMany(
            _("That was too often. Try again in %(seconds)d seconds.") % {"seconds": wait}, wait
        )
