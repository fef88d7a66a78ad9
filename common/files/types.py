"""Which files are taken, told by their content, which must agree with their name."""

import codecs
import unicodedata
from pathlib import PurePosixPath

import puremagic
from django.utils.translation import gettext as _

from common.errors import Invalid

NAME_MAX_CHARACTERS = 120
# What is read from the beginning to tell a type, in bytes.
HEAD_BYTES = 64 * 1024

OFFICE = "application/vnd.openxmlformats-officedocument"
BINARY = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "zip": "application/zip",
    "gz": "application/gzip",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
TEXT = {
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "bib": "application/x-bibtex",
    "tex": "application/x-tex",
}
# Containers that one signature stands for: which office program made it is not in the first bytes.
_ZIPPED = {"zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"}
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<iframe", b"<body", b"<head")


def clean_name(name: str) -> str:
    """A name safe to show and to save under: no path, no control or bidi characters, not too long.

    The extension is kept and lowered. Raises Invalid when nothing is left.
    """
    name = PurePosixPath(name.replace("\\", "/")).name
    # Cc control, Cf format (bidi overrides, zero width), Cs surrogate, Co private, Zl/Zp line ends.
    kept = "".join(
        char
        for char in unicodedata.normalize("NFC", name)
        if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        and char not in '"<>:|?*'
    )
    path = PurePosixPath(" ".join(kept.split()).strip(" ."))
    stem, suffix = path.stem.strip(" ."), path.suffix.lower()
    if not stem:
        raise Invalid(_("Give the file a name."), "file")
    return stem[: NAME_MAX_CHARACTERS - len(suffix[:20])] + suffix[:20]


class TypeCheck:
    """Judges one file while it streams by: `see` every chunk in order, then ask `media_type`."""

    def __init__(self, name: str) -> None:
        self.extension = PurePosixPath(name).suffix.removeprefix(".")
        if self.extension not in BINARY and self.extension not in TEXT:
            raise Invalid(
                _("Files of type “%(type)s” are not taken. These are: %(allowed)s.")
                % {"type": self.extension or "?", "allowed": ", ".join(sorted({**BINARY, **TEXT}))},
                "file",
            )
        self.head = b""
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def see(self, chunk: bytes) -> None:
        if len(self.head) < HEAD_BYTES:
            self.head += chunk[: HEAD_BYTES - len(self.head)]
        if self.extension in TEXT:
            self._see_text(chunk)

    def media_type(self) -> str:
        """The type that content and name agree on; raises Invalid when they do not."""
        if self.extension in TEXT:
            self._see_text(b"", final=True)
            if self.head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
                raise self._disagreement()
            return TEXT[self.extension]
        found = self._found()
        wanted = _ZIPPED if self.extension in _ZIPPED else {self.extension}
        if not found & wanted:
            raise self._disagreement()
        return BINARY[self.extension]

    def _found(self) -> set[str]:
        try:
            matches = puremagic.magic_string(self.head)
        except (puremagic.PureError, ValueError):
            return set()
        return {match.extension.removeprefix(".") for match in matches}

    def _see_text(self, chunk: bytes, final: bool = False) -> None:
        try:
            text = self.decoder.decode(chunk, final)
        except UnicodeDecodeError:
            raise Invalid(_("A text file must be in UTF-8."), "file") from None
        if "\x00" in text:
            raise self._disagreement()

    def _disagreement(self) -> Invalid:
        return Invalid(
            _("The content of this file is not what its ending “.%(type)s” says.")
            % {"type": self.extension},
            "file",
        )
