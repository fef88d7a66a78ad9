"""Turning a refused constraint of the database into a domain error."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from common.errors import DomainError


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
