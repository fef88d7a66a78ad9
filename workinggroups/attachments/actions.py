"""Attaching files to an object, and removing them.

attach   —         → attached     while the object can still be changed
remove   attached  → removed      the bytes are deleted after 30 days
"""

from collections.abc import Iterable
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.files.actions import discard, store
from common.files.models import StoredFile
from common.files.naming import refuse_taken
from common.identifiers import Identified
from common.record.actions import record
from common.search.files import index_files
from members.people.models import Person
from workinggroups.attachments import permissions
from workinggroups.attachments.choices import ATTACHMENTS_MAX, FileAct
from workinggroups.attachments.models import Attachment
from workinggroups.attachments.places import Place, find_place
from workinggroups.groups.actions.guards import lock_group


def attach(*, actor: Person, kind: str, uuid: UUID, upload: "File[bytes]") -> Attachment:
    """Attach the file to the object, under its own name; it counts on the group's quota.

    Raises NotAllowed, WrongState for an object that takes no more files, Invalid for a name that is
    taken, and what `files.store` raises. Locks the group, then the object.
    """
    place = _place(actor, kind, uuid)
    _require_open(actor, place)
    stored = store(upload=upload, owner_uuid=place.group.uuid)
    try:
        with transaction.atomic():
            # So that the readers of the group's content do not change before the file is part of it.
            lock_group(place.group)
            place = _place(actor, kind, uuid, lock=True)
            _require_open(actor, place)
            return _add_row(actor, place, stored)
    except BaseException:
        discard(stored=stored)
        raise


def attach_all(
    *, actor: Person, place: Place, uploads: Iterable["File[bytes]"]
) -> list[Attachment]:
    """Attach the files to an object that the caller creates in this transaction.

    For objects that take no files later. The caller has checked who may do this.
    """
    return [
        _add_row(actor, place, store(upload=upload, owner_uuid=place.group.uuid))
        for upload in uploads
    ]


def remove(*, actor: Person, attachment: Attachment) -> None:
    """Remove the file from its object, so that its name is free. Locks the object.

    Raises NotAllowed, and WrongState for a removed file and an object that is closed.
    """
    with transaction.atomic():
        place = _place(actor, attachment.kind, attachment.thing_uuid, lock=True)
        _require_open(actor, place)
        stored = Attachment.objects.present().select_related("stored")
        present = stored.filter(pk=attachment.pk).first()
        if present is None:
            raise WrongState(_("This file has already been removed."))
        permissions.can_remove.require(viewer_for(actor.pk), place, present)
        _remove(actor, present, place.recorded_of)


def remove_with(*, actor: Person, kind: str, uuid: UUID, recorded_of: Identified) -> None:
    """Remove the files of an object that the caller removes in this transaction."""
    for attachment in Attachment.objects.of(kind, [uuid]).select_related("stored"):
        _remove(actor, attachment, recorded_of)


def _add_row(actor: Person, place: Place, stored: StoredFile) -> Attachment:
    """Add the row and record it. The caller has locked the object."""
    names = list(Attachment.objects.of(place.kind, [place.uuid]).values_list("name", flat=True))
    refuse_taken(stored.name, names)
    if len(names) >= ATTACHMENTS_MAX:
        raise Invalid(
            _("You can attach at most %(count)d files. Pack some of them into an archive.")
            % {"count": ATTACHMENTS_MAX},
            "file",
        )
    added = Attachment.objects.create(
        group=place.group,
        level=place.level,
        kind=place.kind,
        thing_uuid=place.uuid,
        stored=stored,
        name=stored.name,
        added_by=actor,
    )
    index_files([stored.pk])
    record(actor, FileAct.ADDED, place.recorded_of, facts=_facts(added))
    return added


def _place(actor: Person, kind: str, uuid: UUID, *, lock: bool = False) -> Place:
    place = find_place(viewer_for(actor.pk), kind, uuid, lock=lock)
    if place is None:
        raise NotAllowed(_("You can no longer read the page that this file is attached to."))
    return place


def _require_open(actor: Person, place: Place) -> None:
    """Raise NotAllowed, or WrongState for an object whose files can no longer change."""
    permissions.can_attach.require(viewer_for(actor.pk), place)
    if place.closed:
        raise WrongState(place.closed)


def _remove(actor: Person, attachment: Attachment, recorded_of: Identified) -> None:
    attachment.removed_at, attachment.removed_by = timezone.now(), actor
    attachment.save(update_fields=["removed_at", "removed_by"])
    discard(stored=attachment.stored)
    index_files([attachment.stored_id])
    record(actor, FileAct.REMOVED, recorded_of, facts=_facts(attachment))


def _facts(attachment: Attachment) -> dict[str, object]:
    return {"file": attachment.uuid, "sha256": attachment.stored.sha256}
