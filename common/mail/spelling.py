"""The spelling of mail addresses, so that one mailbox has one spelling.

A domain has many spellings: capitals, full-width letters, composed and decomposed accents, Punycode.
Two are the same when their Punycode is the same (IDNA 2003, which Django writes on the envelope). We
store, count and look up the readable spelling: `ada@bücher.example`, not
`ada@xn--bcher-kva.example`.

Capitals before the @ become small too: a server could distinguish them, but none in use does.
"""

from collections.abc import Callable

from django.db import IntegrityError, models, transaction
from django.db.models import Q

# The limit of the domain name system; a longer domain has no mailbox.
DOMAIN_MAX_CHARACTERS = 253
_PUNYCODE = "xn--"


def spelled(address: str) -> str:
    """Return the one spelling of an address; also works for a text that is not an address."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local.lower()}{at}{spelled_domain(domain)}"


def spelled_domain(domain: str) -> str:
    """Return the one spelling of a domain: small letters, in its own script if that is reversible."""
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
    """Return a label of a domain in its own script, unless that would be another domain."""
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
    """Change old rows to the present spelling, for migrations; return how many are left.

    A row is left when its new spelling would violate a unique constraint. Look-ups then find the
    other row.
    """
    foreign = Q()
    for field in fields:
        foreign |= Q(**{f"{field}__regex": r"[^ -~]"}) | Q(**{f"{field}__icontains": _PUNYCODE})
    left = 0
    for row in model._default_manager.filter(foreign).order_by("pk").iterator():
        spellings = {name: spell(getattr(row, name)) for name in fields}
        if all(getattr(row, name) == value for name, value in spellings.items()):
            continue
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=row.pk).update(**spellings)
        except IntegrityError:
            left += 1
    return left
