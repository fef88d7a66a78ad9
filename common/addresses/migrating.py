"""For migrations: new addresses for things whose address lost its letters outside of ASCII."""

import re
from urllib.parse import quote

from django.db.migrations.state import StateApps
from django.db.models import F, Model, Value
from django.db.models.functions import Concat, Substr
from django.utils.text import slugify

from common.addresses.actions import next_free
from common.addresses.kinds import addressed_kind
from common.addresses.spelling import address_of, letters_of

# Of the letters that are left, when whole words in another script are missing.
READABLE_FROM_LETTERS = 4


def make_addresses_readable(apps: StateApps, kind: str, model: type[Model], prefix: str) -> None:
    """Give each thing whose address lost letters of its name the address its name would get today.

    For migrations, with their historical `model`. Addresses that were chosen, or that lost no
    letter, stay. The trigger of the table keeps the former address; what search shows below
    `prefix` and the former address moves to the current one.
    """
    entries = apps.get_model("search", "SearchEntry")._default_manager
    addresses = apps.get_model("addresses", "Address")._default_manager
    taken = {
        *addresses.filter(kind=kind).values_list("slug", flat=True),
        *addressed_kind(kind).reserved,
    }
    keeps_first = any(field.name == "first_slug" for field in model._meta.get_fields())
    rows = model._default_manager.order_by("pk").values_list("pk", "slug", "name")
    for pk, slug, name in list(rows):
        if not lost_letters(slug, name, kind):
            continue
        present = next_free(address_of(name), taken)
        taken.add(present)
        first = {"first_slug": slug} if keeps_first else {}
        model._default_manager.filter(pk=pk).update(slug=present, version=F("version") + 1, **first)
        before, after = quote(f"{prefix}{slug}/"), quote(f"{prefix}{present}/")
        entries.filter(url__startswith=before).update(
            url=Concat(Value(after), Substr(F("url"), len(before) + 1))
        )


def lost_letters(slug: str, name: str, kind: str) -> bool:
    """Whether the former rule made `slug` of `name` and left out too much for it to be read.

    The former rule kept ASCII only, numbered what was taken, and took the word for the kind where
    nothing was left. Where whole words are missing and enough others are left, as in a name in two
    languages, the address can be read and stays.
    """
    present = address_of(name)
    if not present or re.sub(r"-\d+$", "", slug) == present:
        return False
    if re.fullmatch(rf"{kind}(-\d+)?", slug):
        return True
    # Groups kept the name's case while it was cut down, organizations did not.
    for fold in (str, str.casefold):
        former = slugify(fold(name))
        if former and re.fullmatch(rf"{re.escape(former[:70])}(-\d+)?", slug):
            words = [(slugify(fold(word)), word) for word in name.split()]
            is_torn = any(_letters(part) not in {"", letters_of(word)} for part, word in words)
            is_short = len(_letters(former)) < READABLE_FROM_LETTERS
            return is_torn or (is_short and _letters(former) != letters_of(name))
    return False


def _letters(slug: str) -> str:
    return slug.replace("-", "").replace("_", "")
