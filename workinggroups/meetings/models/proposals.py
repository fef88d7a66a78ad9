"""Items that people of the group propose for an agenda."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.meetings.choices import (
    AGENDA_TEXT_MAX_CHARACTERS,
    AGENDA_TITLE_MAX_CHARACTERS,
    ProposalState,
)
from workinggroups.meetings.models.agenda import AgendaItem
from workinggroups.meetings.models.meetings import Meeting


class AgendaProposalQuerySet(models.QuerySet["AgendaProposal"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Return the proposals for meetings that the viewer can read, in groups whose people they
        are among, or which they opened."""
        groups = viewer.group_ids | viewer.break_glass_ids
        meetings = Meeting.objects.visible_to(viewer).filter(group__in=groups)
        return self.filter(meeting__in=meetings)

    def open(self) -> Self:
        return self.filter(state=ProposalState.OPEN)


class AgendaProposal(RenderedText):
    """A person of the group asks to have this on the agenda; an officer accepts or declines it.

    `source` is Markdown. The organization is that of the person's seat when they proposed it.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="proposals")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=AGENDA_TITLE_MAX_CHARACTERS)
    # How long the author would like to have.
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    source = models.TextField(
        _("what it is about"), blank=True, max_length=AGENDA_TEXT_MAX_CHARACTERS
    )
    html = models.TextField(blank=True, default="")
    # Rises with each change of what is proposed.
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=16, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    # Why it was declined.
    reason = models.TextField(blank=True)
    # What became of it; None again once the item is removed from the agenda.
    item = models.OneToOneField(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="proposal"
    )
    # The meeting for which it was proposed at first, where that took place without it.
    moved_from = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = AgendaProposalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False),
                name="proposal_open_until_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="proposal_declined_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted") | Q(item__isnull=True),
                name="proposal_accepted_has_the_item",
            ),
        ]
        indexes = [
            models.Index(fields=["meeting"], condition=Q(state="open"), name="proposal_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        agenda = reverse("meeting-agenda", args=[self.meeting.group.slug, self.meeting.address])
        return f"{agenda}#proposal-{self.uuid}"

    @property
    def group_id(self) -> int:
        """Return the group in whose name staff read it (`common.access.reading`)."""
        return self.meeting.group_id

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN
