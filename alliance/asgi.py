"""What a web process serves.

uvicorn --lifespan off --no-proxy-headers alliance.asgi:application
"""

from django.conf import settings

from alliance.server.bodies import Limits
from alliance.server.door import Door
from alliance.wsgi import application as pages

application = Door(
    pages,
    threads=settings.PAGE_THREADS,
    limits=Limits(max_bytes=settings.BODY_MAX_BYTES),
)
