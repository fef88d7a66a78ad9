"""What pages of this and higher rooms show of organizations, each with a fixed number of queries."""

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
    WALL_ROWS,
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
    """Members with their seat in one country; `share` is of the largest, 0 to 1."""

    code: str
    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class MemberList:
    sections: list[Section]
    found: int
    total: int
    bars: list[Bar]
    other_countries: int
    others: Bar | None
    countries: list[tuple[str, str]]
    joined_lately: list[ListedMember]
    country_count: int


def listed_members(*, words: str = "") -> list[ListedMember]:
    """Every member, or those one of whose names holds `words`, in the order of their names."""
    since = Membership.objects.inside().filter(organization=OuterRef("pk"))
    members = Organization.objects.members()
    if words:
        members = members.called(words)
    rows = members.annotate(since=Subquery(since.values("joined_on")[:1]))
    return [
        ListedMember(*row) for row in rows.values_list("name", "slug", "kind", "country", "since")
    ]


def member_list(*, words: str = "", country: str = "", section: str = "") -> MemberList:
    """The members by kind, with the figures beside them; two queries, one without `words`.

    Figures by country and the latest arrivals are always those of all members.
    """
    everyone = listed_members()
    chosen = listed_members(words=words) if words else everyone
    if country:
        chosen = [card for card in chosen if card.country == country]
    narrowed = bool(words or country or section)
    sections = [
        Section(code, title, plural, found if narrowed else found[:WALL_ROWS], len(found))
        for code, title, plural, kinds in BANDS
        if section in ("", code) and (found := [card for card in chosen if card.kind in kinds])
    ]
    counts = Counter(card.country for card in everyone if card.country).most_common()
    largest = counts[0][1] if counts else 1
    bars = [
        Bar(code, country_name(code), count, count / largest)
        for code, count in counts[:COUNTRY_BARS]
    ]
    rest = sum(count for _code, count in counts[COUNTRY_BARS:])
    return MemberList(
        sections=sections,
        found=sum(part.count for part in sections),
        total=len(everyone),
        bars=bars,
        other_countries=max(len(counts) - COUNTRY_BARS, 0),
        others=Bar("", "", rest, rest / largest) if rest else None,
        countries=sorted(
            ((code, country_name(code)) for code, _count in counts), key=lambda pair: pair[1]
        ),
        joined_lately=sorted(everyone, key=lambda card: card.member_since, reverse=True)[:4],
        country_count=len(counts),
    )


@dataclass(slots=True)
class Colleague:
    """Somebody who belongs to an organization now."""

    affiliation: Affiliation
    representation: Representation | None = None

    @property
    def person(self) -> Person:
        return self.affiliation.person

    @property
    def role(self) -> str:
        return self.representation.role if self.representation else ""


