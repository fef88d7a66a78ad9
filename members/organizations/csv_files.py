"""Members as CSV: read for an import, with each error by line and column, and written."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from common import days
from common.files.csv_cells import csv_text, unprotected
from common.files.tables import heading_key, lines_of_text
from common.mail.spelling import spelled_domain
from common.names import equality_key, likeness_keys
from common.unseen import fault_of
from common.vocabulary.countries import code_of, countries, country_name, likely_code
from members.organizations.choices import IMPORT_ROWS_MAX, Kind
from members.organizations.models import Membership, Organization, OrganizationDomain
from members.organizations.queries import names_on_record

REQUIRED_COLUMNS = ["name", "kind"]
COLUMNS = ["name", "legal_name", "kind", "sector", "country", "website", "domains", "member_since"]
FIRST_YEAR = 1900
LONGEST = {"name": 120, "legal_name": 200, "sector": 80, "website": 200}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file, a future member. `line` counts the heading as line 1."""

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
    """Why a line cannot be imported, and in which column; line 0 means the whole file."""

    line: int
    column: str
    message: str


@dataclass(slots=True)
class Reading:
    """The rows of a file, its faults, any of which forbids the import, and its warnings.

    A warning, such as a name much like that of an organization on record, does not forbid it.
    """

    today: date
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def fault(self, line: int, column: str, message: str) -> None:
        self.faults.append(Fault(line, column, message))

    def warn(self, line: int, column: str, message: str) -> None:
        self.warnings.append(Fault(line, column, message))


def read(text: str, *, zone: str = "UTC") -> Reading:
    """Read CSV with a heading; compare its rows with each other and the organizations on record.

    The latest day allowed is today in `zone`, the IANA zone of the person who imports. Domains are
    separated by spaces or semicolons. Only name and kind must be filled in.
    """
    reading = parse(text, zone=zone)
    _compare(reading)
    return reading


def parse(text: str, *, zone: str = "UTC") -> Reading:
    """Read the rows of CSV with a heading, without the database."""
    reading = Reading(today=days.today_in(zone))
    line = 0
    try:
        heading: list[str] | None = None
        for line, cells in lines_of_text(text, COLUMNS):
            if not any(cell.strip() for cell in cells):
                continue
            if heading is None:
                heading = _heading(line, cells, reading)
                if reading.faults:
                    return reading
            elif len(reading.rows) >= IMPORT_ROWS_MAX:
                message = _("A file can have at most %(rows)d lines. Split it into several files.")
                reading.fault(line, "", message % {"rows": IMPORT_ROWS_MAX})
                return reading
            elif any(cell.strip() for cell in _unnamed(cells, heading)):
                reading.fault(line, "", _("This line has more cells than the heading."))
            else:
                reading.rows.append(_row(line, dict(zip(heading, cells, strict=False)), reading))
    except csv.Error as error:
        reading.fault(line + 1, "", _("This is not valid CSV: %(error)s.") % {"error": error})
    if heading is None and not reading.faults:
        _heading(1, [], reading)
    if not reading.rows and not reading.faults:
        reading.fault(0, "", _("The file has no lines below its heading."))
    return reading


def write(organizations: Iterable[Organization], *, with_domains: bool = False) -> str:
    """Return these organizations as CSV in the columns that an import reads.

    Mail domains decide who can join an organization, so they are filled in only with
    `with_domains`. A cell that a spreadsheet would take for a formula begins with an apostrophe,
    which the import removes, so that it reads the same values back.
    """
    first_days = _first_days(organizations)
    domains = _domains_of(organizations) if with_domains else {}
    rows = [
        (
            organization.name,
            organization.legal_name,
            organization.kind,
            organization.sector,
            organization.country,
            organization.website,
            " ".join(domains.get(organization.pk, [])),
            first_days[organization.pk].isoformat() if organization.pk in first_days else "",
        )
        for organization in organizations
    ]
    return write_rows(rows)


def write_rows(rows: Iterable[Sequence[str]]) -> str:
    """Return CSV with the heading and these rows, whose cells are in the order of `COLUMNS`."""
    return csv_text(COLUMNS, rows)


def _first_days(organizations: Iterable[Organization]) -> dict[int | None, date]:
    memberships = Membership.objects.inside().filter(organization__in=organizations)
    return dict(memberships.values_list("organization_id", "joined_on"))


def _domains_of(organizations: Iterable[Organization]) -> dict[int, list[str]]:
    domains: dict[int, list[str]] = defaultdict(list)
    rows = OrganizationDomain.objects.filter(organization__in=organizations).order_by("domain")
    for organization_id, domain in rows.values_list("organization_id", "domain"):
        domains[organization_id].append(domain)
    return domains


