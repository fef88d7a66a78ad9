"""What reference managers read in our citations: each name in its parts, and all words as typed."""

import json
from datetime import datetime
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares
from pylatexenc.latex2text import LatexNodes2Text

from catalogue import citations
from catalogue.author_names import name_of
from workinggroups.deliverables.choices import DeliverableKind
from workinggroups.deliverables.models import Publication

# As typed, and as they stand in a list of references: family name, given names, suffix.
NAMES = [
    ("Mira Sandström", ("Sandström", "Mira", "")),
    ("Åse Marie Strøm", ("Strøm", "Åse Marie", "")),
    ("Johan von der Berg", ("von der Berg", "Johan", "")),
    ("Amal bin Rashid al Noor", ("bin Rashid al Noor", "Amal", "")),
    ("Ruth Okoye, Jr.", ("Okoye", "Ruth", "Jr.")),
    ("Ruth Okoye III", ("Okoye", "Ruth", "III")),
    ("山田 太郎", ("山田", "太郎", "")),
    ("김 민수", ("김", "민수", "")),
    ("山田太郎", ("山田太郎", "", "")),
    ("Sukarno", ("Sukarno", "", "")),
    ("Ann and Bo", ("and Bo", "Ann", "")),
    ("Åse {Strøm} & 50% #1_a ~^\\", ("~^\\", "Åse {Strøm} & 50% #1_a", "")),
]


def publication(day: str = "2026-11-28", authors: list[str] | None = None, **fields: Any) -> Any:
    names = [written for written, _parts in NAMES] if authors is None else authors
    return Publication(
        **{
            "identifier": "AS-1",
            "number": "1.0",
            "title": "The {State} of 100 % of\n#tests_done & \\more",
            "kind": DeliverableKind.STANDARD,
            "published_at": datetime.fromisoformat(f"{day}T12:00:00+00:00"),
            "authors": [{"name": name, "organization": ""} for name in names],
            "group_name": "Trust and Benchmarks",
            **fields,
        }
    )


def read_bibtex(text: str) -> Any:
    library = bibtexparser.parse_string(
        text,
        append_middleware=[
            middlewares.SeparateCoAuthors(),
            middlewares.SplitNameParts(),
        ],
    )
    assert library.failed_blocks == []
    return library.entries[0].fields_dict


def plain(text: str) -> str:
    """Return what TeX would print of it; the reader here does not know all signs of TeX."""
    for command, sign in (("textbraceleft", r"\{"), ("textbraceright", r"\}")):
        text = text.replace(f"\\{command}{{}}", sign)
    return str(LatexNodes2Text().latex_to_text(text)).replace("ˆ", "^")


@pytest.mark.parametrize(("written", "parts"), NAMES)
def test_a_name_has_its_parts(written: str, parts: tuple[str, str, str]) -> None:
    assert tuple(name_of(written)) == parts


def test_bibtex_has_names_apart_and_the_month_as_a_macro() -> None:
    made = publication()
    text = citations.bibtex(made)

    fields = read_bibtex(text)

    found = [
        (" ".join([*name.von, *name.last]), " ".join(name.first), " ".join(name.jr))
        for name in fields["author"].value
    ]
    assert [tuple(map(plain, name)) for name in found] == [parts for _written, parts in NAMES]
    assert plain(fields["title"].value) == " ".join(made.title.split())
    assert "\n  month = nov,\n" in text
    assert text.count("{") == text.count("}")


def test_each_month_is_one_that_bibtex_knows() -> None:
    for month in range(1, 13):
        text = citations.bibtex(publication(f"2026-{month:02}-28"))
        reader = [middlewares.MonthIntMiddleware()]
        library = bibtexparser.parse_string(text, append_middleware=reader)
        assert library.entries[0].fields_dict["month"].value == month


def test_ris_and_csl_have_names_apart() -> None:
    ris = rispy.loads(citations.ris(publication()))[0]
    csl = json.loads(citations.csl(publication()))[0]

    for author, item, (_written, (family, given, suffix)) in zip(
        ris["authors"], csl["author"], NAMES, strict=True
    ):
        assert author == ", ".join(filter(None, (family, given, suffix)))
        expected = {"family": family, "given": given, "suffix": suffix}
        expected = {key: part for key, part in expected.items() if part}
        assert item == (expected if given else {"literal": family})
    assert (ris["year"], ris["date"]) == ("2026", "2026/11/28")


def test_a_body_that_is_the_author_stands_whole() -> None:
    made = publication(authors=[])

    names = read_bibtex(citations.bibtex(made))["author"].value

    assert [(plain(" ".join(name.last)), name.first) for name in names] == [
        ("Trust and Benchmarks", [])
    ]
    assert rispy.loads(citations.ris(made))[0]["authors"] == ["Trust and Benchmarks"]
    assert json.loads(citations.csl(made))[0]["author"] == [{"literal": "Trust and Benchmarks"}]
