"""Two addresses for load balancers and monitors: is this process alive, and can it serve pages?"""

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.cache import cache as valkey
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common.disk import try_write
from common.http.page_limit import uncounted

logger = logging.getLogger(__name__)


@uncounted
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200. Checks nothing, so that an outage elsewhere restarts nothing."""
    return plain("ok\n", 200)


@uncounted
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when pages work, else 503 with one line for each reason why not."""
    checks: list[tuple[str, Callable[[], bool]]] = [
        ("The database does not answer.", database_answers),
        ("Valkey does not answer.", valkey_answers),
        ("The disk of the data folder takes no writes.", disk_takes_writes),
    ]
    reasons = [reason for reason, check in checks if not passes(check)]
    if not reasons and not passes(is_migrated):
        reasons = ["Migrations have not been applied."]
    if reasons:
        response = plain("\n".join(reasons) + "\n", 503)
        response["Retry-After"] = "5"
        return response
    return plain("ready\n", 200)


def passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:
        logger.warning("%s failed: %s", check.__name__, type(error).__name__)
        return False


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def valkey_answers() -> bool:
    valkey.get("readyz")
    return True


def disk_takes_writes() -> bool:
    try_write(Path(settings.MEDIA_ROOT))
    return True


def is_migrated() -> bool:
    if not _migrated():
        _migrated.cache_clear()
        return False
    return True


@cache
def _migrated() -> bool:
    """Cached once it is true: the code and its migrations do not change under a running process."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def plain(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
