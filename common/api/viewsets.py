"""The shape of every API list and thing: what the viewer may see, paged, filtered by named keys."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from common.access import Viewer
from common.access.reading import note_thing
from common.addresses.kinds import with_address
from common.api.access import SignedIn
from common.api.problems import check_query
from common.http.pagination import CursorPagination

Filter = Callable[[QuerySet[Any], str], QuerySet[Any]]


def viewer_of(request: Request) -> Viewer:
    """Who looks, after the API has found out whose token or session it is."""
    assert request.user is not None
    return cast(Viewer, request._request.viewer)  # type: ignore[attr-defined]


def one_of(values: list[str], key: str) -> Filter:
    """A filter by a column with fixed values; any other value is the caller's mistake."""

    def narrowed(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value not in values:
            raise serializers.ValidationError({key: [f"One of {', '.join(values)}."]})
        return rows.filter(**{key: value})

    narrowed.values = values  # type: ignore[attr-defined]  # for the description of the API
    return narrowed


def yes_or_no(key: str, column: str) -> Filter:
    """A filter by whether a column is empty: "true" where it is, "false" where it is not."""

    def narrowed(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value not in {"true", "false"}:
            raise serializers.ValidationError({key: ["true or false."]})
        return rows.filter(**{f"{column}__isnull": value == "true"})

    narrowed.values = ["true", "false"]  # type: ignore[attr-defined]
    return narrowed


def by_uuid(lookup: str, key: str) -> Filter:
    """A filter by the uuid of a thing; one that names nothing visible finds nothing."""

    def narrowed(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        try:
            return rows.filter(**{lookup: UUID(value)})
        except ValueError:
            raise serializers.ValidationError({key: ["A UUID."]}) from None

    narrowed.format = OpenApiTypes.UUID  # type: ignore[attr-defined]
    return narrowed


def by(lookup: str) -> Filter:
    """A filter by an exact value; one that names nothing visible finds nothing."""
    return lambda rows, value: rows.filter(**{lookup: value[:100]})


def by_address(lookup: str, kind: str) -> Filter:
    """A filter by the address of a thing of this kind, also a former one.

    `lookup` takes uuids, such as "group__uuid__in".
    """
    return lambda rows, value: rows.filter(**{lookup: with_address(kind, value[:100])})


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Lists and single things of one room.

    Subclasses give `rows(viewer)`: the visible ones with everything their serializer touches, so
    that a list costs the same few queries whatever its length. `filters` are the query keys that
    may be used; all others are refused.
    """

    permission_classes = [SignedIn]
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    filters: ClassVar[Mapping[str, Filter]] = {}

    def rows(self, viewer: Viewer) -> QuerySet[Any]:
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        return self.rows(viewer_of(self.request))

    def get_object(self) -> Any:
        thing = super().get_object()
        note_thing(self.request._request, thing)
        return thing

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        if viewer_of(self.request).break_glass_ids:
            for thing in page or ():
                note_thing(self.request._request, thing)
        return page

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_query(request, *self.filters)
        return super().list(request, *args, **kwargs)

    def paged(
        self, rows: QuerySet[Any], serializer: type[serializers.BaseSerializer[Any]], *ordering: str
    ) -> Response:
        """A page of rows that belong to one thing, in this order, as all lists are answered.

        The order begins with a column or an annotation; equal values are told apart by the rest.
        """
        check_query(self.request)
        pages = CursorPagination()
        pages.ordering = ordering  # type: ignore[assignment]
        shown = pages.paginate_queryset(rows, self.request, self)
        return pages.get_paginated_response(serializer(shown, many=True).data)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for key, narrowed in self.filters.items():
            value = self.request.query_params.get(key)
            if value is not None and self.action == "list":
                queryset = narrowed(queryset, value)
        return queryset

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_query(request)
        return super().retrieve(request, *args, **kwargs)


def api_router() -> SimpleRouter:
    """A router with path converters and without format suffixes: one address a thing."""
    return SimpleRouter(use_regex_path=False)
