"""Reading a WebVTT file (W3C, WebVTT: The Web Video Text Tracks Format) as lines with times and speakers.

The reading is strict: a file that is not WebVTT is refused with the line that is wrong, so that no
half of a transcript is kept as the whole. Styles, regions and comments are left out; of the markup in
a cue, the speaker is kept.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from typing import NamedTuple

from django.utils.translation import gettext as _

from common.errors import Invalid
from workinggroups.meetings.choices import TRANSCRIPT_MAX_BYTES, TRANSCRIPT_MAX_CUES

_TIME = r"(?:(\d{2,6}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+\S.*)?")
# Each part ends where the next begins, and none goes beyond the next "<": no text takes long to read.
_CLASSES = r"(?:\.[^\s<>]*)?"
_VOICE = re.compile(rf"<v{_CLASSES}[ \t]([^<>]*)>")
_TAG = re.compile(rf"</?(?:v|c|i|b|u|ruby|rt|lang){_CLASSES}(?:[ \t][^<>]*)?>|<\d[\d:.]*>")
_LEFT_OUT = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
SPEAKER_MAX_CHARACTERS = 200


class Cue(NamedTuple):
    """What one speaker says; `start` and `end` are milliseconds from the beginning."""

    start: int
    end: int
    speaker: str
    words: str


def read_vtt(content: bytes) -> list[Cue]:
    """Return the cues of a WebVTT file, in order. Raises Invalid, with the line, for any other file."""
    if len(content) > TRANSCRIPT_MAX_BYTES:
        raise Invalid(
            _("This file is too long: a transcript can have at most %(limit)d MB.")
            % {"limit": TRANSCRIPT_MAX_BYTES // 1024**2},
            "file",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(_("This file is not text in UTF-8."), "file") from None
    if "\x00" in text:
        raise Invalid(_("This file has characters that cannot be stored."), "file")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise Invalid(_("This is not a WebVTT file: its first line is not WEBVTT."), "file")
    cues: list[Cue] = []
    for number, block in _blocks(lines):
        if number == 1 or _LEFT_OUT.fullmatch(block[0]):
            continue
        cues += _cues(number, block, cues[-1].start if cues else 0)
        if len(cues) > TRANSCRIPT_MAX_CUES:
            raise Invalid(
                _("This transcript is too long: it can have at most %(count)d lines.")
                % {"count": TRANSCRIPT_MAX_CUES},
                "file",
            )
    if not cues:
        raise Invalid(_("This file has no words."), "file")
    return cues


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the blocks between empty lines, each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cues(number: int, block: list[str], earliest: int) -> list[Cue]:
    """Return what is said in a block, one cue for each speaker; none for a cue without words."""
    place = 0 if "-->" in block[0] else 1
    timing = _TIMING.fullmatch(block[place].strip()) if len(block) > place else None
    if timing is None:
        raise _wrong(
            number + min(place, len(block) - 1), _("a time such as 00:01.000 --> 00:04.000")
        )
    start, end = _milliseconds(*timing.groups()[:4]), _milliseconds(*timing.groups()[4:])
    if end <= start or start < earliest:
        raise _wrong(number + place, _("a time after the one before"))
    words = "\n".join(block[place + 1 :])
    if "-->" in words:
        raise _wrong(number + place + 1, _("an empty line before the next time"))
    return [Cue(start, end, speaker, phrase) for speaker, phrase in _spoken(words) if phrase]


def _spoken(words: str) -> Iterator[tuple[str, str]]:
    """Yield each speaker, "" where none is named, with what they say in one line."""
    begin, speaker = 0, ""
    for voice in _VOICE.finditer(words):
        yield speaker, _plain(words[begin : voice.start()])
        begin, speaker = voice.end(), _plain(voice[1])[:SPEAKER_MAX_CHARACTERS]
    yield speaker, _plain(words[begin:])


def _plain(words: str) -> str:
    without_tags = _TAG.sub("", words)
    # A number of thousands of digits is no character: all stays as it was written.
    with suppress(ValueError):
        without_tags = unescape(without_tags)
    return " ".join(without_tags.split())


def _milliseconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> int:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(thousandths)


def _wrong(line: int, expected: str) -> Invalid:
    words = _("Line %(line)d is not WebVTT: we expected %(expected)s.")
    return Invalid(words % {"line": line, "expected": expected}, "file")


def clock(milliseconds: int) -> str:
    """Return a time as 1:02:03, hours only where there are any."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
