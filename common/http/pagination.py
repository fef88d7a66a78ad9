"""Pages of long lists, in the API and on the site, that do not shift while rows are added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination as BaseCursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class CursorPagination(BaseCursorPagination):
    """At most 100 rows a page, 50 unless `limit` says otherwise.

    A list has to be ordered by a unique, indexed column; ours are uuid7 ids, which sort by creation.
    Raises ValidationError (400) for a cursor or limit that is not valid.
    """

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 100
    ordering: str | list[str] | tuple[str, ...] = "-uuid"

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, object]]:
        """Add the bounds of `limit` for the schema."""
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": self.page_size,
                }
        return parameters

    def paginate_queryset(
        self,
        queryset: QuerySet[Row, Item] | Sequence[Item],
        request: Request,
        view: APIView | None = None,
    ) -> list[Item] | None:
        _check_limit(request.query_params.get("limit"))
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError, TypeError, DjangoValidationError):
            raise ValidationError({"cursor": ["Use a cursor from `next` or `previous`."]}) from None


def _check_limit(limit: str | None) -> None:
    if limit is None:
        return
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= 100):
        raise ValidationError({"limit": ["A whole number from 1 to 100."]})


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a longer list, with the query string of the next page; "" on the last page."""

    rows: list[Row]
    older_query: str
    is_first: bool


def page_of(
    queryset: QuerySet[Row], query: Mapping[str, str], *, size: int = 50, by: str = "uuid"
) -> Page[Row]:
    """Return `size` rows, newest first by the unique column `by`, after the row of `?after=`.

    One query whatever the length of the list. An invalid `after` shows the first page.
    """
    after = query.get("after", "")
    rows = queryset.order_by(f"-{by}")
    if after:
        try:
            rows = rows.filter(**{f"{by}__lt": after})
        except (ValueError, TypeError, DjangoValidationError):
            after = ""
    loaded = list(rows[: size + 1])
    rest = {key: value for key, value in query.items() if key != "after"}
    older = (
        urlencode({**rest, "after": getattr(loaded[size - 1], by)}) if len(loaded) > size else ""
    )
    return Page(rows=loaded[:size], older_query=older, is_first=not after)
