"""What the catalogue shows. All of it is public, so no query takes a viewer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any, NamedTuple, TypeAlias, cast
from urllib.parse import quote, urlencode
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat, ExtractYear
from django.utils.translation import gettext_lazy as _

from catalogue import facets
from catalogue.choices import KIND_SLUGS, PAGE, SLUG_OF_KIND
from catalogue.facets import Asked, Facet
from catalogue.models import ExternalWork
from common.access import ANONYMOUS
from common.prepared_statements import PreparedSql, prepared
from common.search.queries import did_you_mean, uuids_matching
from common.vocabulary.models import FocusArea
from workinggroups.deliverables.choices import DeliverableKind
from workinggroups.deliverables.models import Publication, ReviewComment

# The kinds of search entries that the catalogue searches.
WORKS = ("publication", "outside_entry")

_VERSION = PreparedSql(
    "catalogue_stamp",
    """
SELECT (SELECT concat_ws('.', count(*), count(withdrawn_at), max(uuid::text)) FROM deliverables_publication),
       (SELECT concat_ws('.', count(*), sum(version), max(uuid::text)) FROM catalogue_outsideentry),
       (SELECT concat_ws('.', max(id)) FROM text_textchange WHERE kind = 'revision')
""",
)


# Which table a row of the catalogue is in, and its primary key there.
Key = tuple[str, int]
# Of publications and of external works alike, or what was aggregated of them.
AnyRows: TypeAlias = "QuerySet[Any, Any]"


class _Rows(NamedTuple):
    """The rows of the catalogue: the latest publications, and works published elsewhere."""

    publications: QuerySet[Publication]
    external_works: QuerySet[ExternalWork]


@dataclass(frozen=True)
class Work:
    """A row of the catalogue as its page shows it."""

    kind: str
    title: str
    url: str
    summary: str
    licence: str
    by: str
    published_at: date
    area: FocusArea | None
    number: str = ""
    identifier: str = ""
    is_external: bool = False


@dataclass(frozen=True)
class CatalogueResults:
    """One page of the works asked for: `total` counts these works, `whole` all in the catalogue."""

    works: list[Work]
    facets: list[Facet]
    total: int
    whole: int
    page: int
    did_you_mean: str = ""

    @property
    def start_index(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def end_index(self) -> int:
        return self.start_index + len(self.works) - 1

    @property
    def has_next(self) -> bool:
        return self.end_index < self.total

    @property
    def has_previous(self) -> bool:
        return self.page > 1

    @property
    def did_you_mean_query(self) -> str:
        """Return the query string for the suggested spelling with the same filters."""
        chosen = [
            (facet.name, choice.value)
            for facet in self.facets
            for choice in facet.choices
            if choice.is_chosen
        ]
        return urlencode([("q", self.did_you_mean), *chosen], quote_via=quote, safe="")


def version_token() -> str:
    """Return a string that changes whenever the catalogue does.

    Publications are only added and withdrawn, and external works count their versions. A text whose
    words a new renderer changed is found under other words.
    """
    return "/".join(_VERSION()[0])


def catalogue_results(asked: Asked) -> CatalogueResults:
    """Return the works that were asked for: the best match first for words, else the newest.

    Takes a fixed number of queries.
    """
    rows = _Rows(Publication.objects.current().standing(), ExternalWork.objects.listed())
    whole = counts = _counts(rows)
    matches: list[UUID] | None = None
    if asked.words:
        matches = uuids_matching(ANONYMOUS, asked.words, WORKS)
        rows = _Rows(
            rows.publications.filter(deliverable__uuid__in=matches),
            rows.external_works.filter(uuid__in=matches),
        )
        counts = _counts(rows)
    areas = {area.slug: area for area in FocusArea.objects.all()}
    return CatalogueResults(
        works=_works(_filtered(rows, asked), asked.page, areas, matches),
        facets=_facets(counts, whole, areas, asked),
        total=sum(count.works for count in counts if asked.admits(count)),
        whole=sum(count.works for count in whole),
        page=asked.page,
        did_you_mean=did_you_mean(ANONYMOUS, asked.words, WORKS, _labels) if matches == [] else "",
    )


def _labels() -> list[str]:
    """Return what people search works by besides titles: their kinds and focus areas."""
    kinds = [str(label) for label in DeliverableKind.labels]
    return [*kinds, *FocusArea.objects.values_list("name", flat=True)]


def _filtered(rows: _Rows, asked: Asked) -> _Rows:
    """Apply the chosen values of each facet to both tables."""
    publications, external_works = rows
    for name, values in asked.chosen.items():
        if name == "kind":
            letters = [KIND_SLUGS[value] for value in values if value in KIND_SLUGS]
            publications = publications.filter(kind__in=letters)
            external_works = external_works.filter(kind__in=letters)
        elif name == "area":
            publications = publications.filter(focus_area_slug__in=values)
            external_works = external_works.filter(focus_area__slug__in=values)
        elif name == "licence":
            publications = publications.filter(licence__in=values)
            external_works = external_works.filter(licence__in=values)
        elif name == "year":
            years = _years(values)
            publications = publications.filter(published_at__year__in=years)
            external_works = external_works.filter(published_on__year__in=years)
    return _Rows(publications, external_works)


def _years(values: frozenset[str]) -> list[int]:
    years = [int(value) for value in values if value.isascii() and value.isdigit()]
    return [year for year in years if 1 < year < 9999]


def _counts(rows: _Rows) -> list[facets.Count]:
    """Count the works of each combination of facet values, in one query."""
    publications = _grouped(rows.publications, "focus_area_slug", "published_at")
    external_works = _grouped(rows.external_works, "focus_area__slug", "published_on")
    return [
        facets.Count(SLUG_OF_KIND[kind], area, licence, str(year), works)
        for kind, area, licence, year, works in publications.union(external_works, all=True)
    ]


def _grouped(rows: AnyRows, area: str, day: str) -> AnyRows:
    facets_of_rows = rows.order_by().annotate(area=F(area), year=ExtractYear(day))
    grouped = facets_of_rows.values_list("kind", "area", "licence", "year")
    return cast(AnyRows, grouped.annotate(works=Count("pk")))


def _facets(
    counts: list[facets.Count], whole: list[facets.Count], areas: dict[str, FocusArea], asked: Asked
) -> list[Facet]:
    """Return the filters with what each would leave; where no work is left, those of all works."""
    kinds = {SLUG_OF_KIND[kind.value]: kind.label for kind in DeliverableKind}
    if not any(asked.admits(count) for count in counts):
        counts = [*counts, *(replace(count, works=0) for count in whole)]
    names = {slug: area.name for slug, area in areas.items()}
    licences = sorted({count.licence for count in counts} - {""})
    years = sorted({count.year for count in counts}, reverse=True)
    return [
        facets.facet("kind", _("Type"), kinds, counts, asked),
        facets.facet("area", _("Focus area"), names, counts, asked),
        facets.facet("licence", _("Licence"), {name: name for name in licences}, counts, asked),
        facets.facet("year", _("Year"), {year: year for year in years}, counts, asked),
    ]


def _works(
    rows: _Rows, page: int, areas: dict[str, FocusArea], matches: list[UUID] | None
) -> list[Work]:
    """Return the works of the page: a query for their order, then one for each table."""
    start = (page - 1) * PAGE
    keys = (
        _newest_first(rows, start)
        if matches is None
        else _best_first(rows, matches)[start : start + PAGE]
    )
    publications = _publications([pk for table, pk in keys if table == "publication"], areas)
    entries = _external_works([pk for table, pk in keys if table == "external_work"], areas)
    works = dict(chain(publications, entries))
    return [works[key] for key in keys if key in works]


def _best_first(rows: _Rows, matches: list[UUID]) -> list[Key]:
    """Return the keys in the order of `matches`, which are at most 2,000."""
    publications = rows.publications.values_list("deliverable__uuid", "pk")
    keys: dict[UUID, Key] = {uuid: ("publication", pk) for uuid, pk in publications}
    external_works = rows.external_works.values_list("uuid", "pk")
    keys |= {uuid: ("external_work", pk) for uuid, pk in external_works}
    return [keys[uuid] for uuid in matches if uuid in keys]


def _newest_first(rows: _Rows, start: int) -> list[Key]:
    publications = _placed(rows.publications, "published_at", "publication")
    external_works = _placed(rows.external_works, "published_on", "external_work")
    ordered = publications.union(external_works, all=True).order_by("-at", "-pk")
    return [(table, pk) for _at, table, pk in ordered[start : start + PAGE]]


def _placed(rows: AnyRows, day: str, table: str) -> AnyRows:
    placed = rows.order_by().annotate(at=Cast(day, CharField()), table=Value(table))
    return cast(AnyRows, placed.values_list("at", "table", "pk"))


def _publications(pks: list[int], areas: dict[str, FocusArea]) -> Iterator[tuple[Key, Work]]:
    for publication in Publication.objects.filter(pk__in=pks).defer("authors"):
        work = Work(
            kind=publication.get_kind_display(),
            title=publication.title,
            number=publication.number,
            identifier=publication.identifier,
            url=publication.get_absolute_url(),
            summary=publication.summary,
            licence=publication.licence,
            by=publication.group_name,
            published_at=publication.published_on,
            area=areas.get(publication.focus_area_slug),
        )
        yield ("publication", publication.pk), work


def _external_works(pks: list[int], areas: dict[str, FocusArea]) -> Iterator[tuple[Key, Work]]:
    by_id = {area.pk: area for area in areas.values()}
    for entry in ExternalWork.objects.filter(pk__in=pks):
        work = Work(
            kind=entry.get_kind_display(),
            title=entry.title,
            url=entry.get_absolute_url(),
            summary=entry.summary,
            licence=entry.licence,
            by=entry.publisher,
            published_at=entry.published_on,
            area=by_id.get(entry.focus_area_id),
            is_external=True,
        )
        yield ("external_work", entry.pk), work


@prepared
def versions_of_work(identifier: str) -> QuerySet[Publication]:
    """Return all versions of a published work, the newest first, with what their page shows."""
    comments = (
        ReviewComment.objects.filter(revision__deliverable=OuterRef("deliverable"))
        .order_by()
        .values("state")
        .annotate(comments=Count("pk"))
        .values_list(Concat("state", Value(" "), Cast("comments", CharField())))
    )
    return (
        Publication.objects.filter(identifier=identifier)
        .with_file_states()
        .select_related("deliverable__group", "approval__meeting")
        .annotate(
            renderer_version=F("revision__renderer_version"),
            # The history counts them, and one of an earlier revision can still be withdrawn.
            comment_states=ArraySubquery(comments),
        )
    )
