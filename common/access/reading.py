"""What a request read of a group's things, noted by address for whoever keeps account of it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest

READ = "_read_in_groups"


def note_read(request: HttpRequest, group_id: int | None, address: str) -> None:
    """The answer to this request shows what is at this address, in the group with this id."""
    if group_id is not None:
        noted = request.__dict__.setdefault(READ, {})
        noted[group_id, address.partition("#")[0]] = None


def note_thing(request: HttpRequest, thing: Any) -> None:
    """The answer shows this row: noted under its own address, or that of the request without one."""
    holder = thing
    while holder is not None and not hasattr(holder, "group_id"):
        holder = getattr(holder, "deliverable", None) or getattr(holder, "revision", None)
    address = getattr(thing, "get_absolute_url", None)
    note_read(request, getattr(holder, "group_id", None), address() if address else request.path)


def noted_reads(request: HttpRequest) -> Iterator[tuple[int, str]]:
    """The id of a group and an address, for all that was read; one address may show several."""
    yield from request.__dict__.get(READ, ())
