"""Who would stand on a ballot's roll if it opened now: previewed by name, and copied at the opening."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count

from members.onboarding.models import Acceptance
from members.onboarding.standing import Standing, standings
from members.organizations.models import Affiliation, Organization, OrganizationRelation
from members.people.models import Person
from workinggroups.decisions.choices import RollRole
from workinggroups.groups.choices import ParticipationLevel, VotingQuorum, VotingUnit
from workinggroups.groups.models import Group, Seat
from workinggroups.groups.voters import OrganizationVoters, organization_voters
from workinggroups.groups.voting_rules import VotingRules
from workinggroups.meetings.choices import MeetingState
from workinggroups.meetings.models import Attendance, Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A person who can vote for a line of the roll."""

    person: Person
    organization: Organization | None
    role: RollRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One organization, group of related organizations, or person with a vote."""

    organization: Organization | None
    person: Person | None = None  # where each person has a vote
    name: str
    speakers: tuple[Speaker, ...]
    related_uuid: UUID
    related_names: tuple[str, ...] = ()
    is_attending: bool = False

    @property
    def key(self) -> str:
        """Return what makes the line the same on another day: whose vote it is, and who casts it."""
        people = ",".join(str(speaker.person.uuid) for speaker in self.speakers)
        return f"{self.organization.uuid if self.organization else ''}:{people}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """The lines of the roll, and the organizations with a seat that cannot vote, with the reason."""

    lines: tuple[Line, ...]
    without_voter: tuple[Organization, ...] = ()
    not_in_standing: tuple[tuple[Organization, Standing], ...] = ()
    over_limit: tuple[Person, ...] = field(
        default=()
    )  # participants beyond the seats of an employer

    @property
    def digest(self) -> str:
        """Return a checksum of the lines, by which an opening knows what its chair was shown."""
        text = "\n".join(sorted(line.key for line in self.lines))
        return hashlib.sha256(text.encode()).hexdigest()


def electorate(group: Group, rules: VotingRules) -> Electorate:
    """Return who would vote now in this group by these rules, in a constant number of queries."""
    if rules.unit == VotingUnit.PERSONS:
        return _persons(group, rules)
    return _organizations(group, rules)


def _organizations(group: Group, rules: VotingRules) -> Electorate:
    rows = organization_voters(group)
    attending = attending_organizations(group, rules)
    roots = related_roots(row.organization for row in rows)
    lines: list[Line] = []
    for row in rows:
        if row.standing is not Standing.GOOD or row.voter is None:
            continue
        lines.append(
            Line(
                organization=row.organization,
                name=row.organization.name,
                speakers=_speakers(row),
                related_uuid=roots[row.organization.pk].uuid,
                is_attending=row.organization.pk in attending,
            )
        )
    if rules.one_vote_per_related_group:
        lines = _one_a_related_group(lines, {root.uuid: root for root in roots.values()})
    return Electorate(
        lines=tuple(lines),
        without_voter=tuple(
            row.organization for row in rows if row.standing is Standing.GOOD and row.voter is None
        ),
        not_in_standing=tuple(
            (row.organization, row.standing) for row in rows if row.standing is not Standing.GOOD
        ),
    )


def _speakers(row: OrganizationVoters) -> tuple[Speaker, ...]:
    people = [(row.voter, RollRole.VOTER), *((one, RollRole.ALTERNATE) for one in row.alternates)]
    return tuple(
        Speaker(person=person, organization=row.organization, role=role)
        for person, role in people
        if person is not None
    )


def _one_a_related_group(lines: Sequence[Line], roots: dict[UUID, Organization]) -> list[Line]:
    """Unite the lines of related organizations: the first of their people who votes casts the vote."""
    by_root: dict[UUID, list[Line]] = defaultdict(list)
    for line in lines:
        by_root[line.related_uuid].append(line)
    united = []
    for related in by_root.values():
        first = _foremost(related, roots)
        names = tuple(line.name for line in related)
        speakers: dict[int, Speaker] = {}
        for line in [first, *(other for other in related if other is not first)]:
            for speaker in line.speakers:
                speakers.setdefault(speaker.person.pk, speaker)
        united.append(
            Line(
                organization=first.organization,
                name=first.name,
                speakers=tuple(speakers.values()),
                related_uuid=first.related_uuid,
                related_names=names if len(names) > 1 else (),
                is_attending=any(line.is_attending for line in related),
            )
        )
    return united


def _foremost(related: Sequence[Line], roots: dict[UUID, Organization]) -> Line:
    """Return the line of the topmost organization, or else the first."""
    root = roots[related[0].related_uuid]
    return next((line for line in related if line.organization == root), related[0])


def _persons(group: Group, rules: VotingRules) -> Electorate:
    """Every participant has a vote, up to the seats that one employer can have, longest first."""
    seats = list(
        Seat.objects.filter(group=group, level=ParticipationLevel.PARTICIPANT, read_only=False)
        .select_related("person", "organization")
        .order_by("person__sort_name", "person_id")
    )
    organizations = {seat.organization_id for seat in seats if seat.organization_id is not None}
    standing = standings(organizations)
    roots = related_roots(seat.organization for seat in seats if seat.organization)
    begun = dict(group.participations.current().values_list("person_id", "during"))
    attending = attending_people(group, rules)
    lines: list[Line] = []
    over: list[Person] = []
    taken: dict[UUID, int] = defaultdict(int)
    for seat in sorted(seats, key=lambda one: (begun[one.person_id].lower, one.person_id)):
        organization = seat.organization
        if organization and standing.get(organization.pk) is not Standing.GOOD:
            continue
        related = roots[organization.pk].uuid if organization else seat.person.uuid
        taken[related] += 1
        if organization and rules.seats_per_employer and taken[related] > rules.seats_per_employer:
            over.append(seat.person)
            continue
        speaker = Speaker(person=seat.person, organization=organization, role=RollRole.PERSON)
        lines.append(
            Line(
                organization=organization,
                person=seat.person,
                name=seat.person.name,
                speakers=(speaker,),
                related_uuid=related,
                is_attending=seat.person_id in attending,
            )
        )
    lines.sort(key=lambda line: (line.speakers[0].person.sort_name, line.speakers[0].person.pk))
    named = {seat.organization_id: seat.organization for seat in seats if seat.organization}
    return Electorate(
        lines=tuple(lines),
        not_in_standing=tuple(
            (named[pk], one) for pk, one in standing.items() if one is not Standing.GOOD
        ),
        over_limit=tuple(over),
    )


def related_roots(organizations: Iterable[Organization]) -> dict[int, Organization]:
    """Return the topmost related organization of each, by id: itself where it is related to none."""
    known = {one.pk: one for one in organizations}
    above: dict[int, Organization] = {}
    relations = OrganizationRelation.objects.current().select_related("organization")
    for relation in relations.order_by("pk"):
        above.setdefault(relation.other_id, relation.organization)
    roots = {}
    for pk, organization in known.items():
        seen, top = {pk}, organization
        while (parent := above.get(top.pk)) and parent.pk not in seen:
            seen.add(parent.pk)
            top = parent
        roots[pk] = top
    return roots


def attending_organizations(group: Group, rules: VotingRules) -> frozenset[int]:
    """Return the organizations that attended enough of the last meetings for a quorum."""
    return _attending(group, rules, "organization")


def attending_people(group: Group, rules: VotingRules) -> frozenset[int]:
    """Return the people who attended enough of the last meetings for a quorum."""
    return _attending(group, rules, "person")


def _attending(group: Group, rules: VotingRules, whose: str) -> frozenset[int]:
    if rules.quorum != VotingQuorum.ATTENDING:
        return frozenset()
    held = Meeting.objects.filter(group=group, state=MeetingState.HELD).order_by("-starts_at")
    last = list(held.values_list("pk", flat=True)[: rules.attending_meetings])
    needed = min(rules.attending_needed or 1, max(len(last), 1))
    attended = (
        Attendance.objects.present()
        .filter(meeting__in=last, **{f"{whose}__isnull": False})
        .order_by()
        .values(whose)
        .annotate(meetings=Count("meeting", distinct=True))
        .filter(meetings__gte=needed)
    )
    return frozenset(attended.values_list(whose, flat=True))


def agreements_accepted(organizations: Iterable[int]) -> dict[int, list[str]]:
    """Return the versions of agreements that each organization has accepted, such as `conduct:3`."""
    accepted: dict[int, list[str]] = defaultdict(list)
    rows = Acceptance.objects.filter(
        organization__in=list(organizations), lapsed_at__isnull=True
    ).order_by("version__kind", "version__number")
    for pk, kind, number in rows.values_list("organization", "version__kind", "version__number"):
        accepted[pk].append(f"{kind}:{number}")
    return accepted


def titles_of(speakers: Iterable[Speaker]) -> dict[tuple[int, int], str]:
    """Return the positions of these people at their organizations, by person and organization."""
    wanted = list(speakers)
    rows = Affiliation.objects.current().filter(
        person__in={one.person.pk for one in wanted},
        organization__in={one.organization.pk for one in wanted if one.organization},
    )
    return {(row.person_id, row.organization_id): row.title for row in rows}
