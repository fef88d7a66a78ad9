"""Querysets whose SQL is made once and asked often: for the few queries of the most opened pages.

Building a queryset and turning it into SQL costs the ORM more than PostgreSQL needs to answer it,
and planning is half of the answer. A `Prepared` query is written as any queryset, with a `Slot` for
each value that differs from asking to asking. Its SQL is made at the first asking in a process and
prepared at the first asking on a connection; what comes back are the same model instances or
tuples (docs/adr/0013).

    decided = Prepared(
        "decided_in_group",
        lambda: Decision.objects.within(Slot("group"), Slot("reach")).order_by("-number")[:4],
    )
    decided(group=group.pk, reach=viewer.reach(group.pk))
"""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs

Row = TypeVar("Row")

INTEGER = 2**31  # what a number in an address stays below

# Which statements each connection to PostgreSQL already knows; they end with it.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Slot(Expression):
    """A value of a prepared query, named now and given at each asking.

    `below` is for a number out of an address: one that is not in 0 … `below` - 1 matches no row.
    Neither does None, where a plain `filter` would ask for IS NULL.
    """

    def __init__(self, name: str, below: int | None = None) -> None:
        super().__init__()
        self.name = name
        self.below = below

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [_Named(self.name, self.below)]


@dataclass(frozen=True, slots=True)
class _Named:
    """What a slot leaves among the parameters of the SQL."""

    name: str
    below: int | None

    def may_match(self, value: Any) -> bool:
        return self.below is None or 0 <= value < self.below


@Field.register_lookup
class Among(Lookup):
    """`pk__among=Slot("ids")`: one of the values of an array. `in` would need its length."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY{right}", [*left_params, *right_params]


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

    def asked(self, slots: list[str], values: dict[str, Any]) -> tuple[str, list[Any]]:
        """SQL and parameters of one asking. TypeError where the values are not those of the slots."""
        if values.keys() != set(slots):
            raise TypeError(f"{self.name} is asked with {sorted(slots)}, not {sorted(values)}.")
        given = ", ".join(["%s"] * len(slots))
        sql = f"EXECUTE {self.name}({given})" if slots else f"EXECUTE {self.name}"
        return sql, [_adapted(values[slot]) for slot in slots]


class PreparedSql(_Statement):
    """A statement written in SQL, with `%(slot)s` for each value."""

    def __init__(self, name: str, sql: str) -> None:
        super().__init__(name)
        self.slots = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
        self.text = sql % {slot: f"${place}" for place, slot in enumerate(self.slots, 1)}

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values."""
        connection = connections[DEFAULT_DB_ALIAS]
        self.introduce(connection, self.text)
        with connection.cursor() as cursor:
            cursor.execute(*self.asked(self.slots, values))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


class Prepared(_Statement, Generic[Row]):
    """One queryset, asked with other values each time."""

    def __init__(self, name: str, build: Callable[[], QuerySet[Any, Row]]) -> None:
        """`build` is called once a process; what it would compute from the clock is an error."""
        super().__init__(name)
        self._build = build

    @cached_property
    def _template(self) -> QuerySet[Any, Row]:
        return self._build()

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, dict[str, _Named]]:
        """The compiler after its work, the SQL with `$1`, `$2`, …, and what these are called."""
        compiler = self._template.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        slots: dict[str, _Named] = {}
        shown: list[Any] = []
        for param in params:
            if isinstance(param, _Named):
                slots.setdefault(param.name, param)
                shown.append(AsIs(f"${list(slots).index(param.name) + 1}"))
            elif isinstance(param, date):
                raise TypeError(f"{self.name} would remember {param} for ever: Now() or a Slot.")
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
        return compiler, text, slots

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values, read at once."""
        compiled, text, slots = self._compiled
        asked = self.asked(list(slots), values)
        if not all(slot.may_match(values[name]) for name, slot in slots.items()):
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        self.introduce(connection, text)
        compiler = copy.copy(compiled)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: asked  # type: ignore[method-assign,assignment]
        return list(self._rows(compiler))

    def first(self, **values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self(**values)), None)

    def _rows(self, compiler: SQLCompiler) -> QuerySet[Any, Row]:
        """A queryset of the template's making that finds its SQL already made."""
        query = copy.copy(self._template.query)
        query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        rows = type(self._template)(model=self._template.model, query=query)
        rows._iterable_class = self._template._iterable_class
        rows._fields = self._template._fields  # type: ignore[attr-defined]
        rows._prefetch_related_lookups = self._template._prefetch_related_lookups  # type: ignore[attr-defined]
        return rows


def _adapted(value: Any) -> Any:
    """A set becomes an array, which is what PostgreSQL knows."""
    return list(value) if isinstance(value, (frozenset, set)) else value
