"""A web process takes connections from the socket that all web processes share.

uvicorn would take whatever waits whenever it wakes, so that kept connections fall on the processes
by chance. Here each process takes one at a time, and leaves the next to the others while it holds
more than its share (`shares.py`) or as many as its open files allow (`file_limit.py`). What nobody
has taken waits in the socket's queue, which outlives every process.
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

# Connections that may wait in the socket's queue; the system's own limit (on Linux
# net.core.somaxconn) may be lower.
QUEUE = 4096
# How long a process above its share leaves a waiting connection to the others.
STEP_ASIDE_SECONDS = 0.002
# Connections taken before the event loop sees to those it has.
AT_ONCE = 16
# A connection on which the head of a request has not come whole in so long is closed. uvicorn waits
# for one without end, so that a few thousand silent visitors would keep everybody else out.
HEAD_SECONDS = 30
# So is one whose reader takes nothing of what waits for it. Longer, since the system takes a few
# megabytes before it asks a slow line for more.
UNREAD_SECONDS = 300
# How often connections are looked through for both.
LOOK_SECONDS = 1
# The system has no descriptor or memory for one more connection.
EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
# The log says so at most once in so many seconds.
COMPLAINT_SECONDS = 60


def serve(config: uvicorn.Config, listener: socket.socket, share: Share) -> None:
    """Serve until a signal ends it, with as many connections as the system allows."""
    files = file_limit.raise_file_limit()
    shortage = file_limit.shortage(files)
    if shortage and share.slot == 0:  # one process says it for all
        logger.warning(shortage)
    SharingServer(config, listener, share, file_limit.connections_allowed(files)).run()


class SharingServer(uvicorn.Server):
    """uvicorn, but with connections taken as described above; it holds at most `allowed`."""

    def __init__(
        self, config: uvicorn.Config, listener: socket.socket, share: Share, allowed: int
    ) -> None:
        super().__init__(config)
        self.listener = listener
        self.share = share
        self.allowed = allowed
        self.is_watching = False
        # The protocol of each connection that is being handed to uvicorn, and the task doing so.
        self.opening: dict[asyncio.Protocol, asyncio.Task[None]] = {}
        self.complained_at = -float(COMPLAINT_SECONDS)
        # What each connection was seen to wait for, and since when.
        self.stuck: dict[Any, tuple[int, float]] = {}
        self.looked_at = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self.loop = asyncio.get_running_loop()
        self.listener.setblocking(False)
        self.listener.listen(QUEUE)
        self.resume()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: show the others that we are awake, and end a pause."""
        self.close_stuck()
        if self.held < self.allowed:
            self.resume()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.withdraw()
        self.listener.close()
        if self.opening:
            await asyncio.wait(self.opening.values())
        await super().shutdown(sockets=[])

    @property
    def held(self) -> int:
        """Connections taken and not ended. Exact: a number too high would send others astray."""
        known = self.server_state.connections
        return len(known) + sum(protocol not in known for protocol in self.opening)

    def resume(self) -> None:
        """Wake up when a connection waits."""
        if self.should_exit:
            return
        self.share.say(self.held)
        if not self.is_watching:
            self.is_watching = True
            self.loop.add_reader(self.listener, self.take)

    def pause(self) -> None:
        """Sleep while connections wait: they are left to the other processes."""
        if self.is_watching:
            self.is_watching = False
            self.loop.remove_reader(self.listener)

    def step_aside(self) -> None:
        """Pause for a moment in which a process with fewer connections wakes up."""
        self.pause()
        self.loop.call_later(STEP_ASIDE_SECONDS, self.resume)

    def withdraw(self) -> None:
        """Pause until a tick finds room, and let the others know."""
        self.share.say(TAKES_NONE)
        self.pause()

    def take(self) -> None:
        """Take waiting connections for as long as the next one is ours to take."""
        for _ in range(AT_ONCE):
            held = self.held
            if held >= self.allowed:
                self.withdraw()
                return
            self.share.say(held)
            if not self.share.has_room(held):
                self.step_aside()
                return
            try:
                connection, _address = self.listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return  # another process was first, or the visitor has gone
            except OSError as error:
                if error.errno not in EXHAUSTED:
                    raise
                self.complain(error)
                self.withdraw()
                return
            connection.setblocking(False)
            protocol = self.make_protocol()
            self.opening[protocol] = self.loop.create_task(self.open(connection, protocol))

    async def open(self, connection: socket.socket, protocol: asyncio.Protocol) -> None:
        """Hand the connection to uvicorn."""
        try:
            await self.loop.connect_accepted_socket(lambda: protocol, connection)
        except OSError:  # the visitor has gone
            connection.close()
        finally:
            del self.opening[protocol]

    def close_stuck(self) -> None:
        """Cut connections on which nothing has moved for too long."""
        now = time.monotonic()
        if now - self.looked_at < LOOK_SECONDS:
            return
        self.looked_at = now
        seen, self.stuck = self.stuck, {}
        for protocol in self.server_state.connections:
            waits = waits_for(protocol)
            if waits is None:
                continue
            before, since = seen.get(protocol, (waits, now))
            self.stuck[protocol] = (waits, since if before == waits else now)
        for protocol, (waits, since) in self.stuck.items():
            if now - since >= (HEAD_SECONDS if waits == 0 else UNREAD_SECONDS):
                protocol.transport.abort()  # to close would wait for the reader

    def make_protocol(self) -> asyncio.Protocol:
        """What uvicorn makes for each connection in its own `startup`."""
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
            _loop=self.loop,
        )
        return protocol

    def complain(self, error: OSError) -> None:
        now = time.monotonic()
        if now - self.complained_at >= COMPLAINT_SECONDS:
            self.complained_at = now
            logger.warning(
                "No more connections for now (%s): they wait until others end.", error.strerror
            )


def waits_for(protocol: Any) -> int | None:
    """How many bytes wait for the reader; 0 where the head of a request has not come whole.

    None for all others: one that was answered and is silent since is uvicorn's to close, and a
    socket that is no longer spoken to by HTTP has no `cycle`.
    """
    if not hasattr(protocol, "cycle"):
        return None
    unread: int = protocol.transport.get_write_buffer_size()
    if unread:
        return unread
    is_idle = protocol.cycle is None or protocol.cycle.response_complete
    return 0 if is_idle and protocol.timeout_keep_alive_task is None else None
