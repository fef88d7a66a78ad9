"""Assigning addresses. The apps call these inside the transaction of their own action."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, count
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from common.addresses.kinds import addressed_kind
from common.addresses.models import Address
from common.addresses.spelling import address_of
from common.constraints import name_of_constraint
from common.errors import Invalid
from common.search.models import SearchEntry

ADDRESS_CONSTRAINT = "address_once"
# How often others can take the same address at the same moment.
TRIES = 20


def save_with_free_address(*, kind: str, name: str, save: Callable[[str], None]) -> str:
    """Call `save` with the address made of `name`, numbered from 2 where that is taken; return it.

    Another request can take the same address at the same moment: the database refuses one of the
    two, and the next number is tried. `save` runs in a savepoint and may be called several times.
    Raises Invalid after TRIES attempts.
    """
    for _attempt in range(TRIES):
        slug = free_address(kind=kind, name=name)
        try:
            with transaction.atomic():
                save(slug)
        except IntegrityError as error:
            if not is_address_taken(error):
                raise
            continue
        return slug
    raise Invalid(_("We could not find a free address for this name. Try again."), field="name")


def free_address(*, kind: str, name: str) -> str:
    """Return the address made of `name`, numbered where a thing of this kind has or had it."""
    base = address_of(name) or kind
    taken = Address.objects.filter(kind=kind, slug__startswith=base)
    return next_free(base, {*taken.values_list("slug", flat=True), *addressed_kind(kind).reserved})


def next_free(base: str, taken: set[str]) -> str:
    """Return `base`, or `base` with the first number from 2 that is not taken."""
    numbered = (f"{base}-{number}" for number in count(2))
    return next(slug for slug in chain([base], numbered) if slug not in taken)


def check_address(*, kind: str, chosen: str, object_uuid: UUID) -> str:
    """Return the address made of what staff chose. Raises Invalid if the thing cannot have it."""
    slug = address_of(chosen)
    if not slug:
        raise Invalid(_("An address needs at least one letter or digit."), field="address")
    if slug in addressed_kind(kind).reserved:
        raise Invalid(
            _("“%(address)s” is reserved for another page. Choose another address.")
            % {"address": slug},
            field="address",
        )
    holders = Address.objects.filter(kind=kind, slug=slug)
    if holders.exclude(object_uuid=object_uuid).exists():
        raise Invalid(_taken(slug), field="address")
    return slug


@contextmanager
def refusing_taken(slug: str) -> Iterator[None]:
    """Raise Invalid where the database refuses this address because another request took it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not is_address_taken(error):
            raise
        raise Invalid(_taken(slug), field="address") from None


def is_address_taken(error: IntegrityError) -> bool:
    """Whether the database refused an address that another thing has or had."""
    constraint = name_of_constraint(error)
    return constraint == ADDRESS_CONSTRAINT or "slug" in constraint


def move_search_entries(*, before: str, after: str) -> None:
    """Replace the address `before` (with a slash at its end) by `after` in search entries."""
    SearchEntry.objects.filter(url__startswith=before).update(
        url=Concat(Value(after), Substr(F("url"), len(before) + 1))
    )


def _taken(slug: str) -> str:
    return _("“%(address)s” is in use or was used before. Choose another address.") % {
        "address": slug
    }
