"""What pages of this and upper apps show of organizations, each with a fixed number of queries."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils.functional import Promise

from common.access import Viewer
from common.names import look_alike_keys
from common.record.models import Record
from common.vocabulary.countries import country_name
from members.organizations.choices import (
    BANDS,
    COUNTRY_BARS,
    SECTION_ROWS,
    Kind,
    LegalNameState,
    MembershipAct,
    MembershipStatus,
    RepresentativeRole,
)
from members.organizations.models import (
    Affiliation,
    LegalNameRequest,
    Membership,
    Organization,
    OrganizationName,
    OrganizationRelation,
    Representation,
)
from members.organizations.permissions import can_see_inside
from members.people.models import Person


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member as the member list shows it."""

    name: str
    slug: str
    kind: str
    country: str
    member_since: date

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str | Promise
    plural: str | Promise
    listed_members: list[ListedMember]
    count: int

    @property
    def is_cut(self) -> bool:
        return len(self.listed_members) < self.count


@dataclass(frozen=True, slots=True)
class Bar:
    """The members of one country; `share` is relative to the largest, from 0 to 1."""

    code: str
    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class MemberList:
    sections: list[Section]
    count: int
    total: int
    bars: list[Bar]
    other_countries: int
    others: Bar | None
    countries: list[tuple[str, str]]
    newest: list[ListedMember]
    country_count: int


def listed_members(*, words: str = "") -> list[ListedMember]:
    """Return all members, or those with `words` in a present or former name, by name."""
    since = Membership.objects.inside().filter(organization=OuterRef("pk"))
    members = Organization.objects.members()
    if words:
        members = members.called(words)
    rows = members.annotate(since=Subquery(since.values("joined_on")[:1]))
    return [
        ListedMember(*row) for row in rows.values_list("name", "slug", "kind", "country", "since")
    ]


def member_list(*, words: str = "", country: str = "", section: str = "") -> MemberList:
    """Return the members by kind, with figures; two queries, one without `words`.

    Figures by country and the newest members are always those of all members.
    """
    everyone = listed_members()
    chosen = listed_members(words=words) if words else everyone
    if country:
        chosen = [member for member in chosen if member.country == country]
    rows_max = None if words or country or section else SECTION_ROWS
    sections = [
        Section(code, title, plural, members[:rows_max], len(members))
        for code, title, plural, kinds in BANDS
        if section in ("", code) and (members := [one for one in chosen if one.kind in kinds])
    ]
    counts = Counter(member.country for member in everyone if member.country).most_common()
    largest = counts[0][1] if counts else 1
    bars = [
        Bar(code, country_name(code), count, count / largest)
        for code, count in counts[:COUNTRY_BARS]
    ]
    rest = sum(count for _code, count in counts[COUNTRY_BARS:])
    return MemberList(
        sections=sections,
        count=sum(part.count for part in sections),
        total=len(everyone),
        bars=bars,
        other_countries=max(len(counts) - COUNTRY_BARS, 0),
        others=Bar("", "", rest, rest / largest) if rest else None,
        countries=sorted(
            ((code, country_name(code)) for code, _count in counts), key=lambda pair: pair[1]
        ),
        newest=sorted(everyone, key=lambda member: member.member_since, reverse=True)[:4],
        country_count=len(counts),
    )


@dataclass(slots=True)
class Colleague:
    """A person who belongs to an organization now."""

    affiliation: Affiliation
    representation: Representation | None = None

    @property
    def person(self) -> Person:
        return self.affiliation.person

    @property
    def role(self) -> str:
        return self.representation.role if self.representation else ""


def people_of(organization: Organization, viewer: Viewer) -> list[Colleague]:
    """Return the people of the organization whom this viewer can see; two queries.

    Its own people and staff see all, the alliance those in the directory, others nobody.
    Representatives come first.
    """
    affiliations = Affiliation.objects.current().filter(
        organization=organization, person__is_active=True
    )
    if not can_see_inside(viewer, organization):
        if not viewer.in_alliance:
            return []
        affiliations = affiliations.filter(person__in_directory=True)
    acting = {
        representation.person_id: representation
        for representation in Representation.objects.current().filter(organization=organization)
    }
    colleagues = [
        Colleague(affiliation, acting.get(affiliation.person_id))
        for affiliation in affiliations.select_related("person").order_by(
            "person__sort_name", "person"
        )
    ]
    for colleague in colleagues:
        # Rules about each row read the organization: without this, one query for each.
        colleague.affiliation.organization = organization
        if colleague.representation:
            colleague.representation.organization = organization
    order = {RepresentativeRole.PRIMARY.value: 0, RepresentativeRole.ALTERNATE.value: 1}
    colleagues.sort(key=lambda colleague: order.get(colleague.role, 2))
    return colleagues


def public_representatives(organization: Organization) -> list[Representation]:
    """Return the representatives whom the public page names; none unless the organization agreed."""
    if not organization.shows_representatives:
        return []
    return list(
        Representation.objects.current()
        .filter(organization=organization, person__is_active=True)
        .select_related("person")
        .order_by("-role", "person__sort_name")
    )


