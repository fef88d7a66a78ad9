"""The two sides of access agree: who reads a row, and which rows somebody reads.

Random small worlds, each from its seed, with every way of being in, half in and out.
"""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from common.access import Level, viewer_for
from common.access.content import grants_for, sees
from common.access.grants import grant_reading
from common.access.models import Grant
from common.files.models import StoredFile
from common.identifiers import new_uuid
from common.search.models import SearchEntry
from common.times import between, ended, since
from members.organizations.choices import MembershipStatus
from members.organizations.models import Insider, Organization
from members.people.models import Person
from tests import factories
from tests.factories.groups import PRESETS
from workinggroups.attachments.models import Attachment
from workinggroups.deliverables.models import Deliverable, Revision
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups.models import ActionItem, Group, Participation, Seat
from workinggroups.groups.permissions import can_see_profile
from workinggroups.groups.queries import chairs_of, members_of, readers_of

pytestmark = pytest.mark.django_db

SEEDS = range(8)
PEOPLE, ORGANIZATIONS = 14, 4


def is_current(during: DateTimeTZRange) -> bool:
    now = timezone.now()
    return (during.lower is None or during.lower <= now) and (
        during.upper is None or now < during.upper
    )


class RandomWorld:
    """People, organizations and groups in random relations; some current, some over, some to come."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.organizations = [self._organization() for _ in range(ORGANIZATIONS)]
        self.people = [self._person() for _ in range(PEOPLE)]
        self.groups = [factories.group(preset=preset) for preset in PRESETS]
        for group in self.groups:
            for person in self.people:
                self._place(group, person)
        self.topics = [self._topic(group, level) for group in self.groups for level in Level]
        self.revisions = [
            revision
            for group in self.groups
            for level in Level
            for revision in self._two(group, level)
        ]
        for kind, uuid, group in self.grantable():
            for person in self.people:
                if self.chance(0.3):
                    self._grant(kind, uuid, group, person)
        self.items = [
            factories.action_item(group, level=level, created_by=self.people[0])
            for group in self.groups
            for level in Level
        ]
        for item in self.items:
            SearchEntry.objects.create(
                kind="action_item",
                uuid=item.uuid,
                group_id=item.group_id,
                level=item.level,
                title=item.text,
                url="/",
                at=item.created_at,
            )

    def grantable(self) -> Iterator[tuple[str, UUID, Group]]:
        for topic in self.topics:
            yield "topic", topic.uuid, topic.group
        for revision in self.revisions:
            yield "revision", revision.uuid, revision.deliverable.group

    def _topic(self, group: Group, level: Level) -> Topic:
        topic = Topic.objects.create(
            group=group, level=level, number=level + 1, title="Test data", starter=self.people[0]
        )
        Post.objects.create(
            group=group, level=level, topic=topic, number=1, author=self.people[0], source="Which?"
        )
        stored = StoredFile.objects.create(
            name="data.csv", bytes=0, media_type="text/csv", created_at=timezone.now()
        )
        Attachment.objects.create(
            group=group,
            level=level,
            kind="topic",
            thing_uuid=topic.uuid,
            stored=stored,
            name="data.csv",
            added_by=self.people[0],
        )
        return topic

    def _two(self, group: Group, level: Level) -> list[Revision]:
        """A sealed revision, and an open one after it."""
        by = self.people[0]
        work = Deliverable.objects.create(
            group=group, level=level, number=level + 1, kind="S", title="Tests", created_by=by
        )
        sealed = {"sealed_at": timezone.now(), "sha256": "0" * 64}
        return [
            Revision.objects.create(deliverable=work, number=number, author=by, **fields)
            for number, fields in enumerate([sealed, {}], 1)
        ]

    def _grant(self, kind: str, uuid: UUID, group: Group, person: Person) -> None:
        Grant.objects.create(
            kind=kind,
            object_uuid=uuid,
            group_id=group.pk,
            person_id=person.pk,
            during=self.during(),
            cause_uuid=new_uuid(),
        )

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def during(self) -> Any:
        """Mostly now; sometimes over, sometimes not yet begun."""
        now = timezone.now()
        over = between(now - timedelta(days=30), now - timedelta(seconds=1))
        to_come = since(now + timedelta(days=1))
        ends_later = between(now - timedelta(days=3), now + timedelta(days=3))
        current = since(now - timedelta(days=3))
        return self.dice.choices([current, ends_later, over, to_come], [6, 1, 2, 1])[0]

    def membership(self) -> dict[str, Any]:
        """A status and its time; what has ended has an end."""
        status = str(self.dice.choices(list(MembershipStatus), [1, 5, 4, 2, 1])[0])
        during = self.during()
        if status == MembershipStatus.ENDED:
            during = ended(during) if is_current(during) else during
            status = status if during.upper else str(MembershipStatus.ACTIVE)
        return {"status": status, "during": during}

    def _organization(self) -> Organization:
        organization = factories.organization(status=None)
        if self.chance(0.9):
            factories.membership(organization=organization, **self.membership())
        return organization

    def _person(self) -> Person:
        person = factories.person(
            staff=self.chance(0.15), is_active=self.chance(0.9), in_directory=self.chance(0.5)
        )
        for organization in self.organizations:
            if self.chance(0.35):
                factories.affiliate(person, organization, during=self.during())
        if self.chance(0.2):
            factories.membership(person=person, **self.membership())
        return person

    def _place(self, group: Group, person: Person) -> None:
        if self.chance(0.5):
            own = [affiliation.organization for affiliation in person.affiliations.all()]
            factories.seat(
                group,
                person,
                level=self.dice.choice(["participant", "observer", "expert"]),
                organization=self.dice.choice([None, self.organizations[0], *own, *own]),
                during=self.during(),
            )
        if self.chance(0.4):
            kind = self.dice.choice(["chair", "co_chair", "secretary"])
            factories.office(group, person, kind, during=self.during())
        if self.chance(0.15):
            factories.break_glass(group, person, during=self.during())


@pytest.fixture(params=SEEDS)
def world(request: pytest.FixtureRequest, db: None) -> RandomWorld:
    return RandomWorld(request.param)


def those_who(people: list[Person], holds: Callable[[Person], bool]) -> set[int]:
    """People who can sign in and of whom it holds."""
    return {person.pk for person in people if person.is_active and holds(person)}


def ids(people: Any) -> set[int]:
    return set(people.values_list("pk", flat=True))


def test_readers_of_a_row_are_those_who_see_it(world: RandomWorld) -> None:
    ours = {person.pk for person in world.people}
    viewers = {person.pk: viewer_for(person.pk) for person in world.people}
    seen = {
        pk: ids(ActionItem.objects.visible_to(viewer).filter(pk__in=[i.pk for i in world.items]))
        for pk, viewer in viewers.items()
    }

    for item in world.items:
        readers = ids(readers_of(item.group_id, item.level)) & ours
        expected = those_who(world.people, lambda person, pk=item.pk: pk in seen[person.pk])
        assert readers == expected, f"level {item.level} of {item.group}"


def test_readers_by_grant_are_those_who_see_the_thing(world: RandomWorld) -> None:
    """Topics with their posts and files, and single revisions, each granted to some for a time."""
    ours = {person.pk for person in world.people}
    viewers = {person.pk: viewer_for(person.pk) for person in world.people}
    kinds: list[type[Any]] = [Topic, Post, Attachment]
    seen = {
        (model, pk): ids(model.objects.visible_to(viewer))
        for pk, viewer in viewers.items()
        for model in kinds
    }

    for model in kinds:
        for row in model.objects.all():
            readers = ids(readers_of(row.group_id, row.level, granted=grants_for(row))) & ours
            by_filter = those_who(
                world.people, lambda person, row=row: row.pk in seen[type(row), person.pk]
            )
            by_row = those_who(world.people, lambda person, row=row: sees(viewers[person.pk], row))
            assert readers == by_filter == by_row, f"level {row.level} of {row.group}"


def test_readers_of_a_deliverable_are_those_who_see_a_revision_of_it(world: RandomWorld) -> None:
    ours = {person.pk for person in world.people}
    viewers = {person.pk: viewer_for(person.pk) for person in world.people}
    works = {pk: ids(Deliverable.objects.visible_to(viewer)) for pk, viewer in viewers.items()}
    texts = {pk: ids(Revision.objects.visible_to(viewer)) for pk, viewer in viewers.items()}

    for first, second in batched(world.revisions):
        work = first.deliverable
        by_level = ids(readers_of(work.group_id, work.level))
        of = {
            row.pk: ids(readers_of(work.group_id, work.level, granted=grants_for(row)))
            for row in (first, second)
        }
        assert (of[first.pk] | of[second.pk]) & ours == those_who(
            world.people, lambda person, pk=work.pk: pk in works[person.pk]
        )
        for row in (first, second):
            by_grant = those_who(world.people, lambda person, pk=row.pk: pk in texts[person.pk])
            assert (of[row.pk] & ours) - by_level == by_grant - by_level


def batched(revisions: list[Revision]) -> Iterator[tuple[Revision, Revision]]:
    """The two revisions of each deliverable."""
    return zip(revisions[::2], revisions[1::2], strict=True)


def test_search_finds_what_one_sees_and_no_more(world: RandomWorld) -> None:

    for person in world.people:
        viewer = viewer_for(person.pk)
        rows = ActionItem.objects.visible_to(viewer).values_list("uuid", flat=True)
        found = SearchEntry.objects.visible_to(viewer).filter(kind="action_item")
        assert set(found.values_list("uuid", flat=True)) == set(rows)


def test_a_groups_card_is_seen_by_the_readers_of_its_level(world: RandomWorld) -> None:
    ours = {person.pk for person in world.people}
    cards = {
        person.pk: ids(Group.objects.visible_to(viewer_for(person.pk))) for person in world.people
    }

    for group in world.groups:
        readers = ids(readers_of(group.pk, group.profile_level)) & ours
        assert readers == those_who(
            world.people, lambda person, pk=group.pk: pk in cards[person.pk]
        )


def test_members_and_chairs_are_those_whose_viewer_says_so(world: RandomWorld) -> None:
    ours = {person.pk for person in world.people}
    viewers = {person.pk: viewer_for(person.pk) for person in world.people}

    for group in world.groups:
        assert ids(members_of(group.pk)) & ours == those_who(
            world.people, lambda person, pk=group.pk: viewers[person.pk].is_member(pk)
        )
        assert ids(chairs_of(group.pk)) & ours == those_who(
            world.people, lambda person, pk=group.pk: pk in viewers[person.pk].chaired_ids
        )


def test_a_seat_is_a_participation_of_somebody_inside_on_that_behalf(world: RandomWorld) -> None:
    """The view of seats says the rule in joins; here it is said once more, row by row."""
    expected = {}
    for taken in Participation.objects.select_related("person"):
        ways = Insider.objects.filter(person=taken.person, organization=taken.organization_id)
        is_expert = taken.level == "expert"
        if taken.person.is_active and is_current(taken.during) and (is_expert or ways.exists()):
            read_only = all(way.read_only for way in ways) and not is_expert
            expected[taken.group_id, taken.person_id] = (taken.level, read_only)

    seats = {
        (seat.group_id, seat.person_id): (seat.level, seat.read_only) for seat in Seat.objects.all()
    }
    assert seats == expected
    assert len(seats) == Seat.objects.count()


def test_whoever_cannot_sign_in_sees_what_is_public(world: RandomWorld) -> None:

    for person in world.people:
        if not person.is_active:
            rows = ActionItem.objects.visible_to(viewer_for(person.pk))
            assert {row.level for row in rows} <= {Level.PUBLIC}


def test_worlds_have_every_way_of_being_in_and_out() -> None:
    """What the seeds above are worth: each kind of access occurs, and so does its absence."""
    counts: dict[str, int] = {}
    for seed in SEEDS:
        world = RandomWorld(seed)
        for person in world.people:
            viewer = viewer_for(person.pk)
            for name, holds in {
                "in the alliance": viewer.in_alliance,
                "outside": not viewer.in_alliance,
                "reads only": viewer.read_only,
                "seated": bool(viewer.seats),
                "chairs": bool(viewer.chaired_ids),
                "holds an office in grace": any(
                    seat.read_only and seat.offices for seat in viewer.seats.values()
                ),
                "seated from outside": bool(viewer.seats) and not viewer.in_alliance,
                "opened a group": bool(viewer.break_glass_ids),
                "reads by a grant": any(
                    not viewer.is_member(topic.group_id) and viewer.holds_grant("topic", topic.uuid)
                    for topic in world.topics
                ),
                "granted in a group unknown to them": any(
                    topic.group.is_secret
                    and not viewer.is_member(topic.group_id)
                    and Grant.objects.current()
                    .filter(person_id=person.pk, object_uuid=topic.uuid)
                    .exists()
                    for topic in world.topics
                ),
            }.items():
                counts[name] = counts.get(name, 0) + bool(holds)

    assert min(counts.values()) > 0, counts


def test_viewer_costs_one_query(
    chair: Person, django_assert_num_queries: Callable[[int], Any]
) -> None:
    group = factories.group(preset="secret", chair=chair)
    other = factories.group(preset="listed")
    for each in (group, other):
        grant_reading(
            kind="topic",
            uuid=new_uuid(),
            group_id=each.pk,
            person_ids=[chair.pk],
            until=factories.ahead(days=1),
            cause=new_uuid(),
        )

    with django_assert_num_queries(1):
        viewer = viewer_for(chair.pk)

    assert len(viewer.seats) == 1
    assert len(viewer.granted["topic"]) == 1


def test_the_reach_into_one_group_is_what_one_sees_of_it(world: RandomWorld) -> None:
    """`within` and `sees` say the rule of `visible_to` once more, for one group."""
    for person in world.people:
        viewer = viewer_for(person.pk)
        visible = ids(ActionItem.objects.visible_to(viewer))
        cards = ids(Group.objects.visible_to(viewer))
        for group in world.groups:
            here = {item.pk for item in world.items if item.group_id == group.pk}
            reached = ids(ActionItem.objects.within(group, viewer.read_level(group.pk)))
            assert reached & here == visible & here
            assert can_see_profile(viewer, group) == (group.pk in cards)
        assert {item.pk for item in world.items if sees(viewer, item)} == visible & {
            item.pk for item in world.items
        }
