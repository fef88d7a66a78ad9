"""How a person gets into a group: by a request to its chairs or by their invitation."""

from typing import Self

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.times import has_passed
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.choices import (
    GroupState,
    InvitationState,
    ParticipationLevel,
    RequestState,
)
from workinggroups.groups.models.groups import Group
from workinggroups.groups.models.participation import Seat


class AdmissionRequestQuerySet(models.QuerySet["AdmissionRequest"]):
    def waiting(self) -> Self:
        """Requests that the chairs have not answered and the person has not withdrawn."""
        return self.filter(state=RequestState.OPEN)


class AdmissionRequest(models.Model):
    """A person asks to join a group; its chairs answer once."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="admission_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="admission_requests")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    level = models.CharField(
        max_length=16, choices=ParticipationLevel.choices, default=ParticipationLevel.PARTICIPANT
    )
    note = models.TextField(_("a word to the chairs"), blank=True, max_length=1000)
    state = models.CharField(max_length=16, choices=RequestState.choices, default=RequestState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, max_length=1000)

    objects = AdmissionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"],
                condition=Q(state="open"),
                name="admission_request_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} to {self.group}"


class GroupInvitationQuerySet(models.QuerySet["GroupInvitation"]):
    def open(self) -> Self:
        """Invitations not answered, not withdrawn, and not expired."""
        return self.filter(state=InvitationState.OPEN, expires_at__gt=Now())

    def addressed_to(self, person_id: int | None) -> Self:
        """Invitations in any state, to the confirmed addresses of this active person."""
        own = EmailAddress.objects.filter(user=person_id, user__is_active=True, verified=True)
        return self.filter(address__in=own.values(lower=Lower("email")))

    def to_answer(self, person_id: int | None) -> Self:
        """Open invitations to this person, from running groups where they have no seat; with group
        and inviter."""
        seated = Seat.objects.filter(group=OuterRef("group"), person=person_id)
        return (
            self.open()
            .addressed_to(person_id)
            .exclude(group__state=GroupState.CONCLUDED)
            .exclude(Exists(seated))
            .select_related("group", "invited_by")
        )

    def to_show(self) -> Self:
        """Open invitations, and declined ones until they would have expired: what those who manage
        the group's people see."""
        shown = [InvitationState.OPEN, InvitationState.DECLINED]
        return self.filter(state__in=shown, expires_at__gt=Now())


class GroupInvitation(models.Model):
    """A mail address is invited into a group; the person who has confirmed the address answers once.

    No column shows whether the address had an account when it was invited.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="invitations")
    # In its one spelling (`common/mail/spelling.py`).
    address = models.EmailField(_("e-mail address"))
    level = models.CharField(
        max_length=16, choices=ParticipationLevel.choices, default=ParticipationLevel.PARTICIPANT
    )
    state = models.CharField(
        max_length=16, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # Who accepted or declined the invitation; null while it is open and once it is withdrawn.
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = GroupInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "address"],
                condition=Q(state="open"),
                name="group_invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "declined"], answered_by__isnull=False)
                | Q(state__in=["open", "withdrawn"], answered_by__isnull=True),
                name="group_invitation_answered_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["address", "state"], name="group_invitation_address")]

    def __str__(self) -> str:
        return f"{self.address} to {self.group}"

    def get_absolute_url(self) -> str:
        """The page on which the invited person answers."""
        return reverse("group-invitation", args=[self.uuid])

    @property
    def is_open(self) -> bool:
        return self.state == InvitationState.OPEN and not has_passed(self.expires_at)
