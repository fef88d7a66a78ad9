"""One web process of the supervisor: everything is loaded before the gate opens.

    python -m alliance.server.web SOCKET GATE

SOCKET is the descriptor of the bound socket. GATE is a pipe on which one byte says that the
database is ready for requests, or `-` where it is known to be.
"""

import os
import socket
import sys

import django
import uvicorn
from django.conf import settings
from django.urls import get_resolver


def main() -> None:
    listener, gate = sys.argv[1:]
    django.setup()
    # Resolve every route now, so that the first visitor does not pay for the imports.
    _ = get_resolver().url_patterns
    if gate != "-" and not os.read(int(gate), 1):
        return  # the supervisor gave up
    # Only now: the middleware lists the collected static files when it is made.
    from alliance.asgi import application

    config = uvicorn.Config(
        application,
        interface="asgi3",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # A client's X-Forwarded-For is believed only where a proxy of ours has set it.
        proxy_headers=settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0,
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=10,
    )
    # The address family is read from the socket itself.
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(listener))])


if __name__ == "__main__":
    main()
