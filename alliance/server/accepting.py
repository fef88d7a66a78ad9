"""A web process takes connections from the socket that all web processes share.

uvicorn would take whatever waits whenever it wakes, so that kept connections fall on the processes
by chance. Here each takes one at a time, and steps aside for a few milliseconds when it holds more
than its share (`shares.py`) or as many as its open files allow (`file_limit.py`). What nobody has
taken waits in the socket's queue, which outlives every process.
"""

import asyncio
import errno
import logging
import socket
import time

import uvicorn

from alliance.server import file_limit
from alliance.server.shares import TAKES_NONE, Share

logger = logging.getLogger("alliance.accepting")

# Connections that may wait in the socket's queue; the system's own limit (on Linux
# net.core.somaxconn) may be lower.
QUEUE = 4096
# How long a process above its share leaves a waiting connection to the others.
STEP_ASIDE_SECONDS = 0.002
# Connections taken before the loop sees to those it has.
AT_ONCE = 16
# The system has no descriptor or memory left for one more connection.
EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
# How often the log says so.
COMPLAINT_SECONDS = 60


def serve(config: uvicorn.Config, listener: socket.socket, share: Share) -> None:
    """Serve until told to stop by a signal, with as many connections as the system allows."""
    files = file_limit.raise_file_limit()
    shortage = file_limit.shortage(files)
    if shortage and share.slot == 0:  # said once, not by every process
        logger.warning(shortage)
    Server(config, listener, share, file_limit.connections_allowed(files)).run()


class Server(uvicorn.Server):
    """uvicorn with our own way of taking connections."""

    def __init__(
        self, config: uvicorn.Config, listener: socket.socket, share: Share, allowed: int
    ) -> None:
        super().__init__(config)
        self.listener = listener
        self.share = share
        self.allowed = allowed
        self.opening: set[asyncio.Task[None]] = set()
        self.is_listening = False
        self.complained_at = -float(COMPLAINT_SECONDS)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self.loop = asyncio.get_running_loop()
        self.listener.setblocking(False)
        self.listener.listen(QUEUE)
        self.listen()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: tell the others that we are awake, and take up what was paused."""
        if self.held < self.allowed and not self.should_exit:
            self.listen()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.pause()
        self.listener.close()
        if self.opening:  # those we took are answered before we go
            await asyncio.wait(self.opening)
        await super().shutdown(sockets=[])

    @property
    def held(self) -> int:
        """Connections of this process."""
        return len(self.server_state.connections) + len(self.opening)

    def listen(self) -> None:
        """Be woken when a connection waits."""
        self.share.say(self.held)
        if not self.is_listening:
            self.is_listening = True
            self.loop.add_reader(self.listener, self.take)

    def pause(self) -> None:
        """Take nothing, and let the others know, until the next tick finds room."""
        self.share.say(TAKES_NONE)
        self.ignore()

    def ignore(self) -> None:
        """Leave what waits in the queue to the others."""
        if self.is_listening:
            self.is_listening = False
            self.loop.remove_reader(self.listener)

    def step_aside(self) -> None:
        self.ignore()
        self.loop.call_later(STEP_ASIDE_SECONDS, self.step_back)

    def step_back(self) -> None:
        if not self.should_exit:
            self.listen()

    def take(self) -> None:
        """Take connections that wait, as long as they are ours to take."""
        for _ in range(AT_ONCE):
            held = self.held
            if held >= self.allowed:
                self.pause()
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
                self.pause()
                return
            task = self.loop.create_task(self.open(connection))
            self.opening.add(task)
            task.add_done_callback(self.opening.discard)

    async def open(self, connection: socket.socket) -> None:
        """Hand the connection to uvicorn."""
        connection.setblocking(False)
        try:
            await self.loop.connect_accepted_socket(self.protocol, connection)
        except OSError:  # it broke before it began
            connection.close()

    def protocol(self) -> asyncio.Protocol:
        """What uvicorn's own servers make for a connection."""
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
            logger.error(
                "No more connections for now (%s): they wait until others end.", error.strerror
            )
