"""Cite a publication as a line of text, BibTeX, RIS or CSL-JSON.

Styles sort and abbreviate by family name, so the formats for programs have family and given name
apart (`catalogue/author_names.py`).
"""

import json
from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from catalogue.author_names import Name, name_of
from workinggroups.deliverables.models import Publication

# The macros of BibTeX's own styles, which each style writes in its own language.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # BibTeX counts braces whether or not a backslash precedes them.
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
    """Return the permanent address of exactly this version."""
    path = f"/catalogue/{publication.identifier}/{publication.number}/"
    return f"{settings.SITE_URL}{path}"


def publisher() -> str:
    return str(settings.SITE_NAME)


def plain(publication: Publication) -> str:
    """Return one line, as in a list of references."""
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
    """Return a `@techreport`; braces keep the title's capitals and undivided names."""
    fields = {
        "author": f"{{{' and '.join(map(_bibtex_name, _authors(publication)))}}}",
        "title": f"{{{{{_tex(publication.title)}}}}}",
        "institution": f"{{{{{_tex(publisher())}}}}}",
        "number": f"{{{_tex(publication.identifier)}}}",
        "type": f"{{{_tex(publication.get_kind_display())}}}",
        "year": f"{{{publication.published_on.year}}}",
        "month": MONTHS[publication.published_on.month - 1],
        "note": f"{{{_tex(f'Version {publication.number}')}}}",
        "url": f"{{{address(publication)}}}",
    }
    key = f"{publication.identifier}-{publication.number}".replace(".", "-").lower()
    body = "".join(f"  {name} = {value},\n" for name, value in fields.items())
    return f"@techreport{{{key},\n{body}}}\n"


def ris(publication: Publication) -> str:
    """Return the tagged lines; names as "Family, Given"."""
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
    """Return a CSL-JSON list with one item."""
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


# By ending of the address: the media type, and the function that makes the text.
FORMATS: dict[str, tuple[str, Callable[[Publication], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", ris),
    "json": ("application/vnd.citationstyles.csl+json; charset=utf-8", csl),
    "txt": ("text/plain; charset=utf-8", plain),
}


def author_names(publication: Publication) -> list[str]:
    """Return the authors' names as they write them; without authors, the group's or the publisher's."""
    names = [" ".join(author["name"].split()) for author in publication.authors]
    return names or [publication.group_name or publisher()]


def _authors(publication: Publication) -> list[Name]:
    if not publication.authors:
        return [Name(author_names(publication)[0])]
    return [name_of(name) for name in author_names(publication)]


def _bibtex_name(name: Name) -> str:
    """ "{von Neumann}, {John}": in braces, BibTeX does not parse "and", commas and particles."""
    parts = [name.family, name.suffix, name.given]
    return ", ".join(f"{{{_tex(part)}}}" for part in parts if part)


def _ris_name(name: Name) -> str:
    """ "Neumann, John, Jr."; a comma inside a part would divide it, so it becomes a space."""
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
