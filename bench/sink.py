"""The bare relay that mailing is held against: takes every mail, reads nothing, keeps nothing.

    python -m bench.sink DESCRIPTOR

DESCRIPTOR is that of a listening socket.
"""

import socket
import sys
import threading


def serve(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=converse, args=(connection,), daemon=True).start()


def converse(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"220 bench\r\n")
        while line := lines.readline():
            word = line[:4].upper()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                while lines.readline() not in (b".\r\n", b""):
                    pass
            connection.sendall(b"221 bye\r\n" if word == b"QUIT" else b"250 OK\r\n")
            if word == b"QUIT":
                return


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
