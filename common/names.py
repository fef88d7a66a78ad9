"""Names that sort and compare alike on every server, whatever its locale."""

import unicodedata
from typing import Any

from django.db import models


def sort_key(name: str) -> str:
    """Casefolded and without accents: computed here so that no server's collation matters."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.split())


class SortedByName(models.Model):
    """A model with a `name` and beside it the key that lists are ordered by."""

    sort_name = models.CharField(max_length=200, editable=False, db_collation="C")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the key in step with the name, also where only some fields are saved."""
        self.sort_name = sort_key(self.name)[:200]  # type: ignore[attr-defined]
        update_fields = kwargs.get("update_fields")
        if update_fields is not None and "name" in update_fields:
            kwargs["update_fields"] = {*update_fields, "sort_name"}
        super().save(*args, **kwargs)


def name_words(text: str) -> tuple[str, ...]:
    from anyascii import anyascii

    out = []
    for ch in text.casefold():
        out.append(ch if ord(ch) > 0x2E80 else anyascii(ch).lower())
    return tuple("".join(out).replace("-", " ").replace(".", " ").split())


def same_name(one: str, other: str) -> bool:
    return (
        unicodedata.normalize("NFC", one).casefold()
        == unicodedata.normalize("NFC", other).casefold()
    )
