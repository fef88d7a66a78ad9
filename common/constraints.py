"""Constraints of the database: one for dated rows, and a refusal turned into a domain error."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import IntegrityError, transaction
from django.db.models import Q

from common.errors import DomainError


def once_at_a_time(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """Return the constraint that rows with the same `fields` do not overlap in `during`."""
    same = [(field, RangeOperators.EQUAL) for field in fields]
    expressions = [*same, ("during", RangeOperators.OVERLAPS)]
    return ExclusionConstraint(name=name, expressions=expressions, condition=condition)


@contextmanager
def refused_by(*constraints: str, error: DomainError) -> Iterator[None]:
    """Run the block in a transaction; raise `error` when one of these constraints refuses a row.

    Other IntegrityErrors are faults of ours and are raised unchanged.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        if name_of_constraint(refusal) not in constraints:
            raise
        raise error from None


def name_of_constraint(refusal: IntegrityError) -> str:
    """Return the constraint or unique index that refused a row; "" when the database names none."""
    diagnostics = getattr(refusal.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""
