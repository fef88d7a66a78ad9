"""What a request read of a group, noted by address for the log of break-glass readings."""

from collections.abc import Iterator

from django.http import HttpRequest

READ = "_read_in_groups"


def note_read(request: HttpRequest, group_id: int | None, address: str) -> None:
    """Note that the answer to this request shows the object at this address, of this group."""
    if group_id is not None:
        noted = request.__dict__.setdefault(READ, {})
        noted[group_id, address.partition("#")[0]] = None


def note_object_read(request: HttpRequest, row: object) -> None:
    """Note that the answer shows this row, under its own address or else that of the request."""
    address = getattr(row, "get_absolute_url", None)
    note_read(request, group_id_of(row), address() if address else request.path)


def group_id_of(row: object) -> int | None:
    """Return the group of a row or of what the row belongs to; None for a row of no group."""
    holder: object | None = row
    while holder is not None and not hasattr(holder, "group_id"):
        holder = getattr(holder, "deliverable", None) or getattr(holder, "revision", None)
    return getattr(holder, "group_id", None)


def noted_reads(request: HttpRequest) -> Iterator[tuple[int, str]]:
    """Yield a group's id and an address for each object read; one address can show several groups."""
    yield from request.__dict__.get(READ, ())
