"""How a mail address is spelled, so that one mailbox has one spelling.

A domain has many: capitals, full-width letters, composed and decomposed accents, Punycode. Mail
goes by its Punycode (IDNA 2003, which is what Django writes on the envelope), so this is what
decides whether two of them are one. The spelling that is kept, counted and looked up is the
readable one: `ada@bücher.example` and not `ada@xn--bcher-kva.example`.

Capitals before the @ are dropped as well: a server may tell them apart, and none in use does.
"""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q

# A name of the domain name system has room for no more; a longer one belongs to no mailbox.
DOMAIN_MAX_CHARACTERS = 253
_PUNYCODE = "xn--"


def spelled(address: str) -> str:
    """The one spelling of the mailbox of `address`; also of what is no address at all."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local.lower()}{at}{spelled_domain(domain)}"


def spelled_domain(domain: str) -> str:
    """The one spelling of a domain: small letters, and its own script where that reads back."""
    domain = domain.strip()
    small = domain.lower()
    if len(domain) > DOMAIN_MAX_CHARACTERS or (domain.isascii() and _PUNYCODE not in small):
        return small
    try:
        labels = domain.encode("idna").decode("ascii").lower().split(".")
    except UnicodeError:
        return small
    return ".".join(map(_readable, labels))


def _readable(label: str) -> str:
    """A label of a domain in its own script, unless that would lead to another domain."""
    if not label.startswith(_PUNYCODE):
        return label
    try:
        readable = label.encode("ascii").decode("idna")
        leads_to = readable.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return label
    return readable if leads_to == label else label


def spell_again(
    model: type[models.Model], *fields: str, spell: Callable[[str], str] = spelled
) -> int:
    """Give rows from before the spelling of today; for migrations. Returns how many are left.

    A row that would then say the same as another, where that may not be, is left as it is: it is
    found no more by what people type, since the other one is.
    """
    foreign = Q()
    for field in fields:
        foreign |= Q(**{f"{field}__regex": r"[^ -~]"}) | Q(**{f"{field}__icontains": _PUNYCODE})
    left = 0
    for row in model._default_manager.filter(foreign).order_by("pk").iterator():
        found: Any = row
        anew = {name: spell(getattr(found, name)) for name in fields}
        if all(getattr(found, name) == value for name, value in anew.items()):
            continue
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=row.pk).update(**anew)
        except IntegrityError:
            left += 1
    return left
