"""Names of people, organizations and groups: sorting, looking up, equality and likeness.

There are three keys, for three questions:

* `sort_key`: what is the name's place in a list? Ł comes next to L.
* `lookup_key`: can a person who typed a part of the name, on another keyboard, mean it?
* `equality_key`: is it the same name? Only case and Unicode composition are ignored.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, ClassVar, cast

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from common.letters import (
    APOSTROPHES,
    SCRIPTS_WITH_FIXED_LATIN_FORM,
    folded,
    is_mark,
    latin_form,
    plain_latin,
    script_of,
    without_compatibility_forms,
)
from common.unseen import without_fillers

SORT_KEY_MAX_CHARACTERS = 200
# Scripts whose letters can have accents.
ACCENTED = ("LATIN", "CYRILLIC", "GREEK")
# Grave, acute, circumflex, tilde, macron, breve, hook, caron, horn and dot below: in languages that
# write tones, a Latin letter with another of them, or with none, makes another word.
DISTINGUISHING_SIGNS = frozenset("\u0300\u0301\u0302\u0303\u0304\u0306\u0309\u030c\u031b\u0323")
# Written without spaces between words, and with or without one between family and given name.
SCRIPTS_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
# Hebrew points and Arabic vowel signs: most writers leave them out.
OPTIONAL_SIGNS = frozenset(
    chr(code) for code in (*range(0x0591, 0x05C8), *range(0x064B, 0x0653), 0x0640, 0x0670)
)


def sort_key(name: str) -> str:
    """Return the key by which lists are ordered, independent of a server's collation.

    Case and accents are dropped and Latin letters such as ł, ø and þ become their plain form.
    Different names can have the same key.
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(plain_latin(char) for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.split())


def equality_key(name: str) -> str:
    """Return the same key for two spellings of one name: NFC, case folded, spaces collapsed.

    Signs that carry meaning stay: が is not か, ñ is not n, tone marks and viramas count.
    """
    folded = unicodedata.normalize("NFD", name).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def same_name(one: str, other: str) -> bool:
    """Whether both are the same name apart from case, Unicode composition and spaces."""
    return equality_key(one) == equality_key(other)


@lru_cache(maxsize=32_768)
def look_alike_keys(name: str) -> frozenset[str]:
    """Return a few keys; names that share one of them look the same to a reader.

    Case, spaces, punctuation, and characters that are drawn alike (Cyrillic а and Latin a, l and I,
    m and rn) make no difference, nor do dots, strokes and tails that writers leave out (Zürich and
    Zurich, Bełt and Belt) and accents of Greek and Cyrillic. Signs that make another word of the
    same letters do: the tones and vowels of Vietnamese, Pinyin and Yoruba, dakuten, viramas.
    Source: Unicode Technical Standard 39, confusables, of the name as it is written and in small
    letters. Empty for a name without a letter or digit.
    """
    plain = without_compatibility_forms(name)
    # A name with the accents of Greek and Cyrillic can be taken for a Latin name with the same.
    skeletons = (
        _skeleton(text, accented)
        for text in (plain, plain.casefold())
        for accented in (ACCENTED, ("LATIN",))
    )
    return frozenset(filter(None, skeletons))


def likeness_keys(name: str) -> frozenset[str]:
    """Return the keys by which to warn of a similar name, never to refuse one.

    These are those of `look_alike_keys` and the words as they are looked up, in which Hà is Ha.
    """
    words = " ".join(name_words(name))
    return look_alike_keys(name) | {f" {words}"} if words else look_alike_keys(name)


def look_alike(one: str, other: str) -> bool:
    """Whether a reader can take one name for the other, or both are the same."""
    return same_name(one, other) or not look_alike_keys(one).isdisjoint(look_alike_keys(other))


def mixes_scripts(name: str) -> bool:
    """Whether a word of the name has letters of two of the scripts Latin, Greek and Cyrillic."""
    for word in without_compatibility_forms(name).replace("-", " ").split():
        scripts = {script_of(char) for char in word if char.isalpha()}
        if len(scripts & {"LATIN", "GREEK", "CYRILLIC"}) > 1:
            return True
    return False


def name_words(text: str) -> tuple[str, ...]:
    """Return the words of a name in the form in which they are looked up, in order.

    Letters with a fixed Latin form get it; hyphens and other punctuation divide words, apostrophes
    do not. Signs without a letter or digit, such as an emoji, are a word of their own.
    """
    words: list[str] = []
    for token in folded(text).split():
        words += _runs(_in_latin(token, drop=OPTIONAL_SIGNS)) or [token]
    return tuple(words)


def lookup_key(*texts: str) -> str:
    """Return the look-up key of these names for a column: their words, each after a space.

    Neighbouring words in Han, kana or Hangul are also added joined, since people write the space
    between family and given name or leave it out.
    """
    words: list[str] = []
    for text in texts:
        own = name_words(text)
        words += [*own, *_joined(own)]
    return " " + " ".join(dict.fromkeys(words)) if words else ""


def name_contains(text: str, column: str = "search_name") -> Q:
    """Return the filter for rows whose name has every word of `text`, whole or in part.

    Without a word it matches every row.
    """
    condition = Q()
    for word in name_words(text):
        condition &= Q(**{f"{column}__contains": word})
    return condition


def name_index(name: str) -> GinIndex:
    """Return the trigram index, called `name`, that finds parts of names.

    Names are saved seldom and looked up often, so it keeps no list of pending entries.
    """
    return GinIndex(fields=["search_name"], name=name, opclasses=["gin_trgm_ops"], fastupdate=False)


