"""Members from a file: a trial run that names every fault, then all lines or none."""

import csv
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Invalid, NotAllowed
from common.files import tables
from common.unseen import fault_of
from members.organizations import csv_files
from members.organizations.actions import importing
from members.organizations.models import Membership, Organization
from members.people.models import Person
from tests import factories

HEADING = "name,legal_name,kind,sector,country,website,domains,member_since\n"
LINE = "Nordlys,Nordlys AS,company,data,NO,https://nordlys.example,nordlys.example,2023-12-05\n"


def test_a_right_file_becomes_members(staff: Person) -> None:
    importing.import_members(actor=staff, text=HEADING + LINE)

    organization = Organization.objects.get()
    membership = Membership.objects.get()
    assert organization.country == "NO"
    assert organization.domains.get().domain == "nordlys.example"
    assert membership.status == "active"
    assert membership.during.lower.isoformat() == "2023-12-05T00:00:00+00:00"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (",,company,,,,,", "name"),
        ("A,,shop,,,,,", "kind"),
        ("A,,company,,,javascript:alert(1),,", "website"),
        ("A,,company,,,,someone@a.example,", "domains"),
        ("A,,company,,,,,5.12.2023", "member_since"),
        ("A,,company,,,,,2999-01-01", "member_since"),
        ("A" * 121 + ",,company,,,,,", "name"),
        ("A,,company,,,,,,too,many", ""),
        ("A,,company,,XX,,,", "country"),
        ("A,,company,,Germnay,,,", "country"),
        ("nordlys,,company,,,,,", "name"),
        ("A,,company,,,,nordlys.example,", "domains"),
    ],
)
def test_a_fault_is_named_by_line_and_column(db: None, line: str, column: str) -> None:
    reading = csv_files.read(HEADING + LINE + line + "\n")

    assert [(fault.line, fault.column) for fault in reading.faults] == [(3, column)]


@pytest.mark.parametrize(
    ("text", "column"),
    [("name\nA\n", "kind"), ("name,kind,price\n", "price"), (HEADING, ""), ("", "name")],
)
def test_a_wrong_heading_or_an_empty_file_is_a_fault(db: None, text: str, column: str) -> None:
    assert csv_files.read(text).faults[0].column == column


def test_what_we_have_already_is_a_fault(db: None) -> None:
    known = factories.organization("NORDLYS", status=None)
    known.domains.create(domain="nordlys.example")

    reading = csv_files.read(HEADING + LINE)

    assert [fault.column for fault in reading.faults] == ["name", "domains"]


def test_one_fault_and_nothing_is_imported(staff: Person) -> None:
    with pytest.raises(Invalid):
        importing.import_members(actor=staff, text=HEADING + LINE + ",,company,,,,,\n")

    assert not Organization.objects.exists()


def test_only_staff_import(representative: Person) -> None:
    with pytest.raises(NotAllowed):
        importing.import_members(actor=representative, text=HEADING + LINE)


def test_the_trial_run_changes_nothing_and_the_second_step_imports(
    client_of: Callable[..., Client], staff: Person
) -> None:
    client = client_of(staff)
    upload = SimpleUploadedFile("members.csv", (HEADING + LINE).encode())

    trial = client.post(reverse("staff-import"), {"file": upload})
    before = Organization.objects.count()
    client.post(reverse("staff-import-confirm"), {"text": HEADING + LINE})

    assert trial.status_code == 200
    assert "1 line, no errors." in trial.content.decode()
    assert before == 0
    assert Organization.objects.count() == 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00A", b"name,kind\n\x00", b""])
def test_what_is_no_text_is_refused_with_a_sentence(
    client_of: Callable[..., Client], staff: Person, content: bytes
) -> None:
    upload = SimpleUploadedFile("members.csv", content)

    answer = client_of(staff).post(reverse("staff-import"), {"file": upload})

    assert answer.status_code == 422


def test_the_sample_file_is_without_fault(db: None) -> None:
    sample = Path(settings.BASE_DIR) / "docs" / "samples" / "launch-members.csv"

    reading = csv_files.read(sample.read_text(encoding="utf-8"))

    assert reading.faults == []
    assert len(reading.rows) == 57