def people_of(organization: Organization, viewer: Viewer) -> list[Colleague]:
    """Its people as far as this viewer may know them: representatives first; two queries.

    Its own people and staff see everybody, the alliance those who are in the directory, and
    everybody else nobody.
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
    found = [
        Colleague(affiliation, acting.get(affiliation.person_id))
        for affiliation in affiliations.select_related("person").order_by(
            "person__sort_name", "person"
        )
    ]
    for colleague in found:
        # The one at hand, so that asking what the viewer may do fetches it for no row again.
        colleague.affiliation.organization = organization
        if colleague.representation:
            colleague.representation.organization = organization
    order = {RepresentativeRole.PRIMARY.value: 0, RepresentativeRole.ALTERNATE.value: 1}
    found.sort(key=lambda colleague: order.get(colleague.role, 2))
    return found


def public_representatives(organization: Organization) -> list[Representation]:
    """Who speaks for it, where the organization lets its public page say so."""
    if not organization.shows_representatives:
        return []
    return list(
        Representation.objects.current()
        .filter(organization=organization, person__is_active=True)
        .select_related("person")
        .order_by("-role", "person__sort_name")
    )


def organizations_of(person_ids: Iterable[int]) -> dict[int, list[Organization]]:
    """The organizations each person belongs to now, the longest first; one query."""
    found: dict[int, list[Organization]] = {}
    affiliations = Affiliation.objects.current().filter(person__in=set(person_ids))
    for affiliation in affiliations.select_related("organization").order_by("during"):
        found.setdefault(affiliation.person_id, []).append(affiliation.organization)
    return found


def current_membership(organization: Organization) -> Membership | None:
    """The membership that runs now, in whatever status; else the last one that ended."""
    return organization.memberships.order_by("-during").first()


def left_at(organization: Organization) -> datetime | None:
    """When its last membership ended; None for a present member and one that never was."""
    last = current_membership(organization)
    if last is None or last.status != MembershipStatus.ENDED:
        return None
    ended_at: datetime | None = last.during.upper
    return ended_at


def legal_names_asked() -> list[LegalNameRequest]:
    """Every new legal name that waits for staff, the longest waiting first."""
    waiting = LegalNameRequest.objects.filter(state=LegalNameState.OPEN)
    return list(waiting.select_related("organization", "asked_by").order_by("asked_at", "pk"))


def named_like(
    names: Iterable[str],
    *,
    besides: int | None = None,
    keys_of: Callable[[str], frozenset[str]] = look_alike_keys,
) -> dict[int, str]:
    """Organizations one of whose names, also a former one, is or looks like one of `names`.

    By primary key, with their name that does. Reads all names: three queries, and 20 to 70 µs for
    a name that was not compared before. `besides` is the organization whose own names do not count.
    With `likeness_keys` in place of `keys_of` also names that are only to be warned of.
    """
    keys = {key for name in names for key in keys_of(name)}
    if not keys:
        return {}
    found: dict[int, str] = {}
    for pk, name in names_on_record():
        if pk != besides and not keys.isdisjoint(keys_of(name)):
            found.setdefault(pk, name)
    return found


def names_on_record() -> list[tuple[int, str]]:
    """Every name of every organization, also legal and other names, with its primary key."""
    every = list(Organization.objects.values_list("pk", "name"))
    every += Organization.objects.exclude(legal_name="").values_list("pk", "legal_name")
    every += OrganizationName.objects.values_list("organization_id", "name")
    return every


def relations_of(organization: Organization, viewer: Viewer) -> list[OrganizationRelation]:
    """Current relations in both directions, with organizations that the viewer may know of."""
    either = Q(organization=organization) | Q(other=organization)
    known = Organization.objects.visible_to(viewer).values("pk")
    found = OrganizationRelation.objects.current().filter(
        either, organization__in=known, other__in=known
    )
    return list(found.select_related("organization", "other").order_by("relation", "pk"))


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a membership's history: a moment, or the day on which it began as it was named."""

    at: datetime | date
    status: str
    actor: Person | None = field(default=None)

    @property
    def status_label(self) -> str:
        return str(MembershipStatus(self.status).label)


def membership_history(organization: Organization) -> list[Change]:
    """How its membership came to be what it is, newest first; three queries."""
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
    """What this room holds about the person, as plain data for their own copy of it."""
    return {
        "affiliations": [
            {
                "organization": one.organization.name,
                "role": one.title,
                "since": one.during.lower.isoformat(),
                "until": one.during.upper and one.during.upper.isoformat(),
            }
            for one in person.affiliations.select_related("organization").order_by("during")
        ],
        "representations": [
            {
                "organization": one.organization.name,
                "as": one.role,
                "since": one.during.lower.isoformat(),
                "until": one.during.upper and one.during.upper.isoformat(),
            }
            for one in person.representations.select_related("organization").order_by("during")
        ],
        "memberships": [
            {
                "kind": one.kind,
                "status": one.status,
                "since": one.during.lower.isoformat(),
                "joined_on": one.joined_on.isoformat(),
            }
            for one in person.memberships.order_by("during")
        ],
    }
