"""What the catalogue shows. Everything here is public, so no viewer is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any
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

# What the index calls the works of the catalogue.
WORKS = ("publication", "outside_entry")

_VERSION = PreparedSql(
    "catalogue_stamp",
    """
SELECT (SELECT concat_ws('.', count(*), count(withdrawn_at), max(uuid::text)) FROM deliverables_publication),
       (SELECT concat_ws('.', count(*), sum(version), max(uuid::text)) FROM catalogue_outsideentry),
       (SELECT concat_ws('.', max(id)) FROM text_textchange WHERE kind = 'revision')
""",
)


@dataclass(frozen=True)
class Work:
    """A line of the catalogue: one of our publications, or a work published elsewhere."""

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
    is_outside: bool = False


@dataclass(frozen=True)
class CatalogueResults:
    """A page of the catalogue under what was asked. `whole` counts all works there are."""

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
        """The query string that asks for the better spelling under the same filters."""
        chosen = [
            (facet.name, choice.value)
            for facet in self.facets
            for choice in facet.choices
            if choice.is_chosen
        ]
        return urlencode([("q", self.did_you_mean), *chosen], quote_via=quote, safe="")


def version_token() -> str:
    """Changes whenever the catalogue does: works are only added, withdrawn, or counted up.

    And when a new renderer changed the words of a text, since search then finds others.
    """
    return "/".join(_VERSION()[0])


def catalogue_results(asked: Asked) -> CatalogueResults:
    """Return the works that were asked for: newest first, or with words best first.

    A fixed number of queries, whatever is asked.
    """
    ours, theirs = _ours(), _theirs()
    whole = counts = _counts(ours, theirs)
    found: list[UUID] | None = None
    if asked.words:
        found = uuids_matching(ANONYMOUS, asked.words, WORKS)
        ours, theirs = _matching(ours, theirs, found)
        counts = _counts(ours, theirs)
    areas = {area.slug: area for area in FocusArea.objects.all()}
    return CatalogueResults(
        works=_works(*_filtered(ours, theirs, asked), asked.page, areas, found),
        facets=_facets(counts, whole, areas, asked),
        total=sum(count.works for count in counts if asked.admits(count)),
        whole=sum(count.works for count in whole),
        page=asked.page,
        did_you_mean="" if found or found is None else _did_you_mean(asked.words),
    )


def _did_you_mean(words: str) -> str:
    return did_you_mean(ANONYMOUS, words, WORKS, _labels)


def _labels() -> list[str]:
    """What works are called by besides their titles: their kinds and focus areas."""
    kinds = [str(label) for label in DeliverableKind.labels]
    return [*kinds, *FocusArea.objects.values_list("name", flat=True)]


# --- the two kinds of rows -----------------------------------------------------------------------


def _ours() -> "QuerySet[Publication]":
    return Publication.objects.current().standing()


def _theirs() -> "QuerySet[ExternalWork]":
    return ExternalWork.objects.listed()


def _matching(ours: Any, theirs: Any, found: Sequence[UUID]) -> tuple[Any, Any]:
    return ours.filter(deliverable__uuid__in=found), theirs.filter(uuid__in=found)


def _filtered(ours: Any, theirs: Any, asked: Asked) -> tuple[Any, Any]:
    """The facets as filters on both kinds of rows."""
    for name, values in asked.chosen.items():
        wanted = list(values)
        if name == "kind":
            letters = [KIND_SLUGS[value] for value in wanted if value in KIND_SLUGS]
            ours, theirs = ours.filter(kind__in=letters), theirs.filter(kind__in=letters)
        elif name == "area":
            ours = ours.filter(focus_area_slug__in=wanted)
            theirs = theirs.filter(focus_area__slug__in=wanted)
        elif name == "licence":
            ours, theirs = ours.filter(licence__in=wanted), theirs.filter(licence__in=wanted)
        elif name == "year":
            years = [int(value) for value in wanted if value.isascii() and value.isdigit()]
            ours = ours.filter(published_at__year__in=_years(years))
            theirs = theirs.filter(published_on__year__in=_years(years))
    return ours, theirs


def _years(years: list[int]) -> list[int]:
    return [year for year in years if 1 < year < 9999]


def _counts(ours: Any, theirs: Any) -> list[facets.Count]:
    """How many works there are of each combination, in one query."""
    by_ours = (
        ours.order_by()
        .annotate(area=F("focus_area_slug"), year=ExtractYear("published_at"))
        .values_list("kind", "area", "licence", "year")
        .annotate(works=Count("pk"))
    )
    by_theirs = (
        theirs.order_by()
        .annotate(area=F("focus_area__slug"), year=ExtractYear("published_on"))
        .values_list("kind", "area", "licence", "year")
        .annotate(works=Count("pk"))
    )
    return [
        facets.Count(SLUG_OF_KIND[kind], area, licence, str(year), works)
        for kind, area, licence, year, works in by_ours.union(by_theirs, all=True)
    ]


def _facets(
    counts: list[facets.Count],
    whole: list[facets.Count],
    areas: dict[str, FocusArea],
    asked: Asked,
) -> list[Facet]:
    """The filters with what each would leave. Where nothing is left, those of all works stay."""
    kinds = {SLUG_OF_KIND[kind.value]: kind.label for kind in DeliverableKind}
    if not any(asked.admits(count) for count in counts):
        counts = [*counts, *(replace(count, works=0) for count in whole)]
    licences = sorted({count.licence for count in counts} - {""})
    years = sorted({count.year for count in counts}, reverse=True)
    return [
        facets.facet("kind", _("What it is"), kinds, counts, asked),
        facets.facet(
            "area",
            _("What it addresses"),
            {slug: area.name for slug, area in areas.items()},
            counts,
            asked,
        ),
        facets.facet("licence", _("Licence"), {name: name for name in licences}, counts, asked),
        facets.facet("year", _("Year"), {year: year for year in years}, counts, asked),
    ]


def _works(
    ours: Any, theirs: Any, page: int, areas: dict[str, FocusArea], found: list[UUID] | None
) -> list[Work]:
    """The page's rows: their order first, then each kind in one query."""
    start = (page - 1) * PAGE
    listed = (
        _newest_first(ours, theirs, start)
        if found is None
        else _best_first(ours, theirs, found)[start : start + PAGE]
    )
    rows: dict[tuple[str, int], Work] = dict(
        chain(
            _publications([pk for whose, pk in listed if whose == "ours"], areas),
            _outside([pk for whose, pk in listed if whose == "theirs"], areas),
        )
    )
    return [rows[key] for key in listed if key in rows]


