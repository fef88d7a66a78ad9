"""What the public home page shows: publications, groups and members.

Everything on it is what an anonymous visitor can see, so the page is the same for everybody.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import ngettext

from common.access import ANONYMOUS
from common.vocabulary.countries import country_name
from common.vocabulary.models import FocusArea
from members.organizations.choices import BANDS
from members.organizations.models import Organization
from workinggroups.deliverables.models import Publication
from workinggroups.groups.models import Group, Seat

PUBLISHED_SHOWN = 4
GROUPS_SHOWN = 8
NAMES_SHOWN = 14
COUNTRIES_SHOWN = 8


@dataclass(frozen=True)
class Published:
    """A line of "Recently published": a publication and its focus area."""

    publication: Publication
    area: FocusArea | None


@dataclass(frozen=True)
class GroupSummary:
    group: Group
    organizations: int


@dataclass(frozen=True)
class MemberName:
    name: str
    slug: str


@dataclass(frozen=True)
class KindOfMember:
    """The members of one kind: how many, and the first of their names."""

    label: str | Promise
    count: int
    shown: list[MemberName]

    @property
    def others(self) -> int:
        return self.count - len(self.shown)


@dataclass(frozen=True)
class CountryBar:
    label: str
    count: int
    share: float
    """Of the longest bar, 0 to 1."""
    is_rest: bool = False


@dataclass(frozen=True)
class LandingPage:
    published: list[Published]
    publication_count: int
    groups: list[GroupSummary]
    group_count: int
    kinds: list[KindOfMember]
    countries: list[CountryBar]
    member_count: int
    country_count: int


def landing_page() -> LandingPage:
    """Return all of the page; seven queries at most, whatever the size of the alliance."""
    publications = Publication.objects.standing().current()
    areas = FocusArea.objects.in_bulk(field_name="slug")
    groups = Group.objects.visible_to(ANONYMOUS).running()
    members = list(
        Organization.objects.members()
        .order_by("sort_name", "pk")
        .values_list("name", "slug", "kind", "country")
    )
    by_country = Counter(country for *_name, country in members)
    return LandingPage(
        published=[
            Published(publication, areas.get(publication.focus_area_slug))
            for publication in publications[:PUBLISHED_SHOWN]
        ],
        publication_count=publications.count(),
        groups=_group_lines(groups.select_related("focus_area")[:GROUPS_SHOWN]),
        group_count=groups.count(),
        kinds=_kinds(members),
        countries=_countries(by_country),
        member_count=len(members),
        country_count=len(by_country),
    )


def _group_lines(groups: Iterable[Group]) -> list[GroupSummary]:
    groups = list(groups)
    organizations = dict(
        Seat.objects.filter(group__in=groups)
        .values("group")
        .annotate(count=Count("organization", distinct=True))
        .values_list("group", "count")
    )
    return [GroupSummary(group, organizations.get(group.pk, 0)) for group in groups]


def _kinds(members: list[tuple[str, str, str, str]]) -> list[KindOfMember]:
    kinds = []
    for band in BANDS:
        names = [
            MemberName(name, slug) for name, slug, kind, _country in members if kind in band.kinds
        ]
        if names:
            kinds.append(KindOfMember(band.title, len(names), names[:NAMES_SHOWN]))
    return kinds


def _countries(by_country: Counter[str]) -> list[CountryBar]:
    """Return a bar for each of the countries with most members, then one for all others."""
    if not by_country:
        return []
    top = by_country.most_common(COUNTRIES_SHOWN)
    rest = by_country.total() - sum(count for _code, count in top)
    longest = max(top[0][1], rest)
    bars = [CountryBar(country_name(code), count, count / longest) for code, count in top]
    if rest:
        count = len(by_country) - len(top)
        label = ngettext("%(count)d other country", "%(count)d other countries", count)
        bars.append(CountryBar(label % {"count": count}, rest, rest / longest, is_rest=True))
    return bars
