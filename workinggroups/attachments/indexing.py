"""Where attached files are found by search."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from common.search.files import FilePlace
from common.search.granted import Granted
from workinggroups.attachments.models import Attachment
from workinggroups.groups.search import about


def granted_files(granted: Granted) -> QuerySet[Attachment, UUID]:
    """Return the files of the objects that somebody can read by a grant."""
    attached = Q(pk__in=[])
    for kind, uuids in granted.items():
        attached |= Q(kind=kind, thing_uuid__in=uuids)
    return Attachment.objects.present().filter(attached).values_list("stored_id", flat=True)


def attached_files(stored: Collection[UUID]) -> Iterator[FilePlace]:
    """Yield the page and the readers of each of these files.

    Locks the rows, so that the readers do not change before the search entries are written.
    """
    rows = Attachment.objects.present().filter(stored__in=stored).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True)
    for attachment in locked.select_related("group__focus_area"):
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
