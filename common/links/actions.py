"""Linking and unlinking. The room that calls them has asked whether the actor may, and records it."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.constraints import name_of_constraint
from common.errors import Invalid
from common.links.models import Link
from common.times import ended


def link(
    *,
    actor_uuid: UUID | None,
    from_kind: str,
    from_uuid: UUID,
    relation: str,
    to_kind: str,
    to_uuid: UUID,
) -> Link:
    """The two things are linked from now on; a link that already stands is returned as it is.

    Raises Invalid when both ends are the same thing.
    """
    if (from_kind, from_uuid) == (to_kind, to_uuid):
        raise Invalid(_("An item cannot be linked to itself."))
    ends = {
        "from_kind": from_kind,
        "from_uuid": from_uuid,
        "relation": relation,
        "to_kind": to_kind,
        "to_uuid": to_uuid,
    }
    try:
        with transaction.atomic():
            return Link.objects.create(actor_uuid=actor_uuid, **ends)
    except IntegrityError as refusal:
        if name_of_constraint(refusal) != "link_open_once":
            raise
        return Link.objects.open().get(**ends)


def unlink(*, link: Link) -> Link:
    """The link ends now and stays readable as history; ending it twice changes nothing."""
    with transaction.atomic():
        locked = Link.objects.select_for_update().get(pk=link.pk)
        if locked.during.upper is None:
            locked.during = ended(locked.during)
            locked.save(update_fields=["during"])
    return locked
