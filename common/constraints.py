"""Answering a refusal of the database by the constraint that refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from common.errors import DomainError


@contextmanager
def refused_by(*constraints: str, error: DomainError) -> Iterator[None]:
    """Run the block in a transaction; raise `error` where one of these constraints refuses a row.

    Any other refusal is a fault of ours and goes on as it is.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        if name_of_constraint(refusal) not in constraints:
            raise
        raise error from None


def name_of_constraint(refusal: IntegrityError) -> str:
    """The constraint or unique index that refused a row; "" where the database names none."""
    diagnostics = getattr(refusal.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""
