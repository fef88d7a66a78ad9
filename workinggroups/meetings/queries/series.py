"""The series of a group."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from common.access import Viewer
from common.days import today_in
from workinggroups.groups.models import Group
from workinggroups.meetings.choices import Frequency
from workinggroups.meetings.models import MeetingSeries
from workinggroups.meetings.models.rotations import in_turn, words_of_turns


def active_series(group: Group, viewer: Viewer) -> list[MeetingSeries]:
    """Return the series of the group that go on and that this viewer can read.

    Meetings of several days are left out: lists show their days.
    """
    visible = MeetingSeries.objects.visible_to(viewer).active()
    visible = visible.exclude(frequency=Frequency.DAILY)
    today = today_in("UTC")
    going_on = visible.filter(group=group).filter(Q(until__isnull=True) | Q(until__gte=today))
    series = list(going_on)
    for each in series:
        each.group = group
    return series


def imported_already(group: Group, uids: Iterable[str]) -> dict[str, MeetingSeries]:
    """Return the series of the group that came from, or went into, calendar files under these uids."""
    names = list(uids)
    series = MeetingSeries.objects.filter(group=group).filter(
        Q(imported_uid__in=names) | Q(uid__in=names)
    )
    by_uid = {}
    for each in series:
        each.group = group
        by_uid[each.uid if each.uid in names else each.imported_uid] = each
    return by_uid


def with_continuations(series: MeetingSeries) -> set[int]:
    """Return the ids of the series and of all that continue it by a changed rule. One query."""
    pairs = MeetingSeries.objects.filter(group=series.group_id).exclude(continues=None)
    followers: dict[int, list[int]] = defaultdict(list)
    for pk, continued in pairs.values_list("pk", "continues_id"):
        followers[continued].append(pk)
    reached, waiting = {series.pk}, [series.pk]
    while waiting:
        later = set(followers[waiting.pop()]) - reached
        reached |= later
        waiting.extend(later)
    return reached


def turns_of(series: MeetingSeries) -> list[MeetingSeries]:
    """Return the series that go on and take turns with this one, itself included, in their order.

    Only this one where they no longer take turns evenly. Without a query where it never did.
    """
    if series.rotation is None:
        return [series]
    together = list(MeetingSeries.objects.in_turns_with(series).prefetch_related("skipped"))
    continued = {each.continues_id for each in together}
    turns = in_turn([each for each in together if each.pk not in continued])
    for each in turns:
        each.group = series.group
    return turns if series in turns else [series]


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """When a group meets, by one series or by several that take turns."""

    title: str
    words: str
    url: str


def rules_in_words(group: Group, viewer: Viewer) -> list[RuleInWords]:
    """Return the rules by which the group meets; series that take turns are one. One query."""
    return words_of(active_series(group, viewer))


def words_of(series: Sequence[MeetingSeries]) -> list[RuleInWords]:
    """Return the rules of these series in their order; those that take turns are one.

    Of a turn that was changed from a later date on, the rule that comes.
    """
    continued = {each.continues_id for each in series if each.rotation}
    series = [each for each in series if each.pk not in continued]
    together: dict[UUID, list[MeetingSeries]] = {}
    for each in series:
        together.setdefault(each.rotation or each.uuid, []).append(each)
    return [
        RuleInWords(turns[0].title, words_of_turns(turns), turns[0].get_absolute_url())
        for turns in together.values()
    ]
