"""Members as CSV: read for an import with every fault named by line and column, and written."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from common import days
from common.names import equality_key, look_alike_keys, name_words
from common.vocabulary.countries import countries
from members.organizations.choices import IMPORT_ROWS_MAX, Kind
from members.organizations.models import Organization, OrganizationDomain, OrganizationName

REQUIRED_COLUMNS = ["name", "kind"]
COLUMNS = ["name", "legal_name", "kind", "sector", "country", "website", "domains", "member_since"]
FIRST_YEAR = 1900
LONGEST = {"name": 120, "legal_name": 200, "sector": 80, "website": 200}


@dataclass(frozen=True, slots=True)
class Row:
    """One member to be, as its line says it. `line` counts the heading as line 1."""

    line: int
    name: str
    legal_name: str
    kind: str
    sector: str
    country: str
    website: str
    domains: tuple[str, ...]
    member_since: date | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot be imported, and in which column; line 0 is the file itself."""

    line: int
    column: str
    message: str


@dataclass(slots=True)
class Reading:
    """What a file says: rows to import, or faults, in which case nothing may be imported.

    Warnings, such as a name much like that of an organization we have, forbid nothing.
    """

    today: date
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def fault(self, line: int, column: str, message: str) -> None:
        self.faults.append(Fault(line, column, message))

    def warn(self, line: int, column: str, message: str) -> None:
        """Say what somebody should look at, without keeping the file from being imported."""
        self.warnings.append(Fault(line, column, message))


def read(text: str, *, zone: str = "UTC") -> Reading:
    """The rows of a CSV text with a heading, checked against each other and the members we have.

    A day may be as late as today in `zone`, the IANA zone of the person who imports. Domains are
    separated by spaces or semicolons. Empty cells are allowed but for name and kind.
    """
    reading = Reading(today=days.today_in(zone))
    lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), restkey="+")
    try:
        _read_lines(lines, reading)
    except csv.Error as error:
        reading.fault(lines.line_num, "", _("This is not CSV: %(error)s.") % {"error": error})
    if not reading.rows and not reading.faults:
        reading.fault(0, "", _("The file has no lines below its heading."))
    _compare(reading)
    return reading


def write(organizations: Iterable[Organization]) -> str:
    """The public facts of these organizations as CSV, in the columns that an import reads.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    columns = ["name", "legal_name", "kind", "sector", "country", "website"]
    writer.writerow(columns)
    for organization in organizations:
        writer.writerow([_cell(str(getattr(organization, column))) for column in columns])
    return sheet.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _read_lines(lines: "csv.DictReader[str]", reading: Reading) -> None:
    heading = [(name or "").strip().lower() for name in lines.fieldnames or []]
    lines.fieldnames = heading
    for column in REQUIRED_COLUMNS:
        if column not in heading:
            reading.fault(1, column, _("The heading lacks this column."))
    for column in heading:
        if column not in COLUMNS:
            words = _("Unknown column. Known are: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
            reading.fault(1, column, words)
    if reading.faults:
        return
    for cells in lines:
        if len(reading.rows) >= IMPORT_ROWS_MAX:
            words = _("A file has at most %(rows)d lines. Split it.") % {"rows": IMPORT_ROWS_MAX}
            reading.fault(lines.line_num, "", words)
            return
        if "+" in cells:
            reading.fault(lines.line_num, "", _("This line has more cells than the heading."))
            continue
        reading.rows.append(_row(lines.line_num, cells, reading))


def _row(line: int, cells: dict[str, str | None], reading: Reading) -> Row:
    def cell(column: str) -> str:
        return " ".join((cells.get(column) or "").split())

    for column, longest in LONGEST.items():
        if len(cell(column)) > longest:
            words = _("At most %(longest)d characters.") % {"longest": longest}
            reading.fault(line, column, words)
    if not cell("name"):
        reading.fault(line, "name", _("A member needs a name."))
    kind = cell("kind").lower()
    if kind not in Kind.values:
        words = _("One of: %(kinds)s.") % {"kinds": ", ".join(Kind.values)}
        reading.fault(line, "kind", words)
    country = cell("country").upper()
    if country and country not in countries():
        reading.fault(line, "country", _("Two letters, as in ISO 3166-1: CH, JP, US."))
    website = cell("website")
    if website:
        try:
            URLValidator(schemes=["http", "https"])(website)
        except ValidationError:
            reading.fault(line, "website", _("A full address, beginning with https://."))
    return Row(
        line=line,
        name=cell("name"),
        legal_name=cell("legal_name"),
        kind=kind,
        sector=cell("sector"),
        country=country,
        website=website,
        domains=tuple(_domains(line, cell("domains"), reading)),
        member_since=_day(line, cell("member_since"), reading),
    )


def _domains(line: int, cell: str, reading: Reading) -> Iterator[str]:
    for domain in cell.lower().replace(";", " ").split():
        if "@" in domain or "." not in domain:
            words = _("“%(domain)s” is not a mail domain.") % {"domain": domain}
            reading.fault(line, "domains", words)
        else:
            yield domain


def _day(line: int, cell: str, reading: Reading) -> date | None:
    if not cell:
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        reading.fault(line, "member_since", _("A day such as 2023-12-05."))
        return None
    if day > reading.today:
        reading.fault(line, "member_since", _("This day is still to come."))
        return None
    if day.year < FIRST_YEAR:
        words = _("Choose a day since the year %(year)d.") % {"year": FIRST_YEAR}
        reading.fault(line, "member_since", words)
        return None
    return day


def _look_alike(row: Row, known_looks: dict[str, str]) -> str | None:
    """A name we have, also a legal or a former one, that one of the row's looks like."""
    keys = look_alike_keys(row.name) | look_alike_keys(row.legal_name)
    return next((known_looks[key] for key in sorted(keys) if key in known_looks), None)


def _compare(reading: Reading) -> None:
    """Names and domains are each used once, in the file and with the organizations we have."""
    names = list(Organization.objects.values_list("name", flat=True))
    known_names = {equality_key(name): name for name in names}
    known_words = {name_words(name): name for name in names}
    every = [*names, *Organization.objects.values_list("legal_name", flat=True)]
    every += OrganizationName.objects.values_list("name", flat=True)
    known_looks = {key: name for name in every for key in look_alike_keys(name)}
    known_domains = set(OrganizationDomain.objects.values_list("domain", flat=True))
    lines_by_name: dict[str, int] = {}
    lines_by_domain: dict[str, int] = {}
    for row in reading.rows:
        key = equality_key(row.name)
        if key in known_names:
            words = _("We have an organization of this name: %(name)s.") % {
                "name": known_names[key]
            }
            reading.fault(row.line, "name", words)
        elif key and key in lines_by_name:
            words = _("Line %(line)d has the same name.") % {"line": lines_by_name[key]}
            reading.fault(row.line, "name", words)
        elif alike := known_words.get(name_words(row.name)) or _look_alike(row, known_looks):
            words = _("We have an organization called “%(name)s”. Is it another one?")
            reading.warn(row.line, "name", words % {"name": alike})
        lines_by_name.setdefault(key, row.line)
        for domain in row.domains:
            said = {"domain": domain, "line": lines_by_domain.get(domain, 0)}
            if domain in known_domains:
                message = _("%(domain)s belongs to an organization we have.") % said
                reading.fault(row.line, "domains", message)
            elif domain in lines_by_domain:
                message = _("Line %(line)d has %(domain)s too.") % said
                reading.fault(row.line, "domains", message)
            lines_by_domain.setdefault(domain, row.line)
