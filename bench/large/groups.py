"""The groups, who founded them and who sits in them."""

from bisect import bisect
from collections.abc import Iterator
from datetime import datetime
from itertools import count

from bench.large.chronicle import AGE, Chronicle, Circle, Colleague, Place
from bench.large.names import ASPECTS, SUBJECTS
from common.addresses.spelling import address_of
from common.names import lookup_key, sort_key
from common.times import between, since
from common.vocabulary.models import FocusArea
from members.people.models import Person
from workinggroups.groups.actions.groups import group_entries
from workinggroups.groups.choices import (
    Admission,
    Content,
    GroupAct,
    GroupKind,
    GroupState,
    Listing,
    OfficeKind,
    ParticipationLevel,
)
from workinggroups.groups.models import Group, Office, Participation

OPEN = (Listing.PUBLIC, Admission.OPEN, Content.ALLIANCE)
LISTED = (Listing.PUBLIC, Admission.REQUEST, Content.ALLIANCE)
CLOSED = (Listing.PUBLIC, Admission.REQUEST, Content.MEMBERS)
INTERNAL = (Listing.ALLIANCE, Admission.INVITATION, Content.MEMBERS)
SECRET = (Listing.MEMBERS, Admission.INVITATION, Content.MEMBERS)
# How the groups of the ordinary member are open; the first two are the measured ones.
OWN = (OPEN, OPEN, LISTED, CLOSED, SECRET, OPEN)
MIXED = (OPEN,) * 8 + (LISTED,) * 4 + (CLOSED,) * 3 + (INTERNAL,) * 3 + (SECRET,) * 2
KINDS = (GroupKind.WORKING_GROUP,) * 6 + (GroupKind.TASK_FORCE, GroupKind.COMMITTEE)
STATES = (GroupState.ACTIVE,) * 17 + (GroupState.CONCLUDED,) * 2 + (GroupState.FORMING,)
LEVELS = (ParticipationLevel.PARTICIPANT,) * 17 + (ParticipationLevel.OBSERVER,) * 3
# Of those who sit in a group now, the share that came without an organization, and the share of
# others who were there and left.
EXPERTS = 0.03
FORMER = 0.05


def add(chronicle: Chronicle) -> None:
    names = _names(set(Group.objects.values_list("slug", flat=True)))
    areas = {area.slug: area for area in FocusArea.objects.all()}
    # In the order in which they came, so that who was there at a moment is a slice.
    early = sorted(chronicle.colleagues[1:] or chronicle.colleagues, key=lambda one: one.since)
    for number in range(chronicle.sizes.groups):
        chronicle.circles.append(_circle(chronicle, number, next(names), areas, early))
    chronicle.save([circle.group for circle in chronicle.circles], 0.1)
    seats: list[Participation] = []
    offices: list[Office] = []
    for number, circle in enumerate(chronicle.circles):
        _found(chronicle, circle)
        seats += _seats(chronicle, circle, number)
        offices += _offices(chronicle, circle)
    chronicle.save(seats)
    chronicle.save(offices)


def _names(taken: set[str]) -> Iterator[tuple[str, str, str]]:
    """Name, area and slug: every subject with every aspect, and then the same numbered."""
    for turn in count(1):
        for shift in range(len(ASPECTS)):
            for place, (subject, area) in enumerate(SUBJECTS):
                aspect = ASPECTS[(place + shift) % len(ASPECTS)]
                name = f"{subject}: {aspect}" + (f", part {turn}" if turn > 1 else "")
                if address_of(name) not in taken:
                    yield name, area, address_of(name)


def _circle(
    chronicle: Chronicle,
    number: int,
    called: tuple[str, str, str],
    areas: dict[str, FocusArea],
    early: list[Colleague],
) -> Circle:
    name, area, slug = called
    is_own = number < len(OWN)
    listing, admission, content = OWN[number] if is_own else chronicle.dice.choice(MIXED)
    state = GroupState.ACTIVE if is_own else chronicle.dice.choice(STATES)
    began = chronicle.between(chronicle.ago(AGE - 20), chronicle.ago(AGE - 40 if is_own else 60))
    if state == GroupState.FORMING:
        began = chronicle.between(chronicle.ago(40), chronicle.ago(5))
    there = early[: bisect(early, began, key=lambda one: one.since)]
    founder = chronicle.dice.choice([one for one in there if one.may_write] or early[:1])
    began = max(began, founder.since)
    until = chronicle.now
    if state == GroupState.CONCLUDED:
        until = chronicle.between(began, chronicle.ago(20))
    group = Group(
        uuid=chronicle.uuid(began),
        slug=slug,
        name=name,
        sort_name=sort_key(name),
        search_name=lookup_key(name),
        kind=chronicle.dice.choice(KINDS),
        purpose=f"{name}. What the members find is written so that anybody can repeat it.",
        focus_area=areas[area],
        listing=listing,
        admission=admission,
        content=content,
        state=state,
        created_at=began,
        concluded_at=until if state == GroupState.CONCLUDED else None,
    )
    chair = Place(founder.person, founder.organization, began, may_write=True)
    return Circle(group, began, until, chair.person, chair.person, [chair])