def organizations_of(person_ids: Iterable[int]) -> dict[int, list[Organization]]:
    """Return the organizations each person belongs to now, the longest first; one query."""
    organizations: dict[int, list[Organization]] = {}
    affiliations = Affiliation.objects.current().filter(person__in=set(person_ids))
    for affiliation in affiliations.select_related("organization").order_by("during"):
        organizations.setdefault(affiliation.person_id, []).append(affiliation.organization)
    return organizations


def current_membership(organization: Organization) -> Membership | None:
    """Return the membership that runs now, in any status; else the last one that ended."""
    return organization.memberships.order_by("-during").first()


def left_at(organization: Organization) -> datetime | None:
    """Return when the last membership ended; None for a member and one that never was."""
    last = current_membership(organization)
    if last is None or last.status != MembershipStatus.ENDED:
        return None
    ended_at: datetime | None = last.during.upper
    return ended_at


def legal_names_asked() -> list[LegalNameRequest]:
    """Return the open requests for another legal name, the oldest first."""
    waiting = LegalNameRequest.objects.filter(state=LegalNameState.OPEN)
    return list(waiting.select_related("organization", "asked_by").order_by("asked_at", "pk"))


def named_like(
    names: Iterable[str],
    *,
    besides: int | None = None,
    keys_of: Callable[[str], frozenset[str]] = look_alike_keys,
) -> dict[int, str]:
    """Return organizations with a present or former name that is, or looks like, one of `names`.

    The result has that name by primary key. Reads all names: three queries, and 20 to 70 µs for
    each name that was not compared before. The organization `besides` is left out. With
    `likeness_keys` as `keys_of`, also finds names that only deserve a warning.
    """
    keys = {key for name in names for key in keys_of(name)}
    if not keys:
        return {}
    alike: dict[int, str] = {}
    for pk, name in names_on_record():
        if pk != besides and not keys.isdisjoint(keys_of(name)):
            alike.setdefault(pk, name)
    return alike


def names_on_record() -> list[tuple[int, str]]:
    """Return every short, legal and other name, with the primary key of its organization."""
    names = list(Organization.objects.values_list("pk", "name"))
    names += Organization.objects.exclude(legal_name="").values_list("pk", "legal_name")
    names += OrganizationName.objects.values_list("organization_id", "name")
    return names


def relations_of(organization: Organization, viewer: Viewer) -> list[OrganizationRelation]:
    """Return current relations in both directions, with organizations that the viewer can see."""
    either = Q(organization=organization) | Q(other=organization)
    visible = Organization.objects.visible_to(viewer).values("pk")
    relations = OrganizationRelation.objects.current().filter(
        either, organization__in=visible, other__in=visible
    )
    return list(relations.select_related("organization", "other").order_by("relation", "pk"))


@dataclass(frozen=True, slots=True)
class Change:
    """One change in a membership's history; the first has the day that was named, not a moment."""

    at: datetime | date
    status: str
    actor: Person | None = field(default=None)

    @property
    def status_label(self) -> str:
        return str(MembershipStatus(self.status).label)


def membership_history(organization: Organization) -> list[Change]:
    """Return the changes of the organization's memberships, newest first; three queries."""
    joined = dict(organization.memberships.values_list("uuid", "joined_on"))
    rows = Record.objects.filter(
        kind="membership",
        object_uuid__in=joined,
        verb__in=[MembershipAct.BEGUN, MembershipAct.STATUS_CHANGED],
    ).order_by("-at")
    records = list(rows)
    people = {
        person.uuid: person
        for person in Person.objects.filter(uuid__in=[row.actor_uuid for row in records])
    }
    return [
        Change(
            joined[row.object_uuid] if row.verb == MembershipAct.BEGUN else row.at,
            _status_in(row),
            people.get(row.actor_uuid) if row.actor_uuid else None,
        )
        for row in records
    ]


def _status_in(row: Record) -> str:
    facts = json.loads(row.facts)
    return str(facts.get("to") or facts["status"])


def export_person(person: Person) -> dict[str, object]:
    """Return what this app stores about the person, as plain data for their export."""
    affiliations = person.affiliations.select_related("organization").order_by("during")
    representations = person.representations.select_related("organization").order_by("during")
    return {
        "affiliations": [
            {"organization": row.organization.name, "role": row.title, **_dates(row)}
            for row in affiliations
        ],
        "representations": [
            {"organization": row.organization.name, "as": row.role, **_dates(row)}
            for row in representations
        ],
        "memberships": [
            {
                "kind": row.kind,
                "status": row.status,
                "since": row.during.lower.isoformat(),
                "joined_on": row.joined_on.isoformat(),
            }
            for row in person.memberships.order_by("during")
        ],
    }


def _dates(row: Affiliation | Representation) -> dict[str, str | None]:
    since, until = row.during.lower, row.during.upper
    return {"since": since.isoformat(), "until": until and until.isoformat()}
