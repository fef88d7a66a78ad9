"""Run a program as a child that dies with its parent.

    python -I -S launch.py IDENTITY PARENT SIGNAL FOLDER PROGRAM [ARGUMENT…]

Run by path with a bare interpreter, so it imports nothing of ours and no thread of the parent can
hold a lock across the fork.

IDENTITY is `same`, `namespace` (root appears as an ordinary user inside its own user namespace,
yet still owns root's files) or `UID:GID`. With FOLDER `-` the program keeps the working folder;
otherwise it starts there. PROGRAM `?` with a path only checks whether this identity can run that
program and write to that folder; the exit code is the answer.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def become(identity: str) -> None:
    """Drop root for this identity.

    PostgreSQL refuses to run as root. A namespace keeps access to folders that only root can enter,
    which an unprivileged account would not have.
    """
    if identity == "same":
        return
    if identity == "namespace":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", "1000 0 1")
        write("/proc/self/gid_map", "1000 0 1")
        return
    uid, gid = (int(part) for part in identity.split(":"))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int, signal_number: int) -> None:
    """Ask the kernel for `signal_number` when the parent dies; changing identity clears this."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            sys.exit(1)


def main() -> None:
    identity, parent, signal_number, folder, program, *arguments = sys.argv[1:]
    try:
        become(identity)
        if program == "?":
            is_allowed = os.access(arguments[0], os.X_OK) and os.access(folder, os.W_OK | os.X_OK)
            sys.exit(0 if is_allowed else 1)
        if folder != "-":
            os.chdir(folder)
    except OSError as error:
        sys.exit(f"{identity}: {error}")
    # A shell's Ctrl-C goes to the whole foreground group: only the supervisor should handle it.
    os.setpgid(0, 0)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    die_with(int(parent), int(signal_number))
    os.execv(program, [program, *arguments])  # noqa: S606


if __name__ == "__main__":
    main()
