"""Linking and unlinking. The calling app checks the actor's rights and records the act."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

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
    # The constraint `link_open_once` lets only one of two requests create the link.
    linked, _is_new = Link.objects.open().get_or_create(
        from_kind=source[0],
        from_uuid=source[1],
        relation=relation,
        to_kind=target[0],
        to_uuid=target[1],
        defaults={"actor_uuid": actor_uuid},
    )
    return linked


def unlink(*, link: Link) -> Link:
    """End the link now; it stays readable as history. Ending it twice changes nothing."""
    with transaction.atomic():
        locked = Link.objects.select_for_update().get(pk=link.pk)
        if locked.during.upper is None:
            locked.during = ended(locked.during)
            locked.save(update_fields=["during"])
    return locked
