"""Many counts in one query."""

from typing import Any

from django.db.models import IntegerField, Model, QuerySet, Subquery


class CountOf(Subquery):
    """How many rows these are, as a column of another query."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: "QuerySet[Any]") -> None:
        super().__init__(rows.order_by().values("pk"))


def counted(of: type[Model], **rows: "QuerySet[Any]") -> dict[str, int]:
    """How many rows each of these has, by its name. One query; `of` is any table with a row."""
    columns = map(CountOf, rows.values())
    found = list(of._default_manager.order_by().values_list(*columns)[:1])
    return dict(zip(rows, found[0] if found else [0] * len(rows), strict=True))