class LookedUpByName(models.Model):
    """A model with names and the key by which they are looked up."""

    # The fields whose words go into the key.
    looked_up_by: ClassVar[tuple[str, ...]] = ("name",)

    search_name = models.TextField(editable=False, default="", db_collation="C")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Update the keys, also where only some fields are saved."""
        update_fields = kwargs.get("update_fields")
        if update_fields is None:
            self.set_name_keys()
        elif not set(self.looked_up_by).isdisjoint(update_fields):
            kwargs["update_fields"] = {*update_fields, *self.set_name_keys()}
        super().save(*args, **kwargs)

    def set_name_keys(self) -> list[str]:
        """Compute the keys and return their fields. `save` calls it; bulk loads must call it too."""
        self.search_name = lookup_key(*(getattr(self, field) for field in self.looked_up_by))
        return ["search_name"]


class SortedByName(LookedUpByName):
    """A model with a `name` and the keys by which it is sorted and looked up."""

    name: "models.CharField[str, str]"

    sort_name = models.CharField(
        max_length=SORT_KEY_MAX_CHARACTERS, editable=False, db_collation="C"
    )

    class Meta:
        abstract = True

    def set_name_keys(self) -> list[str]:
        self.sort_name = sort_key(self.name)[:SORT_KEY_MAX_CHARACTERS]
        return ["sort_name", *super().set_name_keys()]


def fill_name_keys(
    model: type[models.Model], looked_up_by: tuple[str, ...] = ("name",), batch: int = 1000
) -> None:
    """Compute the keys of all rows, in batches by primary key. For migrations."""
    sorts = any(field.name == "sort_name" for field in model._meta.get_fields())
    keys = ["search_name", "sort_name"] if sorts else ["search_name"]
    last = 0
    while rows := list(model._default_manager.filter(pk__gt=last).order_by("pk")[:batch]):
        for row in rows:
            named = cast("SortedByName", row)
            named.search_name = lookup_key(*(getattr(row, field) for field in looked_up_by))
            if sorts:
                named.sort_name = sort_key(named.name)[:SORT_KEY_MAX_CHARACTERS]
        model._default_manager.bulk_update(rows, keys)
        last = rows[-1].pk


@lru_cache(maxsize=1)
def _prototypes() -> dict[str, str]:
    """Return the prototype that each character looks like, by the table of Unicode.

    The library lists every pair both ways, so the prototype is the one with the most pairs, or the
    one in ASCII, or the longer one. The library is imported here because it reads its table, a
    megabyte, on import.
    """
    from confusable_homoglyphs.confusables import confusables_data

    pairs = {
        _bare(text): [_bare(other["c"]) for other in others]
        for text, others in confusables_data.items()
    }

    def weight(text: str) -> tuple[int, bool, int, str]:
        return (len(pairs.get(text, ())), text.isascii(), len(text), text)

    return {
        text: max([text, *others], key=weight) for text, others in pairs.items() if len(text) == 1
    }


@lru_cache(maxsize=1)
def _ascii_prototypes() -> dict[int, str]:
    return {ord(char): prototype for char, prototype in _prototypes().items() if char.isascii()}


def _bare(text: str) -> str:
    """Return a text of the library's table without the direction marks around right-to-left ones."""
    return text if len(text) == 1 else text.replace("\u200e", "")


def _skeleton(text: str, accented: tuple[str, ...]) -> str:
    """Return the letters, digits and meaningful marks of `text`, each as its prototype.

    Letters of the `accented` scripts keep the signs that distinguish words; others with a fixed
    Latin form lose all marks, and letters of all other scripts none.
    """
    if text.isascii():
        prototype = text.translate(_ascii_prototypes()).casefold()
        return "".join(filter(str.isalnum, prototype))
    parts: list[str] = []
    drops_marks = keeps_distinguishing = False
    for char in unicodedata.normalize("NFD", text):
        if is_mark(char):
            if not drops_marks or (keeps_distinguishing and char in DISTINGUISHING_SIGNS):
                parts.append(char)
            continue
        script = script_of(char)
        drops_marks = script in SCRIPTS_WITH_FIXED_LATIN_FORM
        keeps_distinguishing = script in accented
        prototype = _prototypes().get(char) or plain_latin(char)
        parts += (each for each in prototype if not (drops_marks and is_mark(each)))
    folded = "".join(parts).casefold()
    seen = without_fillers(folded)
    return "".join(char for char in seen if char.isalnum() or is_mark(char))


def _in_latin(text: str, drop: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the characters of `text`: in their fixed Latin form, or unchanged without one.

    A letter in Latin form loses its combining marks; apostrophes are left out.
    """
    after_latin = False
    for char in text:
        if char in drop or char in APOSTROPHES:
            continue
        if is_mark(char):
            if not after_latin:
                yield char
            continue
        form = latin_form(char)
        after_latin = form is not None
        digit = unicodedata.decimal(char, None) if form is None else None
        yield from form if form is not None else char if digit is None else str(digit)


def _runs(chars: Iterable[str]) -> list[str]:
    """Return the unbroken runs of letters, digits and their marks."""
    runs = [""]
    for char in chars:
        if char.isalnum() or (is_mark(char) and runs[-1]):
            runs[-1] += char
        elif runs[-1]:
            runs.append("")
    return [run for run in runs if run]


def _joined(words: tuple[str, ...]) -> list[str]:
    """Join neighbouring words of scripts that write no spaces."""
    joined, row = [], [""]
    for word in [*words, ""]:
        if word and script_of(word[0]) in SCRIPTS_WITHOUT_SPACES:
            row.append(word)
            continue
        if len(row) > 2:
            joined.append("".join(row))
        row = [""]
    return joined
