"""The countries of ISO 3166-1, from the table that the time zone database keeps."""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

from common.names import lookup_key, sort_key

# Where that table abbreviates, or its name would puzzle a reader.
PLAIN_NAMES = {
    "AS": "American Samoa",
    "CD": "Congo, Democratic Republic",
    "CF": "Central African Republic",
    "CG": "Congo, Republic",
    "CC": "Cocos Islands",
    "GB": "United Kingdom",
    "KP": "North Korea",
    "KR": "South Korea",
    "MF": "Saint Martin",
    "MM": "Myanmar",
    "SX": "Sint Maarten",
    "SZ": "Eswatini",
    "TC": "Turks and Caicos Islands",
    "TF": "French Southern Territories",
    "VG": "British Virgin Islands",
    "VI": "US Virgin Islands",
    "WS": "Samoa",
}


@cache
def countries() -> dict[str, str]:
    """Two-letter code to English name, in the order of the names."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    names = {code: PLAIN_NAMES.get(code, name.replace(" & ", " and ")) for code, name in rows}
    return dict(sorted(names.items(), key=lambda item: sort_key(item[1])))


def country_name(code: str) -> str:
    """The country's name; the code itself where it is none of ISO 3166-1."""
    return countries().get(code, code)


# Codes that people use beside those of ISO 3166-1, and names beside ours.
OTHER_CODES = {"UK": "GB", "EL": "GR", "USA": "US", "UAE": "AE", "PRC": "CN", "ROC": "TW"}
OTHER_NAMES = {
    "America": "US",
    "Czech Republic": "CZ",
    "England": "GB",
    "Great Britain": "GB",
    "Holland": "NL",
    "Korea": "KR",
    "Republic of Korea": "KR",
    "Russian Federation": "RU",
    "Scotland": "GB",
    "The Netherlands": "NL",
    "Turkiye": "TR",
    "United States of America": "US",
    "Viet Nam": "VN",
}


@cache
def _codes_by_name() -> dict[str, str]:
    names = {name: code for code, name in countries().items()} | OTHER_NAMES
    return {lookup_key(name): code for name, code in names.items()}


def code_of(typed: str) -> str:
    """Return the code of a country that somebody named by code or in English.

    Anything else comes back as it was typed, in capitals: it is none of `countries()`.
    """
    code = typed.upper()
    if code in countries():
        return code
    return _codes_by_name().get(lookup_key(typed), code)


def likely_code(typed: str) -> str:
    """Return the code that somebody most likely meant who typed what `code_of` does not know."""
    if typed.upper() in OTHER_CODES:
        return OTHER_CODES[typed.upper()]
    alike = get_close_matches(lookup_key(typed), _codes_by_name(), n=1, cutoff=0.8)
    return _codes_by_name()[alike[0]] if alike else ""


def country_choices() -> list[tuple[str, str]]:
    """For a form's `choices`, with a first line for none."""
    return [("", _("Not given")), *countries().items()]