def test_a_formula_in_a_name_is_written_as_text(db: None) -> None:
    factories.organization("=cmd()", slug="cmd", legal_name="+41 Ltd")

    rows = list(csv.reader(StringIO(csv_files.write(Organization.objects.all()))))

    assert rows[1][:2] == ["'=cmd()", "'+41 Ltd"]


def test_a_likely_code_is_proposed(db: None) -> None:
    said = {
        typed: csv_files.read(f"{HEADING}A,,company,,{typed},,,\n").faults[0].message
        for typed in ("Germnay", "Deutshland", "XX")
    }

    assert "Did you mean DE (Germany)?" in said["Deutshland"]
    assert "Did you mean DE (Germany)?" in said["Germnay"]
    assert said["XX"].startswith("We do not know the country “XX”.")


def test_pasted_lines_with_a_fault_come_back_to_be_mended(
    client_of: Callable[..., Client], staff: Person
) -> None:
    lines = HEADING + LINE.replace("company", "compny")

    answer = client_of(staff).post(reverse("staff-import"), {"text": lines})

    assert answer.status_code == 422
    assert answer.context["lines"]["text"].value() == lines
    assert "Fix the lines below" in answer.content.decode()


def test_a_country_may_be_named(db: None) -> None:
    for typed, code in (
        ("Switzerland", "CH"),
        ("viet nam", "VN"),
        ("Türkiye", "TR"),
        ("jp", "JP"),
        ("U.S.A.", "US"),
    ):
        reading = csv_files.read(f"{HEADING}A,,company,,{typed},,,\n")
        assert (reading.faults, reading.rows[0].country) == ([], code)


# --- tables as programs write them ---------------------------------------------------------------

TABLE = [
    ["Name", "Legal name", "kind", "Country", "domains", "member-since", "", ""],
    ["Åse; Bö, “x”", "Zürich é AG", "company", "Germany", "a.example;b.example", "2023-12-05", ""],
    ["", " ", "", "", "", "", "", "", ""],
    ["Two\nlines", "", "public", "GB", "", "", "", "", ""],
    [],
]


def as_csv(delimiter: str, ending: str = "\r\n") -> str:
    sheet = StringIO()
    csv.writer(sheet, delimiter=delimiter, lineterminator=ending).writerows(TABLE)
    return sheet.getvalue()


def as_workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    book.active["F2"] = datetime(2023, 12, 5)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


FILES = {
    "comma": as_csv(",").encode(),
    "semicolon": as_csv(";").encode(),
    "tab": as_csv("\t", "\n").encode(),
    "bar": as_csv("|").encode(),
    "said in the first line": b"sep=;\r\n" + as_csv(";").encode(),
    "byte order mark": as_csv(";").encode("utf-8-sig"),
    "UTF-16": as_csv("\t").encode("utf-16"),
    "UTF-16 without mark": as_csv("\t").encode("utf-16-le"),
    "Windows-1252": as_csv(";").encode("cp1252"),
    "workbook": as_workbook(),
}


@pytest.mark.parametrize("name", FILES)
def test_each_programs_table_is_read(
    client_of: Callable[..., Client], staff: Person, name: str
) -> None:
    upload = SimpleUploadedFile("members", FILES[name])

    answer = client_of(staff).post(reverse("staff-import"), {"file": upload})

    reading = answer.context["reading"]
    assert (answer.status_code, reading.faults) == (200, [])
    rows = [(row.name, row.legal_name, row.country, row.domains) for row in reading.rows]
    assert rows == [
        ("Åse; Bö, “x”", "Zürich é AG", "DE", ("a.example", "b.example")),
        ("Two lines", "", "GB", ()),
    ]
    assert reading.rows[0].member_since == date(2023, 12, 5)
    assert bool(reading.warnings) is (name == "Windows-1252")


def _bomb() -> bytes:
    content = BytesIO(as_workbook())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b" " * 50_000_000)
    return content.getvalue()


