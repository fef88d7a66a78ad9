"""Attachments of an object, for the pages that show it."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import Q

from common.files.pictures import pictures_of
from common.text.figures import Picture
from workinggroups.attachments.models import Attachment
from workinggroups.groups.models import Group


def attached_to(group: Group, uuids_by_kind: Mapping[str, Collection[UUID]]) -> list[Attachment]:
    """Return the attachments of these objects of the group, given as uuids by kind.

    The caller has checked that the viewer can read the objects.
    """
    any_of_them = Q()
    for kind, uuids in uuids_by_kind.items():
        if uuids:
            any_of_them |= Q(kind=kind, thing_uuid__in=list(uuids))
    if not any_of_them:
        return []
    rows = Attachment.objects.present().filter(any_of_them).order_by("pk")
    attachments = list(rows.select_related("stored__picture", "added_by"))
    for attachment in attachments:
        attachment.group = group
    return attachments


def pictures_in(attachments: Iterable[Attachment]) -> dict[str, Picture]:
    """Return the pictures that texts of an object can show, by file name.

    Of two files with one name, on a meeting and on an item of its agenda, the first is taken.
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
