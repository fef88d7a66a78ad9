"""What people are notified of by the votes that are theirs: to cast, cast, or cast by a colleague."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from common.ui.date_format import moment_words
from members.people.models import Person
from notifications.actions import notify
from notifications.choices import Category
from notifications.types import AnyPayload, NotificationContent, NotificationType
from workinggroups.decisions.models import Ballot, RollEntry, Vote
from workinggroups.decisions.queries.ballots import (
    entries_to_vote,
    people_on_roll,
    people_speaking_for,
    people_without_vote,
)
from workinggroups.groups.notifications import content_in


class VotesToCast(NamedTuple):
    """An open ballot and the entries of its roll that the reader can vote for."""

    ballot: Ballot
    entries: list[RollEntry]


@dataclass(frozen=True, kw_only=True)
class VoteWanted(NotificationType[VotesToCast]):
    """For everybody who can vote in a ballot that has opened. Mailed whatever they chose."""

    name = "vote_wanted"
    label = gettext_lazy("A ballot in which you have a vote")
    category = Category.DECISIONS
    is_in_use = False
    mandatory = True

    group: int
    ballot: int

    def recipients(self) -> QuerySet[Person]:
        return people_on_roll(self.ballot)

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> Mapping[AnyPayload, VotesToCast]:
        """Return the ballots that are still open for the viewer. One query."""
        if viewer.person_id is None:
            return {}
        wanted = list(payloads)
        by_ballot: dict[int, VotesToCast] = {}
        pks = {each.ballot for each in wanted}
        for entry in entries_to_vote(viewer.person_id).filter(ballot__in=pks):
            by_ballot.setdefault(entry.ballot_id, VotesToCast(entry.ballot, []))
            by_ballot[entry.ballot_id].entries.append(entry)
        return {each: by_ballot[each.ballot] for each in wanted if each.ballot in by_ballot}

    def content(self, target: VotesToCast, viewer: Viewer) -> NotificationContent:
        ballot, names = target.ballot, ", ".join(entry.name for entry in target.entries)
        facts = {"names": names, "title": ballot.title}
        return content_in(
            ballot.group,
            title=self.title % facts,
            url=ballot.get_absolute_url(),
            why=_("because you have the vote of %(names)s") % {"names": names},
            detail=closing_words(ballot, viewer.zone),
            thread_key=f"ballot:{ballot.uuid}",
            subject=self.title % facts,
        )

    @property
    def title(self) -> str:
        return _("Vote for %(names)s: %(title)s")


@dataclass(frozen=True, kw_only=True)
class VoteMissing(VoteWanted):
    """The reminder for those whose entry has no vote yet when it is sent."""

    name = "vote_missing"
    label = gettext_lazy("Reminder that a vote of yours is missing")
    mandatory = False

    days: int  # before the closing

    def recipients(self) -> QuerySet[Person]:
        ballot = Ballot.objects.open().filter(pk=self.ballot).first()
        return people_without_vote(ballot) if ballot else Person.objects.active().none()

    @property
    def title(self) -> str:
        return _("The vote of %(names)s is missing: %(title)s")


@dataclass(frozen=True, kw_only=True)
class VoteNotification(NotificationType[Vote]):
    """About one vote, for people of its entry of the roll."""

    category = Category.DECISIONS
    is_in_use = False

    group: int
    vote: int

    @classmethod
    def find_targets(cls, payloads: Iterable[Self], viewer: Viewer) -> Mapping[AnyPayload, Vote]:
        """Return the votes whose ballot the viewer can read. One query."""
        by_pk = {each.vote: each for each in payloads}
        votes = Vote.objects.filter(pk__in=by_pk, ballot__in=Ballot.objects.visible_to(viewer))
        shown = votes.select_related("ballot__group", "entry", "cast_by")
        return {by_pk[vote.pk]: vote for vote in shown}

    def _content(self, vote: Vote, *, title: str, why: str, zone: str) -> NotificationContent:
        ballot = vote.ballot
        return content_in(
            ballot.group,
            title=title,
            url=ballot.get_absolute_url(),
            why=why,
            detail=closing_words(ballot, zone),
            thread_key=f"ballot:{ballot.uuid}",
            subject=str(ballot),
        )


@dataclass(frozen=True, kw_only=True)
class VoteReceipt(VoteNotification):
    """For the person who cast it."""

    name = "vote_receipt"
    label = gettext_lazy("Receipt of a vote that you cast")

    def recipients(self) -> QuerySet[Person]:
        return Person.objects.active().filter(
            pk__in=Vote.objects.filter(pk=self.vote).values("cast_by")
        )

    def content(self, target: Vote, viewer: Viewer) -> NotificationContent:
        facts = {
            "name": target.entry.name,
            "position": target.get_position_display(),
            "title": target.ballot.title,
        }
        title = _("You voted for %(name)s: %(position)s. %(title)s") % facts
        return self._content(
            target, title=title, why=_("because you cast this vote"), zone=viewer.zone
        )


@dataclass(frozen=True, kw_only=True)
class VoteCastByColleague(VoteNotification):
    """For the others who can vote for the same entry, and can change its vote."""

    name = "vote_cast_by_colleague"
    label = gettext_lazy("A vote that a colleague cast for your organization")

    def recipients(self) -> QuerySet[Person]:
        vote = Vote.objects.filter(pk=self.vote).first()
        if vote is None:
            return Person.objects.active().none()
        return people_speaking_for(vote.entry_id).exclude(pk=vote.cast_by_id)

    def content(self, target: Vote, viewer: Viewer) -> NotificationContent:
        facts = {
            "person": target.cast_by.name,
            "name": target.entry.name,
            "position": target.get_position_display(),
            "title": target.ballot.title,
        }
        title = _("%(person)s voted for %(name)s: %(position)s. %(title)s") % facts
        why = _("because you can vote for %(name)s too") % facts
        return self._content(target, title=title, why=why, zone=viewer.zone)


@dataclass(frozen=True, kw_only=True)
class SteppedOut(NotificationType[RollEntry]):
    """For the others who can vote for an entry that stepped out of a ballot, or in again."""

    name = "ballot_stepped_out"
    label = gettext_lazy("Your organization stepped out of a ballot, or in again")
    category = Category.DECISIONS
    is_in_use = False

    group: int
    entry: int
    actor: int
    has_returned: int = 0

    def recipients(self) -> QuerySet[Person]:
        return people_speaking_for(self.entry).exclude(pk=self.actor)

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> Mapping[AnyPayload, RollEntry]:
        by_pk = {each: each.entry for each in payloads}
        entries = RollEntry.objects.filter(
            pk__in=by_pk.values(), ballot__in=Ballot.objects.visible_to(viewer)
        )
        rows = {entry.pk: entry for entry in entries.select_related("ballot__group")}
        return {each: rows[pk] for each, pk in by_pk.items() if pk in rows}

    def content(self, target: RollEntry, viewer: Viewer) -> NotificationContent:
        ballot, facts = target.ballot, {"name": target.name, "title": target.ballot.title}
        if self.has_returned:
            title = _("%(name)s takes part in the ballot again: %(title)s") % facts
        else:
            title = _("%(name)s stepped out of the ballot: %(title)s") % facts
        return content_in(
            ballot.group,
            title=title,
            url=ballot.get_absolute_url(),
            why=_("because you can vote for %(name)s") % facts,
            detail=target.recusal_reason,
            thread_key=f"ballot:{ballot.uuid}",
            subject=str(ballot),
        )


def closing_words(ballot: Ballot, zone: str) -> str:
    """Return until when one can vote, in the reader's zone."""
    assert ballot.closes_at
    return _("Open until %(moment)s") % {"moment": moment_words(ballot.closes_at, zone)}


def notify_of_vote(vote: Vote) -> None:
    """Send the receipt, and tell the others of the same entry, in the transaction of the vote."""
    about = {"group": vote.ballot.group_id, "vote": vote.pk}
    scope = vote.ballot.group.uuid
    # The receipt is for the actor, who would be left out.
    notify(VoteReceipt(**about), cause=vote.uuid, scope_uuid=scope)
    notify(VoteCastByColleague(**about), cause=vote.uuid, actor=vote.cast_by, scope_uuid=scope)


def notify_of_recusal(entry: RollEntry, actor: Person, at: object) -> None:
    """Tell the others of the entry that it stepped out, or in again."""
    payload = SteppedOut(
        group=entry.ballot.group_id,
        entry=entry.pk,
        actor=actor.pk,
        has_returned=int(entry.recused_at is None),
    )
    scope = entry.ballot.group.uuid
    notify(payload, cause=f"{entry.uuid}:{at}", actor=actor, scope_uuid=scope)
