"""What a request read of a group's things, noted by address for whoever keeps account of it."""

from typing import Any

from django.http import HttpRequest

READ = "_read_in_groups"


def note_read(request: HttpRequest, group_id: int | None, address: str) -> None:
    """The answer to this request shows what is at this address, in the group with this id."""
    if group_id is not None:
        request.__dict__.setdefault(READ, {})[address.partition("#")[0]] = group_id


def note_thing(request: HttpRequest, thing: Any) -> None:
    """The answer shows this row: noted under its own address, or that of the request without one."""
    holder = thing if hasattr(thing, "group_id") else getattr(thing, "deliverable", None)
    address = getattr(thing, "get_absolute_url", None)
    note_read(request, getattr(holder, "group_id", None), address() if address else request.path)


def noted_reads(request: HttpRequest) -> dict[str, int]:
    """The ids of groups by the addresses that were read in them."""
    found: dict[str, int] = request.__dict__.get(READ, {})
    return found
