"""What search knows of attached files."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.urls import reverse

from common.search.files import FilePlace
from workinggroups.attachments.queries import searchable
from workinggroups.groups.search import about


def attached_files(stored: Collection[UUID]) -> Iterator[FilePlace]:
    """Yield where these files are listed for the readers of the things they hang on.

    Locks the rows: who reads a file stays as it is told here until its entries are written.
    """
    found = searchable().filter(stored__in=stored).select_related("group__focus_area")
    for attachment in found.select_for_update(of=("self",), no_key=True).order_by("pk"):
        group = attachment.group
        yield FilePlace(
            stored_id=attachment.stored_id,
            name=attachment.name,
            url=reverse("attachments", args=[group.slug, attachment.kind, attachment.thing_uuid]),
            level=attachment.level,
            group_id=attachment.group_id,
            at=attachment.added_at,
            about=about(group, attachment.level),
        )
