"""How a publication is cited: as a line of text, BibTeX, RIS and CSL-JSON.

Names are given as the author writes them. Splitting a name into given and family would be wrong
for many of them, so formats that can carry a whole name get the whole name.
"""

import json
from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from workinggroups.deliverables.models import Publication

# By ending: the media type, and what makes the text.
Make = Callable[[Publication], str]

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
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
        "authors": _and(_names(publication)),
        "year": publication.published_on.year,
        "title": publication.title,
        "number": publication.number,
        "by": publisher(),
        "kind": publication.get_kind_display().lower(),
        "id": publication.identifier,
        "url": address(publication),
    }


def bibtex(publication: Publication) -> str:
    """A `@techreport`; braces keep each name whole and the title's capitals."""
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in _names(publication)),
        "title": f"{{{_tex(publication.title)}}}",
        "institution": _tex(publisher()),
        "number": _tex(publication.identifier),
        "type": _tex(publication.get_kind_display()),
        "year": str(publication.published_on.year),
        "month": str(publication.published_on.month),
        "note": _tex(f"Version {publication.number}"),
        "url": address(publication),
    }
    key = f"{publication.identifier}-{publication.number}".replace(".", "-").lower()
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@techreport{{{key},\n{body}}}\n"


def ris(publication: Publication) -> str:
    lines = [
        ("TY", "RPRT"),
        *(("AU", name) for name in _names(publication)),
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
    day = publication.published_on
    item = {
        "id": f"{publication.identifier}-{publication.number}",
        "type": "report",
        "genre": publication.get_kind_display(),
        "title": publication.title,
        "author": [{"literal": name} for name in _names(publication)],
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


def _names(publication: Publication) -> list[str]:
    return [" ".join(author["name"].split()) for author in publication.authors]


def _and(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _tex(text: str) -> str:
    return " ".join(text.split()).translate(_LATEX)