def _entities() -> bytes:
    """A workbook of some kilobytes whose one cell would be 300 MB of letters."""
    source, content = zipfile.ZipFile(BytesIO(as_workbook())), BytesIO()
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "{"x" * 3_000_000}">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
        f"{'&a;' * 100}</t></is></c></row></sheetData></worksheet>"
    )
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            archive.writestr(name, sheet if is_sheet else source.read(name))
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _bomb(),
        _entities(),
        b"PK\x03\x04 no archive",
        as_workbook()[:-900],
        FILES["UTF-16"] + b"\0",
        b"\x81,\x8d",
    ],
    ids=["bomb", "entities", "no archive", "cut", "half a letter", "no encoding"],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    client_of: Callable[..., Client], staff: Person, content: bytes
) -> None:
    answer = client_of(staff).post(
        reverse("staff-import"), {"file": SimpleUploadedFile("members.xlsx", content)}
    )

    assert answer.status_code == 422
    assert len(answer.context["form"].errors["file"]) == 1


HOSTILE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40
) | st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            ["=", "+", "-", "@", "＝", "＋", "－", "＠", "'", '"', ";", ",", "\t", "\n"]
        )
        | st.sampled_from(
            ["\r", "@Home", "sep=", "שלום", "\u202e", "é", "a", " ", "|", "\ufeff", "1"]
        ),
        max_size=8,
    ),
)


# What a name or a sector on record can be.
KEPT = HOSTILE.filter(lambda text: not fault_of(text.strip()))


@given(
    rows=st.lists(
        st.tuples(
            KEPT,
            KEPT,
            st.sampled_from(["company", "public"]),
            KEPT,
            st.sampled_from(["", "CH", "GB"]),
            st.sampled_from(["", "https://a.example/?q=1;2"]),
            st.sampled_from(["", "a.example b.example"]),
            st.sampled_from(["", "2023-12-05"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_exported_is_imported_as_it_was(rows: list[tuple[str, ...]]) -> None:
    rows = [(f"{name}x"[:100], *more) for name, *more in rows]
    text = csv_files.write_rows(rows).encode("utf-8-sig")

    assert not any(
        cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"))
        for row in csv.reader(StringIO(text.decode("utf-8-sig"), newline=""))
        for cell in row
    )
    reading = csv_files.parse(tables.decoded(text).text)

    assert reading.faults == []
    assert [
        (
            row.name,
            row.legal_name,
            row.kind,
            row.sector,
            row.country,
            row.website,
            " ".join(row.domains),
            row.member_since.isoformat() if row.member_since else "",
        )
        for row in reading.rows
    ] == [tuple(" ".join(cell.split()) for cell in row) for row in rows]


def test_the_public_file_has_all_columns_and_mail_domains_for_staff_alone(
    client: Client, client_of: Callable[..., Client], staff: Person
) -> None:
    importing.import_members(actor=staff, text=HEADING + LINE)

    public, full = (one.get(reverse("members-csv")).content for one in (client, client_of(staff)))

    assert [one[:3] for one in (public, full)] == [b"\xef\xbb\xbf"] * 2
    heading, row = csv.reader(StringIO(public.decode("utf-8-sig")))
    assert heading == csv_files.COLUMNS
    assert row == LINE.strip().replace("nordlys.example,2023", ",2023").split(",")
    assert full.decode("utf-8-sig").splitlines() == [HEADING.strip(), LINE.strip()]


@pytest.mark.parametrize("name", ["Acme;=1+1", "Acme|=1+1", "Acme,=1+1", 'Acme"', 'a;"b'])
def test_no_part_of_a_name_is_a_cell_where_programs_divide_otherwise(name: str) -> None:
    row = [name, "Acme", "company", "", "DE", "", "", ""]

    text = csv_files.write_rows([row])

    for delimiter in ",;|\t":
        cells = next(csv.reader([text.splitlines()[1]], delimiter=delimiter))
        assert not any(cell.startswith("=") for cell in cells)
    assert list(csv.reader(StringIO(text)))[1] == row
