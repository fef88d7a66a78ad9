"""The viewer: what a person can do at this moment, read once when a request or task begins."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from common.access.levels import Level

CHAIRING = frozenset({"chair", "co_chair"})
NO_SEATS: Mapping[int, "Seat"] = MappingProxyType({})
NO_GRANTS: Mapping[str, frozenset[UUID]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's seat in one group: participation, affiliation and membership are all current."""

    group_id: int
    level: str  # "participant", "observer" or "expert"
    organization_id: int | None  # on whose behalf
    read_only: bool  # the membership is in its grace period
    offices: frozenset[str] = frozenset()  # "chair", "co_chair", "secretary"
    has_concluded: bool = False  # the group has: it is read and no longer changed


@dataclass(frozen=True, slots=True)
class Viewer:
    """What a person can do at this moment, as plain ids. Anonymous visitors have `person_id=None`.

    Source of the rules: docs/permissions.md. Built in at most two queries.
    """

    person_id: int | None = None
    person_uuid: UUID | None = None
    zone: str = "UTC"  # IANA name of the zone in which the person reads times
    is_staff: bool = False
    in_alliance: bool = False
    read_only: bool = False
    organization_ids: frozenset[int] = frozenset()  # inside through these
    grace_ids: frozenset[int] = frozenset()  # those among them whose membership is in grace
    represented_ids: frozenset[int] = frozenset()  # primary or alternate representative of these
    seats: Mapping[int, Seat] = field(default_factory=lambda: NO_SEATS)
    break_glass_ids: frozenset[int] = frozenset()  # groups opened by staff with a reason
    # Single objects of groups that the person can read for a time, by kind (`grants.py`).
    granted: Mapping[str, frozenset[UUID]] = field(default_factory=lambda: NO_GRANTS)

    @property
    def is_anonymous(self) -> bool:
        return self.person_id is None

    @property
    def group_ids(self) -> frozenset[int]:
        return frozenset(self.seats)

    @property
    def chaired_ids(self) -> frozenset[int]:
        return frozenset(
            group_id for group_id, seat in self.seats.items() if seat.offices & CHAIRING
        )

    def is_member(self, group_id: int) -> bool:
        return group_id in self.seats

    def is_chair(self, group_id: int) -> bool:
        """Whether the person is chair or co-chair by a membership that is not read-only."""
        seat = self.seats.get(group_id)
        return bool(seat and not seat.read_only and seat.offices & CHAIRING)

    def is_officer(self, group_id: int) -> bool:
        """Whether the person is chair, co-chair or secretary."""
        seat = self.seats.get(group_id)
        return bool(seat and not seat.read_only and seat.offices)

    def may_write(self, group_id: int) -> bool:
        """Whether the person is a participant or expert; observers and members in grace only read."""
        seat = self.seats.get(group_id)
        return bool(seat and not seat.read_only and seat.level != "observer")

    def read_level(self, group_id: int) -> Level:
        """Return the narrowest level of this group's rows that the viewer can read.

        The rule of `visible_content`, for one group.
        """
        if group_id in self.break_glass_ids:
            return Level.CHAIRS
        seat = self.seats.get(group_id)
        if seat is not None:
            return Level.CHAIRS if seat.offices & CHAIRING else Level.MEMBERS
        return Level.ALLIANCE if self.in_alliance else Level.PUBLIC

    def holds_grant(self, kind: str, uuid: UUID) -> bool:
        """Whether the person can read this one object by a grant, with or without a seat."""
        return uuid in self.granted.get(kind, ())

    def represents(self, organization_id: int) -> bool:
        """Whether the person acts for this organization; one in its grace period only reads."""
        may_act = not self.read_only and organization_id not in self.grace_ids
        return may_act and organization_id in self.represented_ids


ANONYMOUS = Viewer()

BuildMany = Callable[[Collection[int]], dict[int, Viewer]]

_builder: Callable[[int], Viewer] | None = None
_builder_of_many: BuildMany | None = None


def set_builder(builder: Callable[[int], Viewer], of_many: BuildMany) -> None:
    """Register how to build viewers; called once from `apps.ready` of the app that can."""
    global _builder, _builder_of_many
    _builder, _builder_of_many = builder, of_many


def viewer_for(person_id: int | None) -> Viewer:
    """Return the viewer of this person now; anonymous for None or an unknown id."""
    if person_id is None or _builder is None:
        return ANONYMOUS
    return _builder(person_id)


def viewers_for(person_ids: Collection[int]) -> dict[int, Viewer]:
    """Return the viewers of these people now, in as many queries as `viewer_for` takes for one."""
    viewers = _builder_of_many(person_ids) if _builder_of_many and person_ids else {}
    return {person_id: viewers.get(person_id, ANONYMOUS) for person_id in person_ids}
