"""What a seal is made of, written so that anybody can check it with `sha256sum`.

The manifest has one line for the text and one for each file in order, as `sha256sum` writes them:

    <sha256 of the text as UTF-8>  text.md
    <sha256 of the file>  <name>

The seal is the SHA-256 of the manifest, with a line feed at the end of each line.
"""

from collections.abc import Iterable
from hashlib import sha256

from workinggroups.deliverables.models import RevisionFile

TEXT_NAME = "text.md"


def manifest(source: str, files: Iterable[RevisionFile]) -> str:
    """The lines the seal covers; the files come with their stored ones."""
    lines = [f"{sha256(source.encode()).hexdigest()}  {TEXT_NAME}"]
    lines += [f"{file.stored.sha256}  {file.name}" for file in files]
    return "".join(f"{line}\n" for line in lines)


def seal_of(source: str, files: Iterable[RevisionFile]) -> str:
    return sha256(manifest(source, files).encode()).hexdigest()
