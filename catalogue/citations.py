"""How a publication is cited: as a line of text, BibTeX, RIS and CSL-JSON.

Styles sort and shorten by family names, so the formats for programs have family and given names
apart (`catalogue/author_names.py`). A name that is not of that kind stands whole.
"""

import json
from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from catalogue.author_names import Name, name_of
from workinggroups.deliverables.models import Publication

# By ending: the media type, and what makes the text.
Make = Callable[[Publication], str]

# As BibTeX's own styles define them.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # BibTeX counts braces whether or not a backslash stands before them.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def address(publication: Publication) -> str:
    """The lasting address of exactly this version."""
    path = f"/catalogue/{publication.identifier}/{publication.number}/"
    return f"{settings.SITE_URL}{path}"


def publisher() -> str:
    return str(settings.SITE_NAME)


def plain(publication: Publication) -> str:
    """One line, as in a list of references."""
    return _(
        "%(authors)s (%(year)d). %(title)s, version %(number)s. %(by)s %(kind)s %(id)s. %(url)s"
    ) % {
        "authors": _and(author_names(publication)),
        "year": publication.published_on.year,
        "title": publication.title,
        "number": publication.number,
        "by": publisher(),
        "kind": publication.get_kind_display().lower(),
        "id": publication.identifier,
        "url": address(publication),
    }


def bibtex(publication: Publication) -> str:
    """Return a `@techreport`; braces keep the title's capitals and whole names whole."""
    month = MONTHS[publication.published_on.month - 1]
    fields = {
        "author": f"{{{' and '.join(map(_bibtex_name, _authors(publication)))}}}",
        "title": f"{{{{{_tex(publication.title)}}}}}",
        "institution": f"{{{{{_tex(publisher())}}}}}",
        "number": f"{{{_tex(publication.identifier)}}}",
        "type": f"{{{_tex(publication.get_kind_display())}}}",
        "year": f"{{{publication.published_on.year}}}",
        # The name of a macro, which each style writes in its own language.
        "month": month,
        "note": f"{{{_tex(f'Version {publication.number}')}}}",
        "url": f"{{{address(publication)}}}",
    }
    key = f"{publication.identifier}-{publication.number}".replace(".", "-").lower()
    body = "".join(f"  {name} = {value},\n" for name, value in fields.items())
    return f"@techreport{{{key},\n{body}}}\n"


def ris(publication: Publication) -> str:
    """Return the tagged lines, with the family name first and a comma behind it."""
    lines = [
        ("TY", "RPRT"),
        *(("AU", _ris_name(name)) for name in _authors(publication)),
        ("TI", publication.title),
        ("PY", str(publication.published_on.year)),
        ("DA", publication.published_on.strftime("%Y/%m/%d")),
        ("ET", publication.number),
        ("SN", publication.identifier),
        ("PB", publisher()),
        ("UR", address(publication)),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines)


def csl(publication: Publication) -> str:
    """Return a list of one item of CSL-JSON."""
    day = publication.published_on
    item = {
        "id": f"{publication.identifier}-{publication.number}",
        "type": "report",
        "genre": publication.get_kind_display(),
        "title": publication.title,
        "author": [_csl_name(name) for name in _authors(publication)],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "number": publication.identifier,
        "version": publication.number,
        "publisher": publisher(),
        "URL": address(publication),
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, tuple[str, Make]] = {
    "bib": ("application/x-bibtex; charset=utf-8", bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", ris),
    "json": ("application/vnd.citationstyles.csl+json; charset=utf-8", csl),
    "txt": ("text/plain; charset=utf-8", plain),
}


def author_names(publication: Publication) -> list[str]:
    """Return the names as the authors write them; those of the group or ours where nobody is named."""
    names = [" ".join(author["name"].split()) for author in publication.authors]
    return names or [publication.group_name or publisher()]


def _authors(publication: Publication) -> list[Name]:
    if not publication.authors:
        return [Name(author_names(publication)[0])]
    return [name_of(name) for name in author_names(publication)]


def _bibtex_name(name: Name) -> str:
    """ "{von Neumann}, {John}": braces keep "and", commas and particles from being read as signs."""
    parts = [name.family, name.suffix, name.given]
    return ", ".join(f"{{{_tex(part)}}}" for part in parts if part)


def _ris_name(name: Name) -> str:
    """ "Neumann, John, Jr.": family, given, suffix. A comma inside a part would divide it."""
    parts = [name.family, name.given, name.suffix]
    if not name.given:
        return name.family
    return ", ".join(part.replace(",", " ") for part in parts if part)


def _csl_name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {key: part for key, part in parts.items() if part}


def _and(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _tex(text: str) -> str:
    return " ".join(text.split()).translate(_LATEX)
