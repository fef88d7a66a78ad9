"""The countries of ISO 3166-1, from the table that the time zone database keeps."""

import re
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
# Official names, former names, and names in everyday English, by code.
OTHER_NAMES = {
    "AE": ["United Arab Emirates", "Emirates"],
    "AX": ["Aland", "Aland Islands"],
    "BA": ["Bosnia", "Bosnia-Herzegovina"],
    "BL": ["Saint Barthelemy", "Saint Barts"],
    "BN": ["Brunei Darussalam"],
    "BO": ["Plurinational State of Bolivia"],
    "BQ": ["Bonaire, Sint Eustatius and Saba"],
    "BS": ["The Bahamas"],
    "BY": ["Byelorussia"],
    "CC": ["Cocos (Keeling) Islands", "Keeling Islands"],
    "CD": [
        "Congo-Kinshasa",
        "Democratic Republic of Congo",
        "Democratic Republic of the Congo",
        "DR Congo",
        "DRC",
        "The Democratic Republic of the Congo",
        "Zaire",
    ],
    "CG": ["Congo", "Congo-Brazzaville", "Republic of Congo", "Republic of the Congo"],
    "CH": ["Swiss Confederation"],
    "CI": ["Cote d'Ivoire", "Ivory Coast"],
    "CN": ["Mainland China", "People's Republic of China"],
    "CV": ["Cabo Verde", "Cape Verde"],
    "CZ": ["Czech Republic", "Czechia"],
    "DE": ["Federal Republic of Germany"],
    "FK": ["Falkland Islands (Malvinas)", "Malvinas"],
    "FM": ["Federated States of Micronesia"],
    "FR": ["French Republic"],
    "GB": [
        "Britain",
        "England",
        "Great Britain",
        "Northern Ireland",
        "Scotland",
        "United Kingdom of Great Britain and Northern Ireland",
        "Wales",
    ],
    "GM": ["The Gambia"],
    "GR": ["Hellas", "Hellenic Republic"],
    "GW": ["Guinea Bissau"],
    "HK": ["Hong Kong SAR", "Hong Kong SAR China"],
    "HM": ["Heard Island and McDonald Islands"],
    "IE": ["Eire", "Republic of Ireland"],
    "IR": ["Islamic Republic of Iran", "Persia"],
    "KG": ["Kyrgyz Republic"],
    "KN": ["Saint Kitts and Nevis"],
    "KP": ["Korea (North)", "Democratic People's Republic of Korea", "DPRK"],
    "KR": ["Korea", "Korea (South)", "Republic of Korea"],
    "LA": ["Lao", "Lao PDR", "Lao People's Democratic Republic"],
    "LC": ["Saint Lucia"],
    "LY": ["Libyan Arab Jamahiriya", "State of Libya"],
    "MD": ["Moldavia", "Republic of Moldova"],
    "MF": ["Saint Martin (French part)"],
    "MK": ["Macedonia", "Republic of North Macedonia"],
    "MM": ["Burma"],
    "MO": ["Macao", "Macao SAR", "Macao SAR China", "Macau"],
    "MX": ["United Mexican States"],
    "NL": ["Holland", "Kingdom of the Netherlands", "The Netherlands"],
    "NZ": ["Aotearoa"],
    "PH": ["The Philippines"],
    "PL": ["Republic of Poland"],
    "PM": ["Saint Pierre and Miquelon"],
    "PN": ["Pitcairn Islands"],
    "PS": ["Palestinian Territories", "State of Palestine"],
    "PT": ["Portuguese Republic"],
    "RE": ["Reunion"],
    "RU": ["Russian Federation"],
    "SH": ["Saint Helena", "Saint Helena, Ascension and Tristan da Cunha"],
    "SK": ["Slovak Republic"],
    "ST": ["Sao Tome and Principe"],
    "SX": ["Sint Maarten (Dutch part)"],
    "SY": ["Syrian Arab Republic"],
    "SZ": ["Swaziland"],
    "TL": ["East Timor", "Timor-Leste"],
    "TR": ["Republic of Turkiye", "Turkey", "Turkiye"],
    "TW": ["Chinese Taipei", "Republic of China", "Taiwan, Province of China"],
    "TZ": ["United Republic of Tanzania"],
    "US": ["America", "United States", "United States of America"],
    "UM": ["United States Minor Outlying Islands"],
    "VA": ["Holy See", "Holy See (Vatican City State)", "Vatican", "Vatican City State"],
    "VC": ["Saint Vincent", "Saint Vincent and the Grenadines"],
    "VE": ["Bolivarian Republic of Venezuela"],
    "VG": ["Virgin Islands (British)"],
    "VI": ["United States Virgin Islands", "Virgin Islands (US)"],
    "VN": ["Viet Nam"],
    "WS": ["Western Samoa"],
}

# What an official name begins with before the name that people use.
_FORMS = re.compile(r"^(the )?((republic|kingdom|state|commonwealth|principality) of )?(the )?")


@cache
def _codes_by_name() -> dict[str, str]:
    others = {name: code for code, names in OTHER_NAMES.items() for name in names}
    names = others | {name: code for code, name in countries().items()}
    return {_key(name): code for name, code in names.items()}


def _key(name: str) -> str:
    """What names of one country have in common: case, accents, “St.” and “&” make no difference."""
    key = lookup_key(name.replace("&", " and "))
    return re.sub(r"\bst\b", "saint", " ".join(re.sub(r"[^\w]+", " ", key).split()))


def code_of(typed: str) -> str:
    """Return the code of a country that somebody named by code or in English.

    Anything else comes back as it was typed, in capitals: it is none of `countries()`.
    """
    code = typed.upper()
    if code in countries():
        return code
    # Official lists write "Moldova, Republic of".
    head, comma, tail = typed.partition(",")
    for name in (typed, f"{tail} {head}" if comma else typed):
        key = _key(name)
        # A republic or kingdom "of" a name is the country of that name, unless it has its own.
        found = _codes_by_name().get(key) or _codes_by_name().get(_FORMS.sub("", key))
        if found:
            return found
    return code


def likely_code(typed: str) -> str:
    """Return the code that somebody most likely meant who typed what `code_of` does not know."""
    if typed.upper() in OTHER_CODES:
        return OTHER_CODES[typed.upper()]
    alike = get_close_matches(_key(typed), _codes_by_name(), n=1, cutoff=0.8)
    return _codes_by_name()[alike[0]] if alike else ""


def country_choices() -> list[tuple[str, str]]:
    """For a form's `choices`, with a first line for none."""
    return [("", _("Not given")), *countries().items()]
