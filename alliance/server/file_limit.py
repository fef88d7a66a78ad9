"""The limit of open files of a web process, and so of its connections."""

import contextlib
import resource

# The most connections of one web process. Others wait in the queue of the socket.
MOST_CONNECTIONS = 4096
# The limit is raised no further than this, whatever the system allows.
MOST_FILES = 65_536
# Reserved for the database, files, logs and bodies on disk: a quarter of the limit, at least so many.
LEAST_RESERVE = 128


def raise_file_limit() -> int:
    """Raise this process's limit of open files as far as the system allows; return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft == resource.RLIM_INFINITY:
        return MOST_FILES
    if wanted > soft:
        # The kernel of macOS has a second limit below the hard one.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def connections_allowed(files: int) -> int:
    """Return how many connections a process with this limit of open files can have."""
    return max(1, min(MOST_CONNECTIONS, files - max(LEAST_RESERVE, files // 4)))


def shortage(files: int) -> str:
    """Return the warning about a limit that is too low for MOST_CONNECTIONS, or ""."""
    allowed = connections_allowed(files)
    if allowed >= MOST_CONNECTIONS:
        return ""
    return (
        f"The system allows {files:,} open files a process, so a web process can have at most "
        f"{allowed:,} connections instead of {MOST_CONNECTIONS:,}: "
        f"raise the hard limit of open files to {MOST_CONNECTIONS * 2:,}."
    )
