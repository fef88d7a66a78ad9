"""Accepting connections from the socket that all web processes share.

uvicorn would accept all waiting connections whenever it wakes, so that connections are spread over
the processes by chance. Here each process accepts one at a time, and leaves the next to the others
while it has more than its share (`shares.py`) or as many as its open files allow (`file_limit.py`).
Connections that no process has accepted wait in the socket's queue, which outlives every process.
"""

import asyncio
import errno
import logging
import socket
import time
from typing import Any

import uvicorn

from alliance.server import file_limit
from alliance.server.shares import TAKES_NONE, Share

logger = logging.getLogger("alliance.accepting")

# How many connections can wait in the socket's queue; the system's own limit (on Linux
# net.core.somaxconn) can be lower.
QUEUE = 4096
# How long a process above its share leaves waiting connections to the others.
STEP_ASIDE_SECONDS = 0.002
# How many connections to accept before the event loop serves the others.
AT_ONCE = 16
# A connection on which the head of a request is not complete after so long is closed. uvicorn waits
# without end, so that a few thousand silent visitors would keep everybody else out.
HEAD_SECONDS = 30
# So is a connection whose reader accepts no data. Longer, since the system buffers a few megabytes
# before it sends more over a slow line.
UNREAD_SECONDS = 300
# How often connections are checked for both.
CHECK_SECONDS = 1
# The system has no descriptor or memory for another connection.
EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
# That is logged at most once in so many seconds.
WARNING_SECONDS = 60


def serve(config: uvicorn.Config, listener: socket.socket, share: Share) -> None:
    """Serve until a signal arrives, with as many connections as the system allows."""
    files = file_limit.raise_file_limit()
    shortage = file_limit.shortage(files)
    if shortage and share.index == 0:  # one process logs it for all
        logger.warning(shortage)
    SharingServer(config, listener, share, file_limit.connections_allowed(files)).run()


class SharingServer(uvicorn.Server):
    """A uvicorn server that accepts connections as described above, at most `allowed`."""

    def __init__(
        self, config: uvicorn.Config, listener: socket.socket, share: Share, allowed: int
    ) -> None:
        super().__init__(config)
        self.listener = listener
        self.share = share
        self.allowed = allowed
        self.is_watching = False
        # The task that hands a connection to uvicorn, by its protocol.
        self.opening: dict[asyncio.Protocol, asyncio.Task[None]] = {}
        self.warned_at = -float(WARNING_SECONDS)
        # For what each stuck connection waits (`waits_for`), and since when.
        self.stuck: dict[Any, tuple[int, float]] = {}
        self.checked_at = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self.loop = asyncio.get_running_loop()
        self.listener.setblocking(False)
        self.listener.listen(QUEUE)
        self.resume()

    async def on_tick(self, counter: int) -> bool:
        """Show the others ten times a second that this process is awake, and end a pause."""
        self.close_stuck()
        if self.connection_count < self.allowed:
            self.resume()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.withdraw()
        self.listener.close()
        if self.opening:
            await asyncio.wait(self.opening.values())
        await super().shutdown(sockets=[])

    @property
    def connection_count(self) -> int:
        """The exact number of open connections, on which the other processes rely."""
        connections = self.server_state.connections
        return len(connections) + sum(protocol not in connections for protocol in self.opening)

    def resume(self) -> None:
        """Accept connections when they arrive."""
        if self.should_exit:
            return
        self.share.publish(self.connection_count)
        if not self.is_watching:
            self.is_watching = True
            self.loop.add_reader(self.listener, self.accept_waiting)

    def pause(self) -> None:
        """Leave waiting connections to the other processes."""
        if self.is_watching:
            self.is_watching = False
            self.loop.remove_reader(self.listener)

    def step_aside(self) -> None:
        """Pause for a moment in which a process with fewer connections can accept."""
        self.pause()
        self.loop.call_later(STEP_ASIDE_SECONDS, self.resume)

    def withdraw(self) -> None:
        """Pause until a tick finds capacity, and tell the other processes."""
        self.share.publish(TAKES_NONE)
        self.pause()

    def accept_waiting(self) -> None:
        """Accept waiting connections while this process has its share or less."""
        for _ in range(AT_ONCE):
            connection_count = self.connection_count
            if connection_count >= self.allowed:
                self.withdraw()
                return
            self.share.publish(connection_count)
            if not self.share.can_accept(connection_count):
                self.step_aside()
                return
            try:
                connection, _address = self.listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return  # another process was first, or the client has disconnected
            except OSError as error:
                if error.errno not in EXHAUSTED:
                    raise
                self.warn_of_exhaustion(error)
                self.withdraw()
                return
            connection.setblocking(False)
            protocol = self.make_protocol()
            self.opening[protocol] = self.loop.create_task(self.open(connection, protocol))

    async def open(self, connection: socket.socket, protocol: asyncio.Protocol) -> None:
        """Hand the connection to uvicorn."""
        try:
            await self.loop.connect_accepted_socket(lambda: protocol, connection)
        except OSError:  # the client has disconnected
            connection.close()
        finally:
            del self.opening[protocol]

    def close_stuck(self) -> None:
        """Abort connections on which nothing has happened for too long."""
        now = time.monotonic()
        if now - self.checked_at < CHECK_SECONDS:
            return
        self.checked_at = now
        previous, self.stuck = self.stuck, {}
        for protocol in self.server_state.connections:
            waits = waits_for(protocol)
            if waits is None:
                continue
            before, since = previous.get(protocol, (waits, now))
            self.stuck[protocol] = (waits, since if before == waits else now)
        for protocol, (waits, since) in self.stuck.items():
            if now - since >= (HEAD_SECONDS if waits == 0 else UNREAD_SECONDS):
                protocol.transport.abort()  # closing would wait for the reader

    def make_protocol(self) -> asyncio.Protocol:
        """Create a protocol as uvicorn does for each connection in its own `startup`."""
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
            _loop=self.loop,
        )
        return protocol

    def warn_of_exhaustion(self, error: OSError) -> None:
        now = time.monotonic()
        if now - self.warned_at >= WARNING_SECONDS:
            self.warned_at = now
            logger.warning(
                "No more connections for now (%s): they wait until others end.", error.strerror
            )


def waits_for(protocol: Any) -> int | None:
    """Return how many bytes wait for the reader; 0 when the head of a request is not complete.

    Returns None for all others: uvicorn closes idle connections itself, and a connection that no
    longer speaks HTTP has no `cycle`.
    """
    if not hasattr(protocol, "cycle"):
        return None
    unread: int = protocol.transport.get_write_buffer_size()
    if unread:
        return unread
    is_idle = protocol.cycle is None or protocol.cycle.response_complete
    return 0 if is_idle and protocol.timeout_keep_alive_task is None else None
