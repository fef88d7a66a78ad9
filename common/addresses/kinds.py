"""The kinds of things with a readable address. Each app registers its own at start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import register_converter
from django.urls.converters import StringConverter

from common.access import Viewer
from common.addresses.models import Address
from common.addresses.spelling import is_address
from common.identifiers import Identified


class Addressed(Identified, Protocol):
    """An object with an address."""

    @property
    def slug(self) -> str: ...


class AddressConverter(StringConverter):
    """An address in a URL, in any script. A URL with anything else does not exist."""

    def to_python(self, value: str) -> str:
        if not is_address(value):
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class AddressedKind:
    """A kind of `Addressed`; `visible` returns those that a viewer may know of."""

    name: str
    visible: Callable[[Viewer], QuerySet[Model]]
    reserved: frozenset[str]


_kinds: dict[str, AddressedKind] = {}


def register_addresses(
    kind: str, visible: Callable[[Viewer], QuerySet[Model]], *, reserved: frozenset[str]
) -> None:
    """Register the path converter `<kind>_address` and the redirects of former addresses.

    `reserved` are addresses of other pages at the same level. Called from `apps.ready`.
    """
    _kinds[kind] = AddressedKind(kind, visible, reserved)
    converter = type(f"{kind.title()}AddressConverter", (AddressConverter,), {})
    register_converter(converter, f"{kind}_address")


def addressed_kind(kind: str) -> AddressedKind:
    return _kinds[kind]


def current_addresses(kind: str, viewer: Viewer, slugs: Iterable[str]) -> dict[str, str]:
    """Return the current address for each present or former one that this viewer may know of."""
    uuids = dict(
        Address.objects.filter(kind=kind, slug__in=list(slugs)).values_list("slug", "object_uuid")
    )
    objects = _kinds[kind].visible(viewer).filter(uuid__in=uuids.values())
    current = dict(objects.values_list("uuid", "slug"))
    return {slug: current[uuid] for slug, uuid in uuids.items() if uuid in current}


def with_address(kind: str, *slugs: str) -> QuerySet[Address, UUID]:
    """Return the uuids of the objects of a kind that have or had one of these addresses."""
    return Address.objects.filter(kind=kind, slug__in=slugs).values_list("object_uuid", flat=True)
