"""Granting people to read one object of a group until a moment: who stands on the roll of a ballot.

A grant stands in for a seat, for one object: its holder reads of this object what a member of the group
reads, and nothing else of the group. It gives no right to write, comment, reply, follow or join:
rules ask for a seat (`Viewer.may_write` and the like), and a grant is none. It gives nothing

- of rows that only the chairs read (`Level.CHAIRS`),
- in a group that only its members know of, also when it becomes one later,
- to a person who is not in the alliance any more, until they are again.

Callers check who may be given one: a grant is not asked whether the group is secret.

An app opens its objects to grants in two steps:

1. The model, a `GroupContent`, says which kind of grant lets a person read its rows. This is all that
   `visible_to`, `sees`, notifications and API need:

       granted_by = (GrantedBy("ballot"),)

2. Views under `group_of_member_space` take the row in the same breath, since the holder reads no
   other page of the group: `readable_group(request, slug, ("ballot", uuid))`.

Whoever computes an audience by `readers_of` adds `granted=grants_for(row)`, and whoever indexes parts
of the thing for search registers them (`common/search/granted.py`).

A grant that is over stays for KEPT_FOR_DAYS, to answer why somebody could read an object, and is then
deleted by a daily task: who stood on a roll is kept by the ballot itself.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.fields import DateTimeField
from django.db.models.functions import Greatest, Least, Now
from django.utils import timezone

from common.access.models import Grant

KEPT_FOR_DAYS = 30


def grant_reading(
    *,
    kind: str,
    uuid: UUID,
    group_id: int,
    person_ids: Collection[int],
    until: datetime,
    cause: UUID,
) -> None:
    """Let these people read the object of this kind, from now until then.

    `cause` is the uuid of what they are granted it for, by which `move_grants` and `end_grants` find
    it. Whoever holds the grant already keeps it as it is, so that a repeated call changes nothing.
    """
    begin = Least(Now(), _moment(until))  # nothing at all for a moment that has passed
    Grant.objects.bulk_create(
        [
            Grant(
                kind=kind,
                object_uuid=uuid,
                group_id=group_id,
                person_id=person_id,
                during=_during(begin, _moment(until)),
                cause_uuid=cause,
            )
            for person_id in sorted(set(person_ids))
        ],
        ignore_conflicts=True,
    )


def move_grants(*, cause: UUID, until: datetime) -> None:
    """Let all grants of this cause that are not over end at this moment, which can be earlier or
    later than their end so far."""
    _end_at(cause, None, _moment(until))


def end_grants(*, cause: UUID, person_ids: Collection[int] | None = None) -> None:
    """End the grants of this cause now: of these people, or of all."""
    _end_at(cause, person_ids, Now())


def sweep_grants() -> int:
    """Delete the grants that have been over for KEPT_FOR_DAYS; return how many."""
    before = timezone.now() - timedelta(days=KEPT_FOR_DAYS)
    over = Grant.objects.filter(during__endswith__lte=before)
    never = Grant.objects.filter(during__isempty=True)
    return int(over.delete()[0]) + int(never.delete()[0])


def _end_at(cause: UUID, person_ids: Collection[int] | None, end: Combinable) -> None:
    grants = Grant.objects.filter(cause_uuid=cause).not_over()
    if person_ids is not None:
        grants = grants.filter(person_id__in=list(person_ids))
    begin = F("during__startswith")
    grants.update(during=_during(begin, Greatest(begin, end)))


def _during(begin: Combinable, end: Combinable) -> Func:
    return Func(begin, end, function="tstzrange", output_field=DateTimeRangeField())


def _moment(at: datetime) -> Value:
    return Value(at, output_field=DateTimeField())
