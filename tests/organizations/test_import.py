"""Members from a file: a trial run that names every fault, then all lines or none."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common.errors import Invalid, NotAllowed
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
        ("A,,company,,XX,,,", "country"),
        ("A,,company,,,javascript:alert(1),,", "website"),
        ("A,,company,,,,someone@a.example,", "domains"),
        ("A,,company,,,,,5.12.2023", "member_since"),
        ("A,,company,,,,,2999-01-01", "member_since"),
        ("A" * 121 + ",,company,,,,,", "name"),
        ("A,,company,,,,,,too,many", ""),
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
    assert "1 line, no fault." in trial.content.decode()
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
