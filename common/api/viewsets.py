"""Base viewset of the API: the rows that the viewer can see, paged, with named filters."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.db.models import Model, QuerySet
from drf_spectacular.types import OpenApiTypes
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from common.access import ANONYMOUS, Viewer
from common.access.reading import note_object_read
from common.addresses.kinds import with_address
from common.api.access import SignedIn
from common.api.problems import check_query
from common.http.pagination import CursorPagination
from common.http.requests import Request as SiteRequest

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?", re.ASCII)


@dataclass(frozen=True)
class Filter:
    """A filter of a list: the conditions for a value, and how the schema describes it.

    `conditions` raises ValidationError for a value that is not valid.
    """

    conditions: Callable[[str], dict[str, object]]
    values: Sequence[str] | None = None
    format: type | OpenApiTypes = str

    def __call__(self, rows: QuerySet[Row, Item], value: str) -> QuerySet[Row, Item]:
        return rows.filter(**self.conditions(value))


def viewer_of(request: Request) -> Viewer:
    """Return the viewer of an API request, after the session or token has been checked."""
    assert request.user is not None
    return cast(SiteRequest, request._request).viewer


def one_of(values: list[str], key: str) -> Filter:
    """Filter by a column with fixed values; any other value is refused."""

    def conditions(value: str) -> dict[str, object]:
        if value not in values:
            raise serializers.ValidationError({key: [f"One of {', '.join(values)}."]})
        return {key: value}

    return Filter(conditions, values)


def yes_or_no(key: str, column: str) -> Filter:
    """Filter by whether a column is empty: "true" keeps the rows where it is."""

    def conditions(value: str) -> dict[str, object]:
        if value not in {"true", "false"}:
            raise serializers.ValidationError({key: ["true or false."]})
        return {f"{column}__isnull": value == "true"}

    return Filter(conditions, ["true", "false"])


def by_day(lookup: str, key: str) -> Filter:
    """Filter by a day, such as 2026-12-04; `lookup` says how, such as "due_on__lt"."""

    def conditions(value: str) -> dict[str, object]:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        # Python also reads 20261204 and 2026-W49-5.
        if day is None or day.isoformat() != value:
            raise serializers.ValidationError({key: ["A day, such as 2026-12-04."]})
        return {lookup: day}

    return Filter(conditions, format=OpenApiTypes.DATE)


def by_moment(lookup: str, key: str) -> Filter:
    """Filter by a moment, such as 2026-12-04T09:30:00Z; `lookup` says how, such as "starts_at__lt".

    A day, such as 2026-12-04, is the moment at which it begins in UTC.
    """

    def conditions(value: str) -> dict[str, object]:
        # A plus that the caller did not encode has become a space.
        typed = value.replace(" ", "+")
        try:
            if not MOMENT.fullmatch(typed):
                raise ValueError
            moment = datetime.fromisoformat(typed if "T" in typed else f"{typed}T00:00:00Z")
            return {lookup: moment.astimezone(UTC)}
        except (ValueError, OverflowError):
            words = "A day, or a moment with its offset, such as 2026-12-04T09:30:00Z."
            raise serializers.ValidationError({key: [words]}) from None

    return Filter(conditions)


def by_uuid(lookup: str, key: str) -> Filter:
    """Filter by the uuid of an object; an unknown uuid finds nothing."""

    def conditions(value: str) -> dict[str, object]:
        try:
            return {lookup: UUID(value)}
        except ValueError:
            raise serializers.ValidationError({key: ["A UUID."]}) from None

    return Filter(conditions, format=OpenApiTypes.UUID)


def by(lookup: str) -> Filter:
    """Filter by an exact value; an unknown value finds nothing."""
    return Filter(lambda value: {lookup: value[:100]})


def by_address(lookup: str, kind: str) -> Filter:
    """Filter by the current or a former address of an object of this kind.

    `lookup` takes uuids, such as "group__uuid__in".
    """
    return Filter(lambda value: {lookup: with_address(kind, value[:100])})


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Row]):
    """Lists and single objects of one model.

    Subclasses define `rows(viewer)`: the visible rows with everything their serializer reads, so
    that a list costs the same few queries whatever its length. `filters` are the query parameters
    that a list accepts; all others are refused.
    """

    # Any: a serializer can show an object that is made of the row.
    serializer_class: type[serializers.BaseSerializer[Any]] | None = None
    permission_classes = [SignedIn]
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    filters: ClassVar[Mapping[str, Filter]] = {}

    def rows(self, viewer: Viewer) -> QuerySet[Row]:
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Row]:
        # For the description of the API, which only asks for the model.
        is_described = getattr(self, "swagger_fake_view", False)
        return self.rows(ANONYMOUS if is_described else viewer_of(self.request))

    def get_object(self) -> Row:
        row = super().get_object()
        note_object_read(self.request._request, row)
        return row

    def paginate_queryset(
        self, queryset: QuerySet[Row, Item] | Sequence[Item]
    ) -> list[Item] | None:
        page = super().paginate_queryset(queryset)
        self.prepare_page(cast(Sequence[Row], page or ()))
        return page

    def prepare_page(self, rows: Sequence[Row]) -> None:
        """Read for a whole page what its serializer needs of each row; note what staff read."""
        if viewer_of(self.request).break_glass_ids:
            for row in rows:
                note_object_read(self.request._request, row)

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        check_query(request, *self.filters)
        return super().list(request, *args, **kwargs)

    def paged(
        self,
        rows: QuerySet[Model],
        serializer: type[serializers.BaseSerializer[Any]],
        *ordering: str,
        prepare: Callable[[Sequence[Any]], object] | None = None,
    ) -> Response:
        """Answer with a page of rows that belong to one object, in this order.

        The order begins with a column or an annotation; the other columns break ties. `prepare`
        reads for the rows of the page what the serializer shows besides their columns.
        """
        check_query(self.request)
        pages = CursorPagination()
        pages.ordering = ordering
        shown = pages.paginate_queryset(rows, self.request, self)
        if prepare:
            prepare(shown or ())
        return pages.get_paginated_response(serializer(shown, many=True).data)

    def filter_queryset(self, queryset: QuerySet[Row, Item]) -> QuerySet[Row, Item]:
        for key, filter_ in self.filters.items():
            value = self.request.query_params.get(key)
            if value is not None and self.action == "list":
                queryset = filter_(queryset, value)
        return queryset

    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        check_query(request)
        return super().retrieve(request, *args, **kwargs)


def api_router() -> SimpleRouter:
    """Return a router with path converters and without format suffixes: one address an object."""
    return SimpleRouter(use_regex_path=False)
