"""Members as CSV: read for an import with every fault named by line and column, and written."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from common import days
from common.files.tables import DELIMITERS, heading_key, lines_of_text
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
    """Read CSV with a heading; check its rows against each other and the organizations we have.

    A day may be as late as today in `zone`, the IANA zone of the person who imports. Domains are
    separated by spaces or semicolons. Empty cells are allowed but for name and kind.
    """
    reading = parse(text, zone=zone)
    _compare(reading)
    return reading


def parse(text: str, *, zone: str = "UTC") -> Reading:
    """Read the rows of CSV with a heading. Asks the database nothing."""
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
                words = _("A file has at most %(rows)d lines. Split it.")
                reading.fault(line, "", words % {"rows": IMPORT_ROWS_MAX})
                return reading
            elif any(cell.strip() for cell in _unnamed(cells, heading)):
                reading.fault(line, "", _("This line has more cells than the heading."))
            else:
                reading.rows.append(_row(line, dict(zip(heading, cells, strict=False)), reading))
    except csv.Error as error:
        reading.fault(line + 1, "", _("This is not CSV: %(error)s.") % {"error": error})
    if heading is None and not reading.faults:
        _heading(1, [], reading)
    if not reading.rows and not reading.faults:
        reading.fault(0, "", _("The file has no lines below its heading."))
    return reading


def write(organizations: Iterable[Organization], *, with_domains: bool = False) -> str:
    """Return these organizations as CSV in the columns that an import reads.

    Mail domains say who may join for an organization: only where `with_domains` allows it are they
    filled in. Reading it gives the same back: a cell that a spreadsheet would take for a formula
    begins with an apostrophe, which the import takes off.
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
    lines = [COLUMNS, *([protected(" ".join(cell.split())) for cell in row] for row in rows)]
    return "".join(",".join(map(_quoted, cells)) + "\r\n" for cells in lines)


def _first_days(organizations: Iterable[Organization]) -> dict[int, date]:
    memberships = Membership.objects.inside().filter(organization__in=organizations)
    return {one.organization_id: one.joined_on for one in memberships if one.organization_id}


def _domains_of(organizations: Iterable[Organization]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = OrganizationDomain.objects.filter(organization__in=organizations).order_by("domain")
    for organization_id, domain in rows.values_list("organization_id", "domain"):
        found[organization_id].append(domain)
    return found


# What a spreadsheet takes for the beginning of a formula, also in the width of Chinese and Japanese
# type, behind any number of apostrophes of our own or of whoever typed the name.
_FORMULA = re.compile("'*[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]")


def protected(text: str) -> str:
    """Return the text as a cell that no spreadsheet calculates."""
    return f"'{text}" if _FORMULA.match(text) else text


def _quoted(cell: str) -> str:
    """The cell in quotes where any program could see an end of it: some divide at semicolons.

    Else what follows one in a name would be a cell of its own there, and could be a formula.
    """
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if any(sign in cell for sign in f'{DELIMITERS}"') else cell


def unprotected(cell: str) -> str:
    """Return the text of a cell that `protected` made; any other as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _heading(line: int, cells: Sequence[str], reading: Reading) -> list[str]:
    """The keys of the columns; empty for one without a name, which must then be empty."""
    heading = [heading_key(cell) for cell in cells]
    for column in REQUIRED_COLUMNS:
        if column not in heading:
            reading.fault(line, column, _("The heading lacks this column."))
    for column in dict.fromkeys(heading):
        if column and column not in COLUMNS:
            words = _("Unknown column. Known are: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
            reading.fault(line, column, words)
        elif column and heading.count(column) > 1:
            reading.fault(line, column, _("The heading names this column twice."))
    return heading


def _unnamed(cells: Sequence[str], heading: Sequence[str]) -> list[str]:
    """The cells that stand under no name."""
    return [cell for at, cell in enumerate(cells) if at >= len(heading) or not heading[at]]


def _row(line: int, cells: dict[str, str], reading: Reading) -> Row:
    def cell(column: str) -> str:
        return unprotected(" ".join(cells.get(column, "").split()))

    for column, longest in LONGEST.items():
        if len(cell(column)) > longest:
            words = _("At most %(longest)d characters.") % {"longest": longest}
            reading.fault(line, column, words)
    for column in LONGEST:
        if fault := fault_of(cell(column)):
            reading.fault(line, column, fault)
    if not cell("name"):
        reading.fault(line, "name", _("A member needs a name."))
    kind = cell("kind").lower()
    if kind not in Kind.values:
        words = _("One of: %(kinds)s.") % {"kinds": ", ".join(Kind.values)}
        reading.fault(line, "kind", words)
    country = code_of(cell("country"))
    if country not in {"", *countries()}:
        reading.fault(line, "country", _country_fault(cell("country")))
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


def _country_fault(cell: str) -> str:
    if meant := likely_code(cell):
        values = {"cell": cell, "code": meant, "name": country_name(meant)}
        return _("“%(cell)s” is no code of a country. Did you mean %(code)s (%(name)s)?") % values
    words = _("“%(cell)s” is no country here. Give two letters as in ISO 3166-1, such as CH or JP.")
    return words % {"cell": cell}


def _domains(line: int, cell: str, reading: Reading) -> Iterator[str]:
    for domain in map(spelled_domain, cell.replace(";", " ").split()):
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


def _compare(reading: Reading) -> None:
    """Names and domains are each used once, in the file and with the organizations we have."""
    names = list(Organization.objects.values_list("name", flat=True))
    known_names = {equality_key(name): name for name in names}
    # As staff are warned of a name that they type into a form.
    looks = {key: name for _, name in names_on_record() for key in likeness_keys(name)}
    in_file: dict[str, Row] = {}
    known_domains = set(OrganizationDomain.objects.values_list("domain", flat=True))
    lines_by_name: dict[str, int] = {}
    lines_by_domain: dict[str, int] = {}
    for row in reading.rows:
        key = equality_key(row.name)
        own_looks = sorted(likeness_keys(row.name) | likeness_keys(row.legal_name))
        if key in known_names:
            words = _("We have an organization of this name: %(name)s.") % {
                "name": known_names[key]
            }
            reading.fault(row.line, "name", words)
        elif key and key in lines_by_name:
            words = _("Line %(line)d has the same name.") % {"line": lines_by_name[key]}
            reading.fault(row.line, "name", words)
        elif alike := next((looks[look] for look in own_looks if look in looks), None):
            words = _("We have an organization called “%(name)s”. Is it another one?")
            reading.warn(row.line, "name", words % {"name": alike})
        elif other := next((in_file[look] for look in own_looks if look in in_file), None):
            words = _("Line %(line)d has “%(name)s”, which looks like it. Is it another one?")
            reading.warn(row.line, "name", words % {"line": other.line, "name": other.name})
        in_file |= {look: row for look in own_looks if look not in in_file}
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