def _heading(line: int, cells: Sequence[str], reading: Reading) -> list[str]:
    """Return the keys of the columns, "" for one without a name, whose cells must be empty."""
    heading = [heading_key(cell) for cell in cells]
    for column in REQUIRED_COLUMNS:
        if column not in heading:
            reading.fault(line, column, _("This column is missing from the heading."))
    for column in dict.fromkeys(heading):
        if column and column not in COLUMNS:
            message = _("Unknown column. Use only: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
            reading.fault(line, column, message)
        elif column and heading.count(column) > 1:
            reading.fault(line, column, _("This column is in the heading twice."))
    return heading


def _unnamed(cells: Sequence[str], heading: Sequence[str]) -> list[str]:
    """Return the cells of columns without a name."""
    return [cell for place, cell in enumerate(cells) if place >= len(heading) or not heading[place]]


def _row(line: int, cells: dict[str, str], reading: Reading) -> Row:
    def cell(column: str) -> str:
        return unprotected(" ".join(cells.get(column, "").split()))

    for column, longest in LONGEST.items():
        if len(cell(column)) > longest:
            message = _("Use at most %(longest)d characters.") % {"longest": longest}
            reading.fault(line, column, message)
    for column in LONGEST:
        if fault := fault_of(cell(column)):
            reading.fault(line, column, fault)
    if not cell("name"):
        reading.fault(line, "name", _("Enter a name."))
    kind = cell("kind").lower()
    if kind not in Kind.values:
        message = _("Use one of: %(kinds)s.") % {"kinds": ", ".join(Kind.values)}
        reading.fault(line, "kind", message)
    country = code_of(cell("country"))
    if country not in {"", *countries()}:
        reading.fault(line, "country", _country_fault(cell("country")))
    website = cell("website")
    if website:
        try:
            URLValidator(schemes=["http", "https"])(website)
        except ValidationError:
            message = _("Enter a full address, starting with https://.")
            reading.fault(line, "website", message)
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


def _country_fault(cell: str) -> str:
    if code := likely_code(cell):
        values = {"cell": cell, "code": code, "name": country_name(code)}
        return _("“%(cell)s” is not a country code. Did you mean %(code)s (%(name)s)?") % values
    message = _("We do not know the country “%(cell)s”. Use its ISO 3166-1 code, such as CH or JP.")
    return message % {"cell": cell}


def _domains(line: int, cell: str, reading: Reading) -> Iterator[str]:
    for domain in map(spelled_domain, cell.replace(";", " ").split()):
        if "@" in domain or "." not in domain:
            message = _("“%(domain)s” is not an e-mail domain.") % {"domain": domain}
            reading.fault(line, "domains", message)
        else:
            yield domain


def _day(line: int, cell: str, reading: Reading) -> date | None:
    if not cell:
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        reading.fault(line, "member_since", _("Enter a day such as 2023-12-05."))
        return None
    if day > reading.today:
        reading.fault(line, "member_since", _("This day is in the future."))
        return None
    if day.year < FIRST_YEAR:
        message = _("Enter a day in %(year)d or later.") % {"year": FIRST_YEAR}
        reading.fault(line, "member_since", message)
        return None
    return day


def _compare(reading: Reading) -> None:
    """Report names and domains that occur twice in the file, or are on record already."""
    names = list(Organization.objects.values_list("name", flat=True))
    known_names = {equality_key(name): name for name in names}
    # Warn of the same names as when staff type one into a form.
    looks = {key: name for _pk, name in names_on_record() for key in likeness_keys(name)}
    in_file: dict[str, Row] = {}
    known_domains = set(OrganizationDomain.objects.values_list("domain", flat=True))
    lines_by_name: dict[str, int] = {}
    lines_by_domain: dict[str, int] = {}
    for row in reading.rows:
        key = equality_key(row.name)
        own_looks = sorted(likeness_keys(row.name) | likeness_keys(row.legal_name))
        if key in known_names:
            message = _("There is already an organization with this name: %(name)s.")
            reading.fault(row.line, "name", message % {"name": known_names[key]})
        elif key and key in lines_by_name:
            message = _("Line %(line)d has the same name.") % {"line": lines_by_name[key]}
            reading.fault(row.line, "name", message)
        elif alike := next((looks[look] for look in own_looks if look in looks), None):
            message = _("There is already an organization called “%(name)s”. Is this another one?")
            reading.warn(row.line, "name", message % {"name": alike})
        elif other := next((in_file[look] for look in own_looks if look in in_file), None):
            message = _("Line %(line)d has the similar name “%(name)s”. Is this another one?")
            reading.warn(row.line, "name", message % {"line": other.line, "name": other.name})
        in_file |= {look: row for look in own_looks if look not in in_file}
        lines_by_name.setdefault(key, row.line)
        for domain in row.domains:
            if domain in known_domains:
                message = _("%(domain)s already belongs to an organization.") % {"domain": domain}
                reading.fault(row.line, "domains", message)
            elif domain in lines_by_domain:
                message = _("Line %(line)d also has %(domain)s.")
                values = {"line": lines_by_domain[domain], "domain": domain}
                reading.fault(row.line, "domains", message % values)
            lines_by_domain.setdefault(domain, row.line)
