"""Which types of files are accepted: content and name must agree."""

import codecs
import re
import unicodedata
from pathlib import PurePosixPath

import puremagic
from django.utils.translation import gettext as _

from common.errors import Invalid

# In bytes of UTF-8. File systems allow 255; browsers add to a name (" (1)", ".part").
NAME_MAX_BYTES = 200
# Names that Windows keeps for devices, whatever their ending.
RESERVED_STEMS = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"
}
# How many bytes from the beginning are read to detect a type.
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
# A picture that is markup: offered as a download only, shown as a PNG drawn from it.
SVG = "image/svg+xml"
ENDINGS = {*BINARY, *TEXT, "svg"}
# What pages can show a copy of (common/files/pictures.py).
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp", SVG}
# Containers with the same signature: the first bytes do not say which office program made it.
_ZIPPED = {"zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"}
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<iframe", b"<body", b"<head")

# Comments and document types are matched atomically: else backtracking would try every way to
# divide them.
_SVG_START = re.compile(
    r"\ufeff?\s*+(?:<\?xml\b[^>]*\?>\s*+)?"
    r"(?>(?:(?><!--.*?-->|<!doctype\s++svg\b[^\[>]*+(?:\[[^\]]*+\]\s*+)?>)\s*+)*)"
    r"<(?:svg|[\w.-]++:svg)\b",
    re.IGNORECASE | re.DOTALL,
)


def clean_name(name: str) -> str:
    """Return the name to store for a file: safe to show, to save and to put into an address.

    No path, no control or bidi characters, at most NAME_MAX_BYTES bytes, no name that Windows
    reserves, in NFC. The extension is kept and lowered. Raises Invalid when nothing is left.
    """
    path = PurePosixPath(" ".join(clean_characters(last_part(name)).split()).strip(" ."))
    stem, suffix = path.stem.strip(" ."), path.suffix.lower()[:20]
    if stem.casefold().partition(".")[0].rstrip() in RESERVED_STEMS:
        stem = f"_{stem}"
    stem = _cut(stem, NAME_MAX_BYTES - len(suffix.encode())).rstrip(" .")
    if not stem:
        raise Invalid(_("Give the file a name."), "file")
    return unicodedata.normalize("NFC", stem + suffix)


def clean_characters(name: str) -> str:
    """Return the name without the characters that no stored name has, in NFC."""
    # Cc control, Cf format (bidi overrides, zero width), Cs surrogate, Co private, Zl/Zp line ends.
    kept = "".join(
        char
        for char in unicodedata.normalize("NFC", name)
        if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        and char not in '"<>:|?*'
    )
    # Characters that were apart can combine now.
    return unicodedata.normalize("NFC", kept)


def last_part(path: str) -> str:
    """Return what follows the last slash or backslash: a browser may send whole paths."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def name_key(name: str) -> str:
    """Return the key under which names that differ only in case or composition are equal."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return unicodedata.normalize("NFC", folded)


def _cut(text: str, most: int) -> str:
    """Return the beginning of `text` that has at most `most` bytes, without half a character."""
    cut = text.encode()[:most].decode(errors="ignore")
    if len(cut) < len(text):
        # A sign that combines with what comes before goes with it or not at all.
        while cut and unicodedata.category(text[len(cut)]).startswith("M"):
            cut, text = cut[:-1], text[: len(cut)]
    return cut


class TypeCheck:
    """Checks one file in chunks: `see` every chunk in order, then call `media_type`."""

    def __init__(self, name: str) -> None:
        self.extension = PurePosixPath(name).suffix.removeprefix(".")
        if self.extension not in ENDINGS:
            raise Invalid(
                _("Files of type “%(type)s” are not accepted. Accepted types: %(allowed)s.")
                % {"type": self.extension or "?", "allowed": ", ".join(sorted(ENDINGS))},
                "file",
            )
        self.head = b""
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def see(self, chunk: bytes) -> None:
        if len(self.head) < HEAD_BYTES:
            self.head += chunk[: HEAD_BYTES - len(self.head)]
        if self.extension in TEXT or self.extension == "svg":
            self._see_text(chunk)

    def media_type(self) -> str:
        """Return the type on which content and name agree. Raises Invalid where they do not."""
        if self.extension == "svg":
            self._see_text(b"", final=True)
            if not _SVG_START.match(self.head.decode(errors="replace")):
                raise self._disagreement()
            return SVG
        if self.extension in TEXT:
            self._see_text(b"", final=True)
            if self.head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
                raise self._disagreement()
            return TEXT[self.extension]
        expected = _ZIPPED if self.extension in _ZIPPED else {self.extension}
        if not self._extensions_of_content() & expected:
            raise self._disagreement()
        return BINARY[self.extension]

    def _extensions_of_content(self) -> set[str]:
        try:
            matches = puremagic.magic_string(self.head)
        except (puremagic.PureError, ValueError):
            return set()
        return {match.extension.removeprefix(".") for match in matches}

    def _see_text(self, chunk: bytes, final: bool = False) -> None:
        try:
            text = self.decoder.decode(chunk, final)
        except UnicodeDecodeError:
            raise Invalid(
                _("This text file is not in UTF-8. Save it as UTF-8 and try again."), "file"
            ) from None
        if "\x00" in text:
            raise self._disagreement()

    def _disagreement(self) -> Invalid:
        return Invalid(
            _("The content of this file does not match its extension “.%(type)s”.")
            % {"type": self.extension},
            "file",
        )
