"""Queries whose SQL is made once and run often: for the few queries of the most opened pages.

Building a queryset and its SQL takes the ORM longer than PostgreSQL needs to run it, and planning is
half of that. `@prepared` decorates an ordinary function of `queries.py` that returns a queryset.
Without it the function makes the same query, slower:

    @prepared
    def latest_decisions(group: int, read_level: Level) -> QuerySet[Decision]:
        return Decision.objects.within(group, read_level).order_by("-number")[:4]

    latest_decisions(group.pk, viewer.read_level(group.pk))

The function is called once a process, with a placeholder for each argument; its SQL is prepared at
the first call on a connection. The result has the same model instances or tuples, as a list
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
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Lookup, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs

Params = ParamSpec("Params")
Row = TypeVar("Row")
# SQL and its parameters, which here can also be placeholders.
_Sql = tuple[str, Any]

# A larger number is left to the plain function: Django knows that no column can have it.
INTEGER = 2**31

# The statements prepared on each psycopg2 connection; they end with it.
_prepared: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


class Param(Expression):
    """The placeholder of an argument while the SQL of a prepared query is made."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        return "%s", [_Named(self.name)]


@dataclass(frozen=True, slots=True)
class _Named:
    """A placeholder among the parameters of the SQL."""

    name: str


@Field.register_lookup
class AnyOf(Lookup):
    """`pk__any_of=ids`: one of the values of an array. `in` would need to know their number."""

    lookup_name = "any_of"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: object, connection: BaseDatabaseWrapper) -> _Sql:
        return "%s", [_adapted(value)]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]


class _Statement:
    """One named statement; PostgreSQL's logs show `name`."""

    names: ClassVar[set[str]] = set()

    def __init__(self, name: str) -> None:
        if not re.fullmatch(r"[a-z_]{1,60}", name) or name in self.names:
            raise ValueError(f"{name!r} cannot name another prepared query.")
        self.names.add(name)
        self.name = name

    def prepare(self, connection: BaseDatabaseWrapper, text: str) -> None:
        """Prepare the statement on the connection, where it stays even after a rollback.

        Not counted as a query. Raises Django's database errors.
        """
        # Django checks the health of a persistent connection at a request's first cursor. Do that
        # first: a new connection would not have the statement.
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        prepared_names = _prepared.setdefault(connection.connection, set())
        if self.name not in prepared_names:
            connection.validate_no_broken_transaction()
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(f"PREPARE {self.name} AS {text}")
            prepared_names.add(self.name)

    def execution(self, params: list[str], values: dict[str, object]) -> _Sql:
        """Return SQL and parameters of one execution. Raises TypeError for other parameters."""
        if values.keys() != set(params):
            raise TypeError(f"{self.name} takes {sorted(params)}, not {sorted(values)}.")
        marks = ", ".join(["%s"] * len(params))
        sql = f"EXECUTE {self.name}({marks})" if params else f"EXECUTE {self.name}"
        return sql, [_adapted(values[param]) for param in params]


class PreparedSql(_Statement):
    """A statement written in SQL, with `%(param)s` for each value."""

    def __init__(self, name: str, sql: str) -> None:
        super().__init__(name)
        self.params = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
        self.text = sql % {param: f"${place}" for place, param in enumerate(self.params, 1)}

    def __call__(self, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows for these values."""
        connection = connections[DEFAULT_DB_ALIAS]
        self.prepare(connection, self.text)
        with connection.cursor() as cursor:
            cursor.execute(*self.execution(self.params, values))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


class PreparedQuery(_Statement, Generic[Params, Row]):
    """A function that returns a queryset, as a prepared statement.

    `plain` is the function itself.
    """

    __name__: str
    all: ClassVar[list["PreparedQuery[..., Any]"]] = []

    def __init__(self, plain: Callable[Params, QuerySet[Model, Row]]) -> None:
        module = plain.__module__.split(".")
        app = module[module.index("queries") - 1] if "queries" in module else module[-2]
        super().__init__(f"{app}_{plain.__name__}")
        self.plain = plain
        self.signature = inspect.signature(plain)
        self.all.append(self)
        update_wrapper(self, plain)

    def __call__(self, *args: Params.args, **kwargs: Params.kwargs) -> list[Row]:
        """Return the rows for these arguments. Raises TypeError for None as an argument."""
        values = self.signature.bind(*args, **kwargs).arguments
        if any(value is None for value in values.values()):
            raise TypeError(f"{self.name}: `= NULL` finds nothing and IS NULL is another query.")
        if any(isinstance(value, int) and abs(value) >= INTEGER for value in values.values()):
            return list(self.plain(*args, **kwargs))
        compiled, text, params = self._compiled
        execution = self.execution(params, values)
        connection = connections[DEFAULT_DB_ALIAS]
        self.prepare(connection, text)
        compiler = copy.copy(compiled)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: execution  # type: ignore[method-assign]
        return list(self._rows(compiler))

    def first(self, *args: Params.args, **kwargs: Params.kwargs) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self(*args, **kwargs)), None)

    @cached_property
    def _template(self) -> QuerySet[Model, Row]:
        build: Callable[..., QuerySet[Model, Row]] = self.plain
        return build(**{name: Param(name) for name in self.signature.parameters})

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, list[str]]:
        """Return the compiler after its work, the SQL with `$1`, `$2`, …, and their names.

        Raises TypeError for a time that the function computes, since it would never change.
        """
        compiler = self._template.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        names = list(dict.fromkeys(param.name for param in params if isinstance(param, _Named)))
        if set(names) != set(self.signature.parameters):
            raise TypeError(f"{self.name} does not use all of its parameters.")
        numbered: list[object] = []
        for param in params:
            if isinstance(param, _Named):
                numbered.append(AsIs(f"${names.index(param.name) + 1}"))
            elif isinstance(param, date):
                raise TypeError(
                    f"{self.name} would remember {param} for ever: Now() or a parameter."
                )
            else:
                numbered.append(param)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            text = cursor.cursor.mogrify(sql, numbered).decode()
        # The conversion of columns to values is the same for each execution.
        converters = compiler.get_converters(
            [column[0] for column in compiler.select[: compiler.col_count]]
        )
        compiler.get_converters = lambda _: converters
        # Drop the connection of the first thread, which can end before the others.
        compiler.connection = None
        return compiler, text, names

    def _rows(self, compiler: SQLCompiler) -> QuerySet[Model, Row]:
        """Return a queryset like the template that runs the compiler's SQL."""
        query = copy.copy(self._template.query)
        query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        rows = type(self._template)(model=self._template.model, query=query)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups"):
            setattr(rows, name, getattr(self._template, name))
        return rows


prepared = PreparedQuery


def _adapted(value: object) -> object:
    """Return a set or tuple as a list, which becomes an array in PostgreSQL."""
    return list(value) if isinstance(value, (frozenset, set, tuple)) else value
