"""The ASGI application of a web process.

uvicorn --lifespan off --no-proxy-headers alliance.asgi:application
"""

import gc

from django.conf import settings

from alliance.server.gateway.buffering import BufferingGateway
from alliance.server.gateway.page_cache import PageCache
from alliance.server.gateway.request_body import Limits
from alliance.wsgi import application as pages
from common.public_changes.queries import version

application = BufferingGateway(
    pages,
    threads=settings.PAGE_THREADS,
    limits=Limits(max_bytes=settings.BODY_MAX_BYTES),
    page_cache=PageCache(version),
)

# What is loaded now lives as long as the process, so the garbage collector can skip it; and a page
# creates more young objects than the default threshold expects (measured: a tenth of a page).
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 10, 10)
