"""What hangs on a thing, for the pages that show it and for search."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import Q

from common.files.pictures import pictures_of
from common.text.figures import Picture
from workinggroups.attachments.models import Attachment, AttachmentQuerySet
from workinggroups.groups.models import Group


def attached_to(group: Group, things: Mapping[str, Collection[UUID]]) -> list[Attachment]:
    """What hangs on these things of the group, which whoever asks has found; ids by their kind."""
    wanted = Q()
    for kind, uuids in things.items():
        if uuids:
            wanted |= Q(kind=kind, thing_uuid__in=list(uuids))
    if not wanted:
        return []
    rows = Attachment.objects.present().filter(wanted).order_by("pk")
    found = list(rows.select_related("stored__picture", "added_by"))
    for attachment in found:
        attachment.group = group
    return found


def pictures_in(attachments: Iterable[Attachment]) -> dict[str, Picture]:
    """What texts of a thing can show of the files that hang on it, by name.

    Of two files of one name, on a meeting and on an item of its agenda, the first is meant.
    """
    by_name: dict[str, Attachment] = {}
    for attachment in attachments:
        by_name.setdefault(attachment.name, attachment)
    addresses = {
        name: (attachment.get_figure_url(), attachment.get_absolute_url())
        for name, attachment in by_name.items()
    }
    files = ((name, attachment.stored) for name, attachment in by_name.items())
    return pictures_of(files, addresses)


def searchable() -> AttachmentQuerySet:
    """Every attached file with its access key (`group`, `level`), for the index of their texts."""
    return Attachment.objects.present().select_related("stored", "group")
