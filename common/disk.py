"""Recognizing a full disk, and checking that a folder takes writes."""

import errno
import os
import tempfile
from pathlib import Path

# No space, no quota left, or a file larger than this process is allowed to write.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TRIAL_BYTES = 16 * 1024


def is_disk_full(error: BaseException | None) -> bool:
    """Whether this error says that the disk is full."""
    return isinstance(error, OSError) and error.errno in FULL


def try_write(folder: Path) -> None:
    """Write some bytes in this folder and remove them. Raises OSError when that fails."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.TemporaryFile(dir=folder, prefix=".trial-") as file:
        file.write(os.urandom(TRIAL_BYTES))
        file.flush()
