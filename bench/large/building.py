"""The large alliance is built: subject after subject, in one transaction."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bench.large import (
    action_items,
    charters,
    decisions,
    discussions,
    groups,
    inboxes,
    meetings,
    organizations,
    people,
    publications,
    works,
)
from bench.large.chronicle import Chronicle, Colleague
from bench.large.progress import Progress
from bench.large.sizes import Sizes
from common.errors import WrongState
from common.record.models import Record
from members.organizations.models import Affiliation
from members.people.models import Person
from workinggroups.deliverables.models import Deliverable, Publication
from workinggroups.groups.models import Group
from workinggroups.meetings.models import Meeting, MeetingSeries

SEED = 2026
SAVED_TOGETHER = 2000


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What one can point at: an ordinary member, the two measured groups, and one thing of each."""

    member: Person
    usual: Group
    large: Group
    meeting: Meeting
    # The one with a long agenda and many attendees.
    crowded_meeting: Meeting
    series: MeetingSeries
    publication: Publication
    # The one with hundreds of revisions.
    deliverable: Deliverable


Write = Callable[[Chronicle], None]


def build(
    sizes: Sizes,
    progress: Progress | None = None,
    *,
    guests: Collection[str] = (),
    now: datetime | None = None,
    seed: int = SEED,
) -> Landmarks:
    """Add an alliance of these sizes to the database, in one transaction.

    People who are there already and have one of the addresses `guests` get seats in the two
    measured groups. Raises WrongState if the large alliance was added before. Ends with ANALYZE,
    as autovacuum would have done by the time an alliance has so much.
    """
    if Person.objects.filter(email=people.STAFF_ADDRESS).exists():
        raise WrongState(_("The large alliance is loaded already."))
    progress = progress or Progress()
    now = (now or timezone.now()).replace(microsecond=0)
    chronicle = Chronicle(sizes, now, seed, progress)
    with transaction.atomic():
        for subject, share, write in subjects(guests):
            progress.begin(subject, share)
            write(chronicle)
    progress.end()
    return landmarks(chronicle)


def subjects(guests: Collection[str]) -> list[tuple[str, float, Write]]:
    """Return what is written, in order, each subject with its share of the whole time."""
    return [
        (_("members"), 0.14, partial(write_members, guests=guests)),
        (_("groups"), 0.08, write_groups),
        (_("meetings"), 0.15, meetings.add),
        (_("deliverables"), 0.18, works.add),
        (_("decisions"), 0.04, decisions.add),
        (_("publications"), 0.02, publications.add),
        (_("discussions"), 0.08, discussions.add),
        (_("action items"), 0.03, action_items.add),
        (_("links"), 0.03, write_links),
        (_("inboxes"), 0.08, write_inboxes),
        (_("search"), 0.05, write_search),
        (_("the record"), 0.11, write_record),
        (_("statistics"), 0.01, analyze),
    ]


def landmarks(chronicle: Chronicle) -> Landmarks:
    longest = chronicle.written[0].work
    usual = chronicle.usual.group
    read = [
        one
        for one in chronicle.publications
        if one.deliverable.group == usual and one.deliverable != longest and one.is_latest
    ]
    return Landmarks(
        member=chronicle.member.person,
        usual=usual,
        large=chronicle.large.group,
        meeting=meetings.full_meeting(chronicle),
        crowded_meeting=meetings.crowded_meeting(chronicle),
        series=MeetingSeries.objects.select_related("group").get(group=chronicle.in_turn.group),
        publication=next(one for one in read if not one.is_withdrawn),
        deliverable=longest,
    )


def write_members(chronicle: Chronicle, *, guests: Collection[str]) -> None:
    people.add_staff(chronicle)
    people.add(chronicle, organizations.add(chronicle))
    for one in Affiliation.objects.current().filter(person__email__in=guests):
        chronicle.guests.append(Colleague(one.person, one.organization, one.during.lower, True))


def write_groups(chronicle: Chronicle) -> None:
    groups.add(chronicle)
    charters.add(chronicle)


def write_inboxes(chronicle: Chronicle) -> None:
    """Asks for the readers of each group, so the planner has to know how many there are."""
    analyze(chronicle)
    inboxes.add(chronicle)


def analyze(chronicle: Chronicle) -> None:
    """The planner is told of what is there: within this transaction nobody else can tell it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def write_links(chronicle: Chronicle) -> None:
    chronicle.save(chronicle.links)


def write_search(chronicle: Chronicle) -> None:
    chronicle.save(chronicle.entries)


def write_record(chronicle: Chronicle) -> None:
    """In the order of time; all are chained together, as the trigger chains those of a transaction.

    As at a commit, all acts first wait to be chained, and then the first call of the second trigger
    chains them; done for each act alone, it would read ever more rows. Each call looks up one row,
    by a plan that is made anew here, since the table was empty before.
    """
    acts = sorted(chronicle.acts, key=lambda act: act.at)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DISCARD PLANS")
        for start in range(0, len(acts), SAVED_TOGETHER):
            Record.objects.bulk_create(acts[start : start + SAVED_TOGETHER])
            chronicle.progress.step(start / len(acts))
        cursor.execute("SET CONSTRAINTS record_awaits_chain IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL enable_seqscan = on")
