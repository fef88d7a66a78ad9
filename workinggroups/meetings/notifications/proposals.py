"""Notifications of an item proposed for an agenda, and of its answer."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import members_reading, officers_of
from workinggroups.meetings.choices import ProposalState
from workinggroups.meetings.models import AgendaProposal
from workinggroups.meetings.notifications.meetings import start_words


@dataclass(frozen=True, kw_only=True)
class ProposalNotification(ModelNotification[AgendaProposal]):
    """About an item proposed for an agenda, named by its uuid."""

    category = Category.MEETINGS
    target_field, target_lookup = "proposal", "uuid"

    group: int
    proposal: str

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[AgendaProposal]:
        rows = AgendaProposal.objects.visible_to(viewer)
        return rows.select_related("meeting__group", "author", "organization", "closed_by")

    def row(self) -> AgendaProposal | None:
        rows = AgendaProposal.objects.select_related("meeting")
        return rows.filter(uuid=self.proposal).first()


class ItemProposed(ProposalNotification):
    """For the officers, as long as nobody has answered it."""

    name = "agenda_item_proposed"
    label = gettext_lazy("Someone proposes an item for an agenda")

    def recipients(self) -> QuerySet[Person]:
        proposal = self.row()
        if proposal is None or not proposal.is_open:
            return Person.objects.none()
        readers = members_reading(proposal.meeting)
        return officers_of(self.group).filter(pk__in=readers.values("pk"))

    def content(self, proposal: AgendaProposal, viewer: Viewer) -> NotificationContent:
        meeting = proposal.meeting
        url = proposal.get_absolute_url()
        if proposal.is_open and viewer.is_officer(meeting.group_id):
            place = [meeting.group.slug, meeting.address, proposal.uuid]
            url = reverse("agenda-proposal-answer", args=place)
        return content_in(
            meeting.group,
            title=_("%(name)s proposes an item: %(title)s")
            % {"name": proposal.author, "title": proposal.title},
            url=url,
            why=_("because you are an officer of %(group)s") % {"group": meeting.group.name},
            detail=_("For %(meeting)s, %(hour)s")
            % {"meeting": meeting.title, "hour": start_words(meeting, viewer.zone)},
            thread_key=f"agenda_proposal:{proposal.uuid}",
            subject=proposal.title,
        )


class ProposalAnswered(ProposalNotification):
    """For the person who proposed it."""

    name = "agenda_proposal_answered"
    label = gettext_lazy("An officer answered the item you proposed")

    def recipients(self) -> QuerySet[Person]:
        proposal = self.row()
        if proposal is None:
            return Person.objects.none()
        return members_reading(proposal.meeting).filter(pk=proposal.author_id)

    def content(self, proposal: AgendaProposal, viewer: Viewer) -> NotificationContent | None:
        if proposal.closed_by is None:
            return None
        meeting = proposal.meeting
        is_accepted = proposal.state == ProposalState.ACCEPTED
        words = (
            _("%(officer)s put your item on the agenda: %(title)s")
            if is_accepted
            else _("%(officer)s declined your item: %(title)s")
        )
        agenda = _("On the agenda of %(meeting)s, %(hour)s") % {
            "meeting": meeting.title,
            "hour": start_words(meeting, viewer.zone),
        }
        return content_in(
            meeting.group,
            title=words % {"officer": proposal.closed_by, "title": proposal.title},
            url=proposal.get_absolute_url(),
            why=_("because you proposed it"),
            detail=agenda if is_accepted else proposal.reason,
            thread_key=f"agenda_proposal:{proposal.uuid}",
            subject=proposal.title,
        )
