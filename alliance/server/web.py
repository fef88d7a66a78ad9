"""A web process of the supervisor, which loads everything before the gate opens.

    python -m alliance.server.web SOCKET GATE PAGE SLOT

SOCKET is the descriptor of the bound socket. GATE is a pipe on which one byte says that the
database is ready for requests, or `-` when it is known to be. PAGE is the shared memory with the
number of connections of each web process, SLOT the index of this process.
"""

import os
import socket
import sys

import django
import uvicorn
from django.conf import settings
from django.urls import get_resolver

from alliance.server import accepting
from alliance.server.shares import Share


def main() -> None:
    listener, gate, page, index = sys.argv[1:]
    share = Share(int(page), int(index))
    django.setup()
    # Resolve all routes now, so that the first visitor does not wait for the imports.
    _ = get_resolver().url_patterns
    if gate != "-" and not os.read(int(gate), 1):
        return  # the supervisor gave up
    # Not earlier: the middleware lists the collected static files when it is created.
    from alliance.asgi import application

    config = uvicorn.Config(
        application,
        interface="asgi3",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # X-Forwarded-For is trusted only when our own proxy has set it.
        proxy_headers=settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0,
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=10,
    )
    # The address family is read from the socket itself.
    accepting.serve(config, socket.socket(fileno=int(listener)), share)


if __name__ == "__main__":
    main()
