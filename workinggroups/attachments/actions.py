"""Files come to hang on a thing, and go.

attach   —         → attached     while the thing can still be changed
remove   attached  → removed      its bytes go in 30 days
"""

from collections.abc import Iterable
from typing import Any
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
from workinggroups.groups.actions.guards import lock_group, require_running


def attach(*, actor: Person, kind: str, uuid: UUID, upload: "File[Any]") -> Attachment:
    """The file hangs on the thing, under its own name, and counts on the group's space.

    Raises NotAllowed, WrongState for a thing that is closed, Invalid for a second file of one name
    and as `files.store` does. Locks the group, then the thing.
    """
    place = _place(actor, kind, uuid)
    _require_open(actor, place)
    stored = store(upload=upload, owner_uuid=place.group.uuid)
    try:
        with transaction.atomic():
            # Who reads the group's content does not change until the file is among it.
            lock_group(place.group)
            place = _place(actor, kind, uuid, lock=True)
            _require_open(actor, place)
            return _add_row(actor, place, stored)
    except BaseException:
        discard(stored=stored)
        raise


def attach_all(*, actor: Person, place: Place, uploads: Iterable["File[Any]"]) -> list[Attachment]:
    """The files hang on a thing that is being made in this very transaction.

    For things that are closed from their first moment on. The caller has asked for the right.
    """
    return [
        _add_row(actor, place, store(upload=upload, owner_uuid=place.group.uuid))
        for upload in uploads
    ]


def remove(*, actor: Person, attachment: Attachment) -> None:
    """The file no longer hangs there; its name is free. Locks the thing."""
    with transaction.atomic():
        place = _place(actor, attachment.kind, attachment.thing_uuid, lock=True)
        _require_open(actor, place)
        present = Attachment.objects.present().select_related("stored")
        found = present.filter(pk=attachment.pk).first()
        if found is None:
            raise WrongState(_("This file was removed already."))
        permissions.can_remove.require(viewer_for(actor.pk), place, found)
        _let_go(actor, found, place.recorded_of)


def remove_with(*, actor: Person, kind: str, uuid: UUID, recorded_of: Identified) -> None:
    """The files go with the thing they hang on, which the caller takes away in this transaction."""
    for attachment in Attachment.objects.of(kind, [uuid]).select_related("stored"):
        _let_go(actor, attachment, recorded_of)


def _add_row(actor: Person, place: Place, stored: StoredFile) -> Attachment:
    """The row and its record. The caller holds the thing's lock."""
    names = list(Attachment.objects.of(place.kind, [place.uuid]).values_list("name", flat=True))
    refuse_taken(stored.name, names)
    if len(names) >= ATTACHMENTS_MAX:
        raise Invalid(
            _("At most %(count)d files can be attached here. Pack some into an archive.")
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
        raise NotAllowed(_("You can no longer read what this file hangs on."))
    return place


def _require_open(actor: Person, place: Place) -> None:
    """Raise NotAllowed, or WrongState where nothing can be added or removed any more."""
    permissions.can_attach.require(viewer_for(actor.pk), place)
    if place.closed:
        raise WrongState(place.closed)
    require_running(place.group)


def _let_go(actor: Person, attachment: Attachment, recorded_of: Identified) -> None:
    attachment.removed_at, attachment.removed_by = timezone.now(), actor
    attachment.save(update_fields=["removed_at", "removed_by"])
    discard(stored=attachment.stored)
    index_files([attachment.stored_id])
    record(actor, FileAct.REMOVED, recorded_of, facts=_facts(attachment))


def _facts(attachment: Attachment) -> dict[str, object]:
    return {"file": attachment.uuid, "sha256": attachment.stored.sha256}
