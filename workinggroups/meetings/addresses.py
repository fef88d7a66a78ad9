"""Addresses of meetings below their group: by number, or by day while a meeting has none yet.

A meeting of a series gets its number when it begins, so that numbers follow the calendar. Until then
its address is the day for which it was first planned, and that address goes on answering.
"""

import re

from django.urls import register_converter

PATTERN = r"[0-9]{1,9}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]{1,2})?"


def is_meeting_address(address: str) -> bool:
    return re.fullmatch(PATTERN, address) is not None


class MeetingAddressConverter:
    """The number of a meeting, such as 14, or its day, such as 2026-12-01 or 2026-12-01-2."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str | int) -> str:
        return str(value)


def register_address() -> None:
    """Called from `apps.ready`."""
    register_converter(MeetingAddressConverter, "meeting_address")