def _best_first(ours: Any, theirs: Any, found: list[UUID]) -> list[tuple[str, int]]:
    """In the order of `found`, which is at most 2,000 long."""
    rows = {uuid: ("ours", pk) for uuid, pk in ours.values_list("deliverable__uuid", "pk")}
    rows |= {uuid: ("theirs", pk) for uuid, pk in theirs.values_list("uuid", "pk")}
    return [rows[uuid] for uuid in found if uuid in rows]


def _newest_first(ours: Any, theirs: Any, start: int) -> list[tuple[str, int]]:
    order = (
        ours.order_by()
        .annotate(at=Cast("published_at", CharField()), whose=Value("ours"))
        .values_list("at", "whose", "pk")
        .union(
            theirs.order_by()
            .annotate(at=Cast("published_on", CharField()), whose=Value("theirs"))
            .values_list("at", "whose", "pk"),
            all=True,
        )
        .order_by("-at", "-pk")[start : start + PAGE]
    )
    return [(whose, pk) for _at, whose, pk in order]


def _publications(pks: list[int], areas: dict[str, FocusArea]) -> Any:
    if not pks:
        return
    for publication in Publication.objects.filter(pk__in=pks).defer("authors"):
        yield (
            ("ours", publication.pk),
            Work(
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
            ),
        )


def _outside(pks: list[int], areas: dict[str, FocusArea]) -> Any:
    if not pks:
        return
    by_id = {area.pk: area for area in areas.values()}
    for entry in ExternalWork.objects.filter(pk__in=pks):
        yield (
            ("theirs", entry.pk),
            Work(
                kind=entry.get_kind_display(),
                title=entry.title,
                url=entry.get_absolute_url(),
                summary=entry.summary,
                licence=entry.licence,
                by=entry.publisher,
                published_at=entry.published_on,
                area=by_id.get(entry.focus_area_id),
                is_outside=True,
            ),
        )


@prepared
def versions_of_work(identifier: str) -> QuerySet[Publication]:
    """All versions of a published work, the newest first, with what their page shows."""
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
            # The trail counts them, and one of an earlier revision can still be withdrawn.
            comment_states=ArraySubquery(comments),
        )
    )
