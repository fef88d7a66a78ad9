"""The kinds of things that have a readable address. Each app registers its own at start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import register_converter

from common.access import Viewer
from common.addresses.models import Address
from common.addresses.spelling import is_address


class AddressConverter:
    """An address in a URL, in any script. What cannot be one is a URL that does not exist."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        if not is_address(value):
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class AddressedKind:
    """A kind of thing with `uuid` and `slug`; `visible` are those that a viewer may know of."""

    name: str
    visible: Callable[[Viewer], QuerySet[Any]]
    reserved: frozenset[str]


_kinds: dict[str, AddressedKind] = {}


def register_addresses(
    kind: str, visible: Callable[[Viewer], QuerySet[Any]], *, reserved: frozenset[str]
) -> None:
    """Makes the path converter `<kind>_address` known, and where former addresses lead.

    `reserved` are words that are pages beside the things. Called from `apps.ready`.
    """
    _kinds[kind] = AddressedKind(kind, visible, reserved)
    converter = type(f"{kind.title()}AddressConverter", (AddressConverter,), {})
    register_converter(converter, f"{kind}_address")


def addressed_kind(kind: str) -> AddressedKind:
    return _kinds[kind]


def current_addresses(kind: str, viewer: Viewer, slugs: Iterable[str]) -> dict[str, str]:
    """The present address by the one that was kept, for things that this viewer may know of."""
    kept = dict(
        Address.objects.filter(kind=kind, slug__in=list(slugs)).values_list("slug", "object_uuid")
    )
    things = _kinds[kind].visible(viewer).filter(uuid__in=kept.values())
    current = dict(things.values_list("uuid", "slug"))
    return {slug: current[uuid] for slug, uuid in kept.items() if uuid in current}


def with_address(kind: str, *slugs: str) -> QuerySet[Address, Any]:
    """The uuids of the things of a kind that have or had one of these addresses."""
    return Address.objects.filter(kind=kind, slug__in=slugs).values("object_uuid")
