"""When the clocks of a zone change, read from its file (RFC 8536), not by asking for many days."""

import struct
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH, available_timezones

HEADER = struct.Struct(">4s1s15x6l")


def zones() -> list[str]:
    """Return the names of all IANA zones, in order."""
    return sorted(available_timezones() - {"localtime", "Factory"})


def distinct_zones() -> list[str]:
    """Return one name of each zone that has a file of its own: many names are of the same zone."""
    names = {_content(zone): zone for zone in reversed(zones())}
    return sorted(names.values())


def transitions(zone: str) -> list[datetime]:
    """Return the moments in UTC at which the file says that clocks of the zone change, in order."""
    content = _content(zone)
    first, second = HEADER.unpack_from(content), HEADER.size + _length(content, 0, 4)
    assert first[0] == b"TZif"
    assert first[1] >= b"2"
    count = HEADER.unpack_from(content, second)[5]
    seconds = struct.unpack_from(f">{count}q", content, second + HEADER.size)
    return [datetime.fromtimestamp(one, UTC) for one in seconds if one > -(2**33)]


def _length(content: bytes, offset: int, width: int) -> int:
    _magic, _version, is_utc, is_standard, leaps, times, types, characters = HEADER.unpack_from(
        content, offset
    )
    return times * (width + 1) + types * 6 + characters + leaps * (width + 4) + is_standard + is_utc


def _content(zone: str) -> bytes:
    for folder in TZPATH:
        path = Path(folder, zone)
        if path.is_file():
            return path.read_bytes()
    return resources.files("tzdata.zoneinfo").joinpath(zone).read_bytes()