def _found(chronicle: Chronicle, circle: Circle) -> None:
    group = circle.group
    chronicle.act(
        GroupAct.CREATED,
        group,
        circle.began,
        chronicle.staff,
        listing=group.listing,
        admission=group.admission,
        content=group.content,
    )
    if group.state == GroupState.CONCLUDED:
        chronicle.act(GroupAct.CONCLUDED, group, circle.until, chronicle.staff)
    chronicle.entries += group_entries(group)


# --- people ------------------------------------------------------------------------------------


def _seats(chronicle: Chronicle, circle: Circle, number: int) -> list[Participation]:
    """The founder, the ordinary member and guests in their own groups, and whoever else came."""
    made = [_participation(chronicle, circle, circle.places[0], LEVELS[0], GroupAct.ADDED)]
    wanted = _size(chronicle, number)
    known = {circle.chair.pk}
    if number < len(OWN):
        for own in [chronicle.member, *chronicle.guests]:
            if own.person.pk not in known:
                known.add(own.person.pk)
                made.append(_come(chronicle, circle, own, LEVELS[0]))
    for colleague in chronicle.some(chronicle.colleagues[1:], wanted):
        if colleague.person.pk in known or colleague.since >= circle.until:
            continue
        known.add(colleague.person.pk)
        level = chronicle.dice.choice(LEVELS)
        if chronicle.happens(EXPERTS):
            level = ParticipationLevel.EXPERT
        made.append(_come(chronicle, circle, colleague, level))
    for colleague in chronicle.some(chronicle.colleagues[1:], round(wanted * FORMER)):
        if colleague.person.pk not in known and colleague.since < circle.until:
            known.add(colleague.person.pk)
            made.append(_come_and_leave(chronicle, circle, colleague))
    return made


def _size(chronicle: Chronicle, number: int) -> int:
    """The two measured groups differ in their meetings alone; the one after them has the people."""
    sizes = chronicle.sizes
    if number < 2:
        return sizes.seats
    if number == 2:
        return sizes.many_seats
    return chronicle.dice.randint(2, max(sizes.seats // 2, 3))


def _come(
    chronicle: Chronicle, circle: Circle, colleague: Colleague, level: ParticipationLevel
) -> Participation:
    came = max(circle.began, colleague.since)
    came = chronicle.between(came, came + (circle.until - came) * chronicle.dice.random())
    is_expert = level == ParticipationLevel.EXPERT
    place = Place(
        colleague.person,
        None if is_expert else colleague.organization,
        came,
        may_write=is_expert or (colleague.may_write and level != ParticipationLevel.OBSERVER),
    )
    circle.places.append(place)
    joins = circle.group.admission == Admission.OPEN and not is_expert
    verb = GroupAct.JOINED if joins else GroupAct.ADDED
    return _participation(chronicle, circle, place, level, verb)


def _come_and_leave(chronicle: Chronicle, circle: Circle, colleague: Colleague) -> Participation:
    came = chronicle.between(max(circle.began, colleague.since), circle.until)
    left = chronicle.between(came, circle.until)
    place = Place(colleague.person, colleague.organization, came, may_write=False)
    made = _participation(chronicle, circle, place, LEVELS[0], GroupAct.ADDED)
    made.during = between(came, max(left, came))
    chronicle.act(
        GroupAct.LEFT,
        circle.group,
        left,
        colleague.person,
        person=colleague.person.uuid,
        organization=colleague.organization.uuid,
    )
    return made


def _participation(
    chronicle: Chronicle, circle: Circle, place: Place, level: ParticipationLevel, verb: GroupAct
) -> Participation:
    is_founding = place.since == circle.began
    actor = chronicle.staff if is_founding else circle.chair
    chronicle.act(
        verb,
        circle.group,
        place.since,
        place.person if verb == GroupAct.JOINED else actor,
        person=place.person.uuid,
        organization=place.organization.uuid if place.organization else None,
        level=level.value,
    )
    return Participation(
        group=circle.group,
        person=place.person,
        organization=place.organization,
        level=level,
        during=since(place.since),
    )


def _offices(chronicle: Chronicle, circle: Circle) -> list[Office]:
    """The founder chairs; others are named later, the ordinary member never."""
    given = [_office(chronicle, circle, circle.chair, OfficeKind.CHAIR, circle.began)]
    spare = {circle.chair.pk, chronicle.member.person.pk}
    others = [one for one in circle.places if one.may_write and one.person.pk not in spare]
    for place, office in zip(
        chronicle.some(others, 2), (OfficeKind.SECRETARY, OfficeKind.CO_CHAIR), strict=False
    ):
        if not chronicle.happens(0.6):
            continue
        at = chronicle.between(place.since, circle.until)
        given.append(_office(chronicle, circle, place.person, office, at))
        if office == OfficeKind.SECRETARY:
            circle.secretary = place.person
    return given


def _office(
    chronicle: Chronicle, circle: Circle, person: Person, office: OfficeKind, at: datetime
) -> Office:
    actor = chronicle.staff if at == circle.began else circle.chair
    facts = {"person": person.uuid, "office": office.value}
    chronicle.act(GroupAct.OFFICE_GIVEN, circle.group, at, actor, **facts)
    return Office(group=circle.group, person=person, office=office, during=since(at))
