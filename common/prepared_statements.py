"""Queries whose SQL is made once and asked often: for the few queries of the most opened pages.

Building a queryset and turning it into SQL costs the ORM more than PostgreSQL needs to answer it,
and planning is half of the answer. `@prepared` stands above an ordinary function of `queries.py`
that returns a queryset. Without it the function asks the same, slower:

    @prepared
    def latest_decisions(group: int, read_level: Level) -> QuerySet[Decision]:
        return Decision.objects.within(group, read_level).order_by("-number")[:4]

    latest_decisions(group.pk, viewer.read_level(group.pk))

The function is called once a process, with a placeholder for each argument; its SQL is prepared at
the first asking on a connection. What comes back are the same model instances or tuples, as a list
(docs/adr/0013).
"""

import copy
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, update_wrapper
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs

Asked = ParamSpec("Asked")
Row = TypeVar("Row")

# A number that does not fit is asked by the plain function: Django knows what no column can hold.
INTEGER = 2**31

# Which statements each connection to PostgreSQL already knows; they end with it.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Param(Expression):
    """The placeholder of an argument while the SQL of a prepared query is made."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [_Named(self.name)]


@dataclass(frozen=True, slots=True)
class _Named:
    """What a placeholder leaves among the parameters of the SQL."""

    name: str


@Field.register_lookup
class AnyOf(Lookup):
    """`pk__any_of=ids`: one of the values of an array. `in` would need to know how many there are."""

    lookup_name = "any_of"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [_adapted(value)]

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]


class _Statement:
    """One named statement; `name` is how PostgreSQL's logs show it."""

    names: ClassVar[set[str]] = set()

    def __init__(self, name: str) -> None:
        if not re.fullmatch(r"[a-z_]{1,60}", name) or name in self.names:
            raise ValueError(f"{name!r} cannot name another prepared query.")
        self.names.add(name)
        self.name = name

    def introduce(self, connection: Any, text: str) -> None:
        """The connection knows the statement, and goes on knowing it after a rollback.

        Not counted as a query: it asks nothing. Raises Django's errors, as a query does.
        """
        # Django looks whether a kept connection still lives when it makes the request's first
        # cursor. That must be behind us: a connection put in its place would know no statement.
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        known = _known.setdefault(connection.connection, set())
        if self.name not in known:
            connection.validate_no_broken_transaction()
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(f"PREPARE {self.name} AS {text}")
            known.add(self.name)

    def asked(self, params: list[str], values: dict[str, Any]) -> tuple[str, list[Any]]:
        """SQL and parameters of one asking. TypeError where the values are not those it takes."""
        if values.keys() != set(params):
            raise TypeError(f"{self.name} is asked with {sorted(params)}, not {sorted(values)}.")
        given = ", ".join(["%s"] * len(params))
        sql = f"EXECUTE {self.name}({given})" if params else f"EXECUTE {self.name}"
        return sql, [_adapted(values[param]) for param in params]


class PreparedSql(_Statement):
    """A statement written in SQL, with `%(param)s` for each value."""

    def __init__(self, name: str, sql: str) -> None:
        super().__init__(name)
        self.params = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
        self.text = sql % {param: f"${place}" for place, param in enumerate(self.params, 1)}

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values."""
        connection = connections[DEFAULT_DB_ALIAS]
        self.introduce(connection, self.text)
        with connection.cursor() as cursor:
            cursor.execute(*self.asked(self.params, values))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


class PreparedQuery(_Statement, Generic[Asked, Row]):
    """A function that returns a queryset, asked with other arguments each time.

    `plain` is the function itself.
    """

    __name__: str
    all: ClassVar[list["PreparedQuery[..., Any]"]] = []

    def __init__(self, plain: Callable[Asked, QuerySet[Any, Row]]) -> None:
        app = plain.__module__.split(".")[-2]
        super().__init__(f"{app}_{plain.__name__}")
        self.plain = plain
        self.signature = inspect.signature(plain)
        self.all.append(self)
        update_wrapper(self, plain)

    def __call__(self, *args: Asked.args, **kwargs: Asked.kwargs) -> list[Row]:
        """The rows for these arguments, read at once. None as an argument is a TypeError."""
        values = self.signature.bind(*args, **kwargs).arguments
        if any(value is None for value in values.values()):
            raise TypeError(f"{self.name}: `= NULL` finds nothing and IS NULL is another query.")
        if any(isinstance(value, int) and abs(value) >= INTEGER for value in values.values()):
            return list(self.plain(*args, **kwargs))
        compiled, text, params = self._compiled
        asked = self.asked(params, values)
        connection = connections[DEFAULT_DB_ALIAS]
        self.introduce(connection, text)
        compiler = copy.copy(compiled)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: asked  # type: ignore[method-assign,assignment]
        return list(self._rows(compiler))

    def first(self, *args: Asked.args, **kwargs: Asked.kwargs) -> Row | None:
        """The first row, or None."""
        return next(iter(self(*args, **kwargs)), None)

    @cached_property
    def _template(self) -> QuerySet[Any, Row]:
        build: Callable[..., QuerySet[Any, Row]] = self.plain
        return build(**{name: Param(name) for name in self.signature.parameters})

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, list[str]]:
        """The compiler after its work, the SQL with `$1`, `$2`, …, and what these are called.

        What the function would compute from the clock is an error: it would stand still.
        """
        compiler = self._template.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        names = list(dict.fromkeys(param.name for param in params if isinstance(param, _Named)))
        if set(names) != set(self.signature.parameters):
            raise TypeError(f"{self.name} does not ask for all of its parameters.")
        shown: list[Any] = []
        for param in params:
            if isinstance(param, _Named):
                shown.append(AsIs(f"${names.index(param.name) + 1}"))
            elif isinstance(param, date):
                raise TypeError(
                    f"{self.name} would remember {param} for ever: Now() or a parameter."
                )
            else:
                shown.append(param)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            text = cursor.cursor.mogrify(sql, shown).decode()
        # How the columns become values is the same at each asking.
        converters = compiler.get_converters(
            [column[0] for column in compiler.select[: compiler.col_count]]
        )
        compiler.get_converters = lambda _: converters
        # The thread that asked first may end; its connection is not kept for the others.
        compiler.connection = None
        return compiler, text, names

    def _rows(self, compiler: SQLCompiler) -> QuerySet[Any, Row]:
        """A queryset of the template's making that finds its SQL already made."""
        query = copy.copy(self._template.query)
        query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        rows = type(self._template)(model=self._template.model, query=query)
        rows._iterable_class = self._template._iterable_class
        rows._fields = self._template._fields  # type: ignore[attr-defined]
        rows._prefetch_related_lookups = self._template._prefetch_related_lookups  # type: ignore[attr-defined]
        return rows


prepared = PreparedQuery


def _adapted(value: Any) -> Any:
    """A set or tuple becomes an array, which is what PostgreSQL knows."""
    return list(value) if isinstance(value, (frozenset, set, tuple)) else value
