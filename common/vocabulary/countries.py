"""The countries of ISO 3166-1, from the table of the time zone database, and Kosovo.

Kosovo has no code in the standard; XK is the code that the European Union, the IMF and Unicode use.
"""

import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

from common.letters import without_compatibility_forms
from common.names import lookup_key, sort_key
from common.vocabulary.country_names import (
    ALPHA_3,
    NATIVE_NAMES,
    OTHER_CODES,
    OTHER_NAMES,
    PLAIN_NAMES,
)

# What comes before the usual name in an official one.
_FORMS = re.compile(r"^(the )?((republic|kingdom|state|commonwealth|principality) of )?(the )?")
# The dots of an abbreviation: those after a single letter.
_DOTS = re.compile(r"(?<=\b\w)\.")


@cache
def countries() -> dict[str, str]:
    """Return the English name by two-letter code, in the order of the names."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    rows.append(["XK", "Kosovo"])
    names = {code: PLAIN_NAMES.get(code, name.replace(" & ", " and ")) for code, name in rows}
    return dict(sorted(names.items(), key=lambda item: sort_key(item[1])))


def country_name(code: str) -> str:
    """Return the country's name; the code itself where ISO 3166-1 does not have it."""
    return countries().get(code, code)


@cache
def _codes_by_name() -> dict[str, str]:
    others = {
        name: code
        for table in (NATIVE_NAMES, OTHER_NAMES)
        for code, names in table.items()
        for name in names
    }
    names = others | {name: code for code, name in countries().items()}
    return {_key(name): code for name, code in names.items()}


def _key(name: str) -> str:
    """Return the same key for all spellings of a country's name.

    Case, accents, “St.”, “&”, dots of abbreviations ("D.R. Congo") and full-width letters make no
    difference.
    """
    plain = _DOTS.sub("", without_compatibility_forms(name))
    key = lookup_key(plain.replace("&", " and "))
    return re.sub(r"\bst\b", "saint", " ".join(re.sub(r"[^\w]+", " ", key).split()))


def code_of(typed: str) -> str:
    """Return the code of a country given by code, in English or in its own language.

    Codes can have two or three letters, and dots. Anything else is returned in capitals, which is
    no key of `countries()`.
    """
    code = typed.upper()
    short = re.sub(r"[.\s]", "", without_compatibility_forms(code))
    if short in countries():
        return short
    if alpha_2 := ALPHA_3.get(short) or OTHER_CODES.get(short):
        return alpha_2
    # Official lists write "Moldova, Republic of".
    head, comma, tail = typed.partition(",")
    for name in (typed, f"{tail} {head}" if comma else typed):
        key = _key(name)
        # "Republic of" a name is the country of that name, unless it is a country of its own.
        known = _codes_by_name().get(key) or _codes_by_name().get(_FORMS.sub("", key))
        if known:
            return known
    return code


def likely_code(typed: str) -> str:
    """Return the most likely code for a name that `code_of` does not know, or ""."""
    alike = get_close_matches(_key(typed), _codes_by_name(), n=1, cutoff=0.8)
    return _codes_by_name()[alike[0]] if alike else ""


def country_choices() -> list[tuple[str, str]]:
    """Return a form's `choices`, with an empty one first."""
    return [("", _("Not given")), *countries().items()]
