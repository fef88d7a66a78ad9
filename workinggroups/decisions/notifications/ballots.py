"""What the group, its chairs and those on the roll are notified of by a ballot."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.people.models import Person
from notifications.actions import notify
from notifications.choices import Category
from notifications.targets import SharedNotification
from notifications.types import NotificationContent
from workinggroups.decisions.choices import BallotEvent, BallotResult
from workinggroups.decisions.models import Ballot, BallotStep
from workinggroups.decisions.notifications.votes import VoteWanted, closing_words
from workinggroups.decisions.queries.ballots import people_on_roll
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import chairs_of, members_reading


@dataclass(frozen=True, kw_only=True)
class BallotNotification(SharedNotification[Ballot]):
    """About a ballot, for its group and everybody on its roll who can read it."""

    category = Category.DECISIONS
    is_in_use = False
    target_field = "ballot"

    group: int
    ballot: int

    def recipients(self) -> QuerySet[Person]:
        members = members_reading(Ballot.objects.filter(pk=self.ballot).first()).values("pk")
        on_roll = people_on_roll(self.ballot).values("pk")
        return Person.objects.active().filter(Q(pk__in=members) | Q(pk__in=on_roll))

    @classmethod
    def rows(cls) -> QuerySet[Ballot]:
        ballots: QuerySet[Ballot] = Ballot.objects.select_related("group")
        return ballots.prefetch_related("steps")

    def shared_content(self, ballot: Ballot, zone: str) -> NotificationContent:
        return content_in(
            ballot.group,
            title=self.title_of(ballot),
            url=ballot.get_absolute_url(),
            detail=self.detail_of(ballot, zone),
            why=_("because you take part in %(group)s or have a vote in this ballot")
            % {"group": ballot.group.name},
            thread_key=f"ballot:{ballot.uuid}",
            subject=str(ballot),
        )

    def title_of(self, ballot: Ballot) -> str:
        """Return the sentence that says what happened."""
        raise NotImplementedError

    def detail_of(self, ballot: Ballot, zone: str) -> str:
        return ""


@dataclass(frozen=True, kw_only=True)
class BallotAnnounced(BallotNotification):
    name = "ballot_announced"
    label = gettext_lazy("Ballot announced")

    def title_of(self, ballot: Ballot) -> str:
        return _("Ballot announced: %(title)s") % {"title": ballot.title}


@dataclass(frozen=True, kw_only=True)
class BallotOpened(BallotNotification):
    """For the group's people who have no vote in it; those on the roll get `VoteWanted`."""

    name = "ballot_opened"
    label = gettext_lazy("Ballot opened")

    def recipients(self) -> QuerySet[Person]:
        on_roll = people_on_roll(self.ballot).values("pk")
        return super().recipients().exclude(pk__in=on_roll)

    def title_of(self, ballot: Ballot) -> str:
        return _("Ballot opened: %(title)s") % {"title": ballot.title}

    def detail_of(self, ballot: Ballot, zone: str) -> str:
        return closing_words(ballot, zone)


@dataclass(frozen=True, kw_only=True)
class BallotChanged(BallotNotification):
    """An announcement withdrawn, a ballot recalled, extended or declared void, with the reason."""

    name = "ballot_changed"
    label = gettext_lazy("Ballot withdrawn, recalled, extended or void")

    step: int

    def title_of(self, ballot: Ballot) -> str:
        titles = {
            BallotEvent.WITHDRAWN: _("Ballot withdrawn: %(title)s"),
            BallotEvent.RECALLED: _("Ballot recalled before the first vote: %(title)s"),
            BallotEvent.EXTENDED: _("Ballot extended, the quorum was missed: %(title)s"),
            BallotEvent.VOIDED: _("Ballot declared void: %(title)s"),
        }
        return titles[BallotEvent(self._step_of(ballot).event)] % {"title": ballot.title}

    def detail_of(self, ballot: Ballot, zone: str) -> str:
        step = self._step_of(ballot)
        return closing_words(ballot, zone) if step.event == BallotEvent.EXTENDED else step.reason

    def _step_of(self, ballot: Ballot) -> BallotStep:
        return next(step for step in ballot.steps.all() if step.pk == self.step)


@dataclass(frozen=True, kw_only=True)
class BallotClosed(BallotNotification):
    """For the chairs, who state the result."""

    name = "ballot_closed"
    label = gettext_lazy("Ballot closed: state its result")
    category = Category.CHAIRED_GROUPS

    def recipients(self) -> QuerySet[Person]:
        return chairs_of(self.group)

    def title_of(self, ballot: Ballot) -> str:
        return _("State the result of the ballot: %(title)s") % {"title": ballot.title}

    def detail_of(self, ballot: Ballot, zone: str) -> str:
        return str(BallotResult(ballot.result).label)


@dataclass(frozen=True, kw_only=True)
class BallotStated(BallotNotification):
    name = "ballot_stated"
    label = gettext_lazy("Result of a ballot")

    def title_of(self, ballot: Ballot) -> str:
        facts = {"title": ballot.title, "result": BallotResult(ballot.result).label}
        return _("%(result)s: %(title)s") % facts


def notify_of_ballot(ballot: Ballot, event: BallotEvent, actor: Person | None) -> None:
    """Notify of this event, in the transaction in which it happens."""
    step = ballot.steps.filter(event=event).last()
    assert step
    about = {"group": ballot.group_id, "ballot": ballot.pk}
    payloads: list[BallotNotification | VoteWanted]
    match event:
        case BallotEvent.ANNOUNCED:
            payloads = [BallotAnnounced(**about)]
        case BallotEvent.OPENED:
            payloads = [BallotOpened(**about), VoteWanted(**about)]
        case BallotEvent.CLOSED | BallotEvent.CLOSED_EARLY:
            payloads = [BallotClosed(**about)]
        case BallotEvent.STATED:
            payloads = [BallotStated(**about)]
        case _:
            payloads = [BallotChanged(**about, step=step.pk)]
    for payload in payloads:
        notify(payload, cause=str(step.pk), actor=actor, scope_uuid=ballot.group.uuid)
