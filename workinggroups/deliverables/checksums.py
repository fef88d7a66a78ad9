"""The checksum of a sealed revision, which anyone can verify with `sha256sum`.

The manifest has one line for the text and one for each file, in order, as `sha256sum` writes them:

    <sha256 of the text as UTF-8>  text.md
    <sha256 of the file>  <name>

A name with a backslash or a line end is written as `sha256sum` writes it: escaped, and the line
begins with a backslash. The checksum of the revision is the SHA-256 of the manifest, in which a line
feed ends each line.
"""

from collections.abc import Iterable
from hashlib import sha256

from workinggroups.deliverables.models import RevisionFile

TEXT_NAME = "text.md"
MANIFEST_NAME = "SHA256SUMS"


def manifest(source: str, files: Iterable[RevisionFile]) -> str:
    """Return the manifest; the caller selects the stored file of each file as well."""
    lines = [line_of(sha256(source.encode()).hexdigest(), TEXT_NAME)]
    lines += [line_of(file.stored.sha256, file.name) for file in files]
    return "".join(lines)


def line_of(digest: str, name: str) -> str:
    """Return one line as `sha256sum` writes it and `sha256sum --check` reads it."""
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return f"{'' if escaped == name else chr(92)}{digest}  {escaped}\n"


def seal_of(source: str, files: Iterable[RevisionFile]) -> str:
    return sha256(manifest(source, files).encode()).hexdigest()
