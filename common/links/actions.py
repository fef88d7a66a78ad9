"""Linking and unlinking. The calling app checks the actor's rights and records the act."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.constraints import name_of_constraint
from common.errors import Invalid
from common.links.models import Link
from common.times import ended

# The stored kind of a thing and its uuid.
End = tuple[str, UUID]


def link(*, actor_uuid: UUID | None, source: End, relation: str, target: End) -> Link:
    """Link two things from now on; return the existing link where they are linked already.

    Raises Invalid when both ends are the same thing.
    """
    if source == target:
        raise Invalid(_("An item cannot be linked to itself."))
    ends = {
        "from_kind": source[0],
        "from_uuid": source[1],
        "relation": relation,
        "to_kind": target[0],
        "to_uuid": target[1],
    }
    try:
        with transaction.atomic():
            return Link.objects.create(actor_uuid=actor_uuid, **ends)
    except IntegrityError as refusal:
        if name_of_constraint(refusal) != "link_open_once":
            raise
        return Link.objects.open().get(**ends)


def unlink(*, link: Link) -> Link:
    """End the link now; it stays readable as history. Ending it twice changes nothing."""
    with transaction.atomic():
        locked = Link.objects.select_for_update().get(pk=link.pk)
        if locked.during.upper is None:
            locked.during = ended(locked.during)
            locked.save(update_fields=["during"])
    return locked
