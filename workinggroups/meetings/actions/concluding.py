"""What becomes of meetings, series, polls, proposals and minutes when their group concludes.

The caller holds the lock of the group, and the group gets one mail about everything.
"""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from common.access import Viewer
from common.record.actions import record
from members.people.models import Person
from workinggroups.groups.models import Group
from workinggroups.groups.open_work import LISTED_MOST, OpenKind, OpenObject, register
from workinggroups.meetings.actions.check_in import take_back_early_check_ins
from workinggroups.meetings.actions.planning import meeting_facts
from workinggroups.meetings.actions.polls import close_without_choice
from workinggroups.meetings.actions.proposals import close_as_declined
from workinggroups.meetings.actions.series import close_series
from workinggroups.meetings.actions.series_meetings import cancel_rows
from workinggroups.meetings.choices import MeetingAct, MeetingState
from workinggroups.meetings.models import AgendaProposal, Meeting, MeetingSeries, TimePoll
from workinggroups.meetings.models.meetings import MeetingQuerySet
from workinggroups.meetings.models.series import MeetingSeriesQuerySet


class OpenProposals(OpenKind):
    """Comes before the meetings: what was proposed for a cancelled one would move to the next."""

    name, label = "proposals", gettext_lazy("Items proposed for agendas")
    outcome = gettext_lazy("We decline them with your reason.")

    def count(self, group: Group) -> int:
        return _proposals(group).count()

    def listed(self, group: Group, viewer: Viewer) -> list[OpenObject]:
        rows = _proposals(group).filter(
            pk__in=AgendaProposal.objects.visible_to(viewer).values("pk")
        )
        shown = rows.select_related("meeting__group", "meeting__series")[:LISTED_MOST]
        return [OpenObject(row.title, row.get_absolute_url()) for row in shown]

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        # Proposing locks the meeting: nothing is proposed after this.
        coming = Meeting.objects.filter(group=group, ends_at__gt=timezone.now())
        list(coming.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        rows = _proposals(group).select_for_update(of=("self",), no_key=True)
        proposals = list(rows.select_related("meeting__group").order_by("pk"))
        for proposal in proposals:
            close_as_declined(proposal, actor=actor, reason=reason)
        return len(proposals)

    def sentence(self, choice: str, count: int) -> str:
        words = ngettext("%(n)d proposed item declined.", "%(n)d proposed items declined.", count)
        return words % {"n": count}


class OpenPolls(OpenKind):
    name, label = "polls", gettext_lazy("Open polls for a time")
    outcome = gettext_lazy("We close them with your reason.")

    def count(self, group: Group) -> int:
        return TimePoll.objects.open().filter(group=group).count()

    def listed(self, group: Group, viewer: Viewer) -> list[OpenObject]:
        polls = TimePoll.objects.visible_to(viewer).open().filter(group=group)
        shown = polls.select_related("group")[:LISTED_MOST]
        return [OpenObject(poll.title, poll.get_absolute_url()) for poll in shown]

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        rows = TimePoll.objects.open().filter(group=group).order_by("pk")
        polls = list(rows.select_for_update(of=("self",), no_key=True).select_related("group"))
        for poll in polls:
            close_without_choice(poll, actor=actor, reason=reason)
        return len(polls)

    def sentence(self, choice: str, count: int) -> str:
        words = ngettext("%(n)d poll for a time closed.", "%(n)d polls for a time closed.", count)
        return words % {"n": count}


class ComingMeetings(OpenKind):
    """A meeting that has begun goes on."""

    name, label = "meetings", gettext_lazy("Coming meetings")
    outcome = gettext_lazy("We cancel them with your reason. They stay in all lists.")

    def count(self, group: Group) -> int:
        return _coming(group).count()

    def listed(self, group: Group, viewer: Viewer) -> list[OpenObject]:
        shown = _coming(group).visible_to(viewer).select_related("group", "series")[:LISTED_MOST]
        return [OpenObject(row.name_and_day, row.get_absolute_url()) for row in shown]

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        rows = list(_coming(group).select_for_update(of=("self",), no_key=True))
        for row in rows:
            row.group = group
        cancel_rows(rows, actor=actor, reason=reason)
        take_back_early_check_ins(rows)
        for row in rows:
            if row.series_id is None:
                record(actor, MeetingAct.CANCELLED, row, facts=meeting_facts(row))
        return len(rows)

    def sentence(self, choice: str, count: int) -> str:
        words = ngettext("%(n)d meeting cancelled.", "%(n)d meetings cancelled.", count)
        return words % {"n": count}


class RunningSeries(OpenKind):
    name, label = "series", gettext_lazy("Series of meetings")
    outcome = gettext_lazy("We end them with your reason.")

    def count(self, group: Group) -> int:
        return _series(group).count()

    def listed(self, group: Group, viewer: Viewer) -> list[OpenObject]:
        shown = _series(group).visible_to(viewer).select_related("group")[:LISTED_MOST]
        return [OpenObject(series.title, series.get_absolute_url()) for series in shown]

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        rows = _series(group).select_for_update(of=("self",), no_key=True).order_by("pk")
        running = list(rows.select_related("group", "continues"))
        for series in running:
            close_series(series, actor=actor, reason=reason)
        return len(running)

    def sentence(self, choice: str, count: int) -> str:
        words = ngettext(
            "%(n)d series of meetings ended.", "%(n)d series of meetings ended.", count
        )
        return words % {"n": count}


class UnapprovedMinutes(OpenKind):
    name, label = "minutes", gettext_lazy("Minutes that are not approved")
    outcome = gettext_lazy("They stay as they are. The chairs can still finish and approve them.")

    def count(self, group: Group) -> int:
        return Meeting.objects.without_minutes().filter(group=group).count()

    def listed(self, group: Group, viewer: Viewer) -> list[OpenObject]:
        held = Meeting.objects.without_minutes().visible_to(viewer).filter(group=group)
        shown = held.select_related("group", "series")[:LISTED_MOST]
        return [OpenObject(row.name_and_day, row.get_absolute_url()) for row in shown]

    def sentence(self, choice: str, count: int) -> str:
        words = ngettext(
            "The minutes of %(n)d meeting can still be approved.",
            "The minutes of %(n)d meetings can still be approved.",
            count,
        )
        return words % {"n": count}


def _proposals(group: Group) -> "QuerySet[AgendaProposal]":
    return AgendaProposal.objects.open().filter(meeting__group=group)


def _coming(group: Group) -> MeetingQuerySet:
    return Meeting.objects.filter(
        group=group, state=MeetingState.PLANNED, starts_at__gt=timezone.now()
    ).order_by("starts_at", "pk")


def _series(group: Group) -> MeetingSeriesQuerySet:
    """Return the series that go on: their rule has no end, or a meeting is still to come."""
    coming = _coming(group).exclude(series=None).order_by().values("series")
    going_on = Q(until=None) | Q(until__gt=timezone.now().date()) | Q(pk__in=coming)
    return MeetingSeries.objects.active().filter(going_on, group=group)


def register_open_kinds() -> None:
    """Called from `apps.ready`."""
    register(OpenProposals(), OpenPolls(), ComingMeetings(), RunningSeries(), UnapprovedMinutes())
