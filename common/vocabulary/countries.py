"""The countries of ISO 3166-1, from the table that the time zone database keeps."""

from functools import cache
from importlib.resources import files

from common.names import sort_key

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


def country_choices() -> list[tuple[str, str]]:
    """For a form's `choices`, with an empty first line."""
    return [("", ""), *countries().items()]
