from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Lower, Now

from common.access import Viewer
from common.addresses.kinds import with_address
from workinggroups.groups.choices import (
    ActionItemState,
    CharterState,
    GroupState,
    InvitationState,
    Listing,
    RequestState,
)
from workinggroups.groups.content import GroupContentQuerySet

if TYPE_CHECKING:
    from workinggroups.groups.models import (
        AdmissionRequest,
        BreakGlass,
        CharterVersion,
        Group,
        GroupInvitation,
        Office,
        Participation,
    )


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, viewer: Viewer) -> "GroupQuerySet":
        """Groups whose card this viewer may see. A secret group exists only for its members, and
        for staff in break-glass; the staff list shows its id, chair and dates and no more."""
        seen = Q(listing=Listing.PUBLIC)
        if viewer.in_alliance:
            seen |= Q(listing=Listing.ALLIANCE)
        inside = viewer.group_ids | viewer.break_glass_ids
        if inside:
            seen |= Q(pk__in=inside)
        return self.filter(seen)

    def at_address(self, slug: str) -> "GroupQuerySet":
        """The group that has or had this address."""
        return self.filter(uuid__in=with_address("group", slug))

    def running(self) -> "GroupQuerySet":
        return self.exclude(state=GroupState.CONCLUDED)

    def with_charter(self) -> "GroupQuerySet":
        """Each with `charter_number` and `charter_until` of the charter in force, if there is one."""
        from workinggroups.groups.models import CharterVersion

        in_force = CharterVersion.objects.in_force().filter(group=OuterRef("pk"))
        return self.annotate(  # type: ignore[no-redef]
            charter_number=Subquery(in_force.values("number")[:1]),
            charter_until=Subquery(in_force.values("expires_on")[:1]),
        )


class CharterVersionQuerySet(models.QuerySet["CharterVersion"]):
    def adopted(self) -> "CharterVersionQuerySet":
        return self.filter(state=CharterState.ADOPTED)

    def in_force(self) -> "CharterVersionQuerySet":
        return self.adopted().filter(during__contains=Now())


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def current(self) -> "ParticipationQuerySet":
        return self.filter(during__contains=Now())


class OfficeQuerySet(models.QuerySet["Office"]):
    def current(self) -> "OfficeQuerySet":
        return self.filter(during__contains=Now())


class AdmissionRequestQuerySet(models.QuerySet["AdmissionRequest"]):
    def waiting(self) -> "AdmissionRequestQuerySet":
        return self.filter(state=RequestState.OPEN)


class GroupInvitationQuerySet(models.QuerySet["GroupInvitation"]):
    def open(self) -> "GroupInvitationQuerySet":
        """Not answered, not withdrawn, and not past the last day."""
        return self.filter(state=InvitationState.OPEN, expires_at__gt=Now())

    def addressed_to(self, person_id: int | None) -> "GroupInvitationQuerySet":
        """Invitations, in whatever state, of the confirmed addresses of this active person."""
        own = EmailAddress.objects.filter(user=person_id, user__is_active=True, verified=True)
        return self.filter(address__in=own.values(lower=Lower("email")))

    def to_answer(self, person_id: int | None) -> "GroupInvitationQuerySet":
        """What waits for this person: open ones of running groups in which it has no seat."""
        from workinggroups.groups.models import Seat

        seated = Seat.objects.filter(group=OuterRef("group"), person=person_id)
        return (
            self.open()
            .addressed_to(person_id)
            .exclude(group__state=GroupState.CONCLUDED)
            .exclude(Exists(seated))
        )

    def to_show(self) -> "GroupInvitationQuerySet":
        """For those who manage the group's people: open ones, and refusals of the same weeks."""
        shown = [InvitationState.OPEN, InvitationState.DECLINED]
        return self.filter(state__in=shown, expires_at__gt=Now())


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def current(self) -> "BreakGlassQuerySet":
        return self.filter(during__contains=Now())


class ActionItemQuerySet(GroupContentQuerySet):
    def open(self) -> "ActionItemQuerySet":
        return self.filter(state=ActionItemState.OPEN)

    def owned_by(self, person_id: int) -> "ActionItemQuerySet":
        return self.filter(owner_id=person_id)
