"""Many counts in one query."""

from django.db.models import IntegerField, Model, QuerySet, Subquery


class CountOf(Subquery):
    """The number of these rows, as a column of another query."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Model]) -> None:
        super().__init__(rows.order_by().values("pk"))


def counted(of: type[Model], **rows: QuerySet[Model]) -> dict[str, int]:
    """Return the number of rows of each QuerySet, in one query; `of` is any table with a row."""
    columns = map(CountOf, rows.values())
    counts = list(of._default_manager.order_by().values_list(*columns)[:1])
    return dict(zip(rows, counts[0] if counts else [0] * len(rows), strict=True))
