"""Lists of attendance as Zoom, Teams and Meet export them, read as one line for each participant.

Zoom writes CSV, in some exports below lines about the meeting; Teams writes UTF-16 with tabs and
numbered sections, the second of which lists the participants; Meet writes CSV with first and last
names. Headings are known in several languages. Where those of Teams are not, its columns are taken
by their place, which is the same in all languages.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.files.tables import (
    DELIMITERS,
    csv_text,
    decoded,
    heading_key,
    is_workbook,
    lines_of_text,
    text_of_workbook,
)
from common.mail.spelling import spelled
from common.names import equality_key, name_words
from common.unseen import without_reordering
from workinggroups.meetings.choices import (
    ATTENDANCE_FILE_MAX_BYTES,
    ATTENDANCE_LIST_MAX_LINES,
    ATTENDANCE_LIST_MAX_ROWS,
    GUEST_NAME_MAX_CHARACTERS,
    NotAttending,
)
from workinggroups.meetings.participant_names import SplitName, split_name, why_not_attending

# The heading of the participants is among the first lines of a file.
HEAD_MAX_LINES = 200
# No address is longer (RFC 5321, section 4.5.3.1.3).
ADDRESS_MAX_CHARACTERS = 254
# A week: what is longer is no meeting.
MINUTES_MAX = 7 * 24 * 60

# Headings without what is in parentheses, as `heading_key` returns them: English, German, French,
# Spanish, Japanese.
_HEADINGS = {
    "name": "name full_name user_name participant participant_name display_name vollständiger_name "
    "teilnehmer nom nom_complet nombre nombre_completo 名前 氏名 フルネーム 表示名 参加者",
    "first": "first_name given_name vorname prénom 名",
    "last": "last_name surname nachname nom_de_famille apellido apellidos 姓",
    "original": "original_name",
    "address": "email user_email email_address e_mail e_mail_address benutzer_e_mail e_mail_adresse "
    "adresse_e_mail courriel adresse_électronique adresse_de_messagerie correo_electrónico correo "
    "correo_electrónico_del_usuario メール メールアドレス メール_アドレス 電子メール ユーザーのメール",
    "login": "participant_id teilnehmer_id id_du_participant id_de_participante id_del_participante "
    "参加者_id 参加者id",
    "duration": "duration total_duration in_meeting_duration attendance_duration time_in_call dauer "
    "gesamtdauer besprechungsdauer dauer_der_besprechung dauer_in_besprechung durée durée_totale "
    "durée_de_la_réunion durée_en_réunion duración duración_en_la_reunión duración_de_la_reunión "
    "期間 時間 会議の期間 会議内の期間 会議の長さ",
    "joins": "joins",
    "waiting": "in_waiting_room im_warteraum en_salle_d'attente en_sala_de_espera 待機室",
    # What else tells that this is the heading of a list of participants.
    "": "join_time first_join time_joined user_action timestamp beitrittszeit erster_beitritt "
    "première_participation heure_d'arrivée primera_unión hora_de_entrada 参加時刻 最初の参加",
}
_COLUMN_OF = {name: column for column, names in _HEADINGS.items() for name in names.split()}
# The columns of the second section of Teams.
_PLACES_OF_TEAMS = {"name": 0, "duration": 3, "address": 4, "login": 5}
_SECTION = re.compile(r"\s*([1-9])\s*[.．、]\s*\S")
_YES = {"yes", "ja", "oui", "sí", "si", "はい", "true"}
# Numbers with their units, by the letters with which the units begin; "Std." before "s".
_QUANTITY = re.compile(r"(\d+)\s*([^\W\d]*)")
_SECONDS_OF_UNIT = (
    ("std", 3600), ("st", 3600), ("h", 3600), ("時", 3600),
    ("m", 60), ("分", 60),
    ("s", 1), ("秒", 1),
)  # fmt: skip

# What `written` writes, and `read_text` reads.
HEADING = ("name", "original name", "email", "duration", "joins", "in waiting room")


@dataclass(frozen=True)
class Participant:
    """Someone in the list, with all their connections together."""

    # As the video call showed it, perhaps with an organization; "" if the list has only an address.
    shown_name: str
    # Of Zoom, which shows it where a person changed their name in the call.
    original_name: str = ""
    address: str = ""
    # Of all connections together; None where the list does not say it.
    minutes: int | None = None
    joins: int = 1
    # Never let in from the waiting room.
    is_waiting: bool = False

    @property
    def split(self) -> SplitName:
        """Return the name and the affiliation that the shown name says."""
        return split_name(self.shown_name)

    @property
    def why_not(self) -> NotAttending | None:
        """Return why this is nobody who attended, if it looks so."""
        if self.is_waiting:
            return NotAttending.WAITING
        return why_not_attending(self.shown_name, self.address)


def read_file(content: bytes) -> list[Participant]:
    """Return the participants in a file, in its order. Raises Invalid where it is no such list."""
    if len(content) > ATTENDANCE_FILE_MAX_BYTES:
        raise Invalid(
            _("This file is larger than %(limit)d MB. No list of attendance is so long.")
            % {"limit": ATTENDANCE_FILE_MAX_BYTES // 1_000_000},
            "file",
        )
    try:
        if is_workbook(content):
            rows_max = ATTENDANCE_LIST_MAX_ROWS + HEAD_MAX_LINES
            return read_text(text_of_workbook(content, rows_max=rows_max))
        return read_text(decoded(content).text)
    except Invalid as error:
        raise Invalid(error.message, "file") from None


def read_text(text: str, *, is_merged: bool = False) -> list[Participant]:
    """Return the participants of a list as text, as `read_file` does.

    Of what `written` wrote (`is_merged`), the same participants in the same order.
    """
    people: list[Participant] = []
    try:
        for participant in _participants(text.lstrip("\ufeff")):
            people.append(participant)
            if len(people) > ATTENDANCE_LIST_MAX_ROWS:
                message = _("This list has more than %(rows)d lines. Shorten it and try again.")
                raise Invalid(message % {"rows": ATTENDANCE_LIST_MAX_ROWS})
    except csv.Error as error:
        message = _("We could not read this list: %(error)s.")
        raise Invalid(message % {"error": error}) from None
    merged = people if is_merged else _merged(people)
    if not merged:
        raise Invalid(_("This list has no participants."))
    if len(merged) > ATTENDANCE_LIST_MAX_LINES:
        message = _(
            "This list has %(count)d participants. Split it into files of at most %(most)d: an import "
            "keeps what was recorded before."
        )
        raise Invalid(message % {"count": len(merged), "most": ATTENDANCE_LIST_MAX_LINES})
    return merged


def written(people: Iterable[Participant]) -> str:
    """Return the participants as text that `read_text` reads as the same participants."""
    rows = [
        (
            one.shown_name,
            one.original_name,
            one.address,
            "" if one.minutes is None else str(one.minutes),
            str(one.joins),
            "yes" if one.is_waiting else "",
        )
        for one in people
    ]
    return csv_text([HEADING, *rows])


def _participants(text: str) -> Iterator[Participant]:
    lines = text.splitlines(keepends=True)
    place, heading, columns = _table_in(lines)
    rows = lines_of_text("".join(lines[place:]), {heading_key(cell) for cell in heading})
    is_zoom = any("original" in heading_key(cell).partition("(")[2] for cell in heading)
    next(rows, None)
    for _number, cells in rows:
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) == 1 and _SECTION.match(filled[0]):
            return
        participant = _participant(cells, columns, is_zoom=is_zoom)
        if participant is not None:
            yield participant


def _table_in(lines: Sequence[str]) -> tuple[int, list[str], dict[str, int]]:
    """Return the place of the participants' heading, its cells, and where each column is."""
    is_second_section = False
    for place, line in enumerate(lines[:HEAD_MAX_LINES]):
        if not line.strip():
            continue
        splits = [next(csv.reader([line], delimiter=sign), []) for sign in DELIMITERS]
        for heading in splits:
            columns = _columns(heading)
            if columns:
                return place, heading, columns
        widest = max(splits, key=len)
        if is_second_section and len(widest) > _PLACES_OF_TEAMS["duration"]:
            return place, widest, _PLACES_OF_TEAMS
        section = _SECTION.match(line.strip().strip('"'))
        is_second_section = section is not None and section[1] == "2"
    raise Invalid(
        _(
            "We found no participants in this file. Choose the list of attendance or participants that "
            "Zoom, Teams or Meet offers after a meeting."
        )
    )


def _columns(heading: Iterable[str]) -> dict[str, int]:
    """Return where each known column is; nothing for a line that is no heading of participants."""
    keys = [heading_key(cell).partition("(")[0].partition("（")[0].strip("_") for cell in heading]
    columns: dict[str, int] = {}
    for place, key in enumerate(keys):
        if key in _COLUMN_OF:
            columns.setdefault(_COLUMN_OF[key], place)
    if "last" in columns and "first" not in columns and "name" in columns:
        columns["first"] = columns.pop("name")  # Nombre, Apellidos
    if "first" in columns and "last" not in columns and "name" in columns:
        columns["last"] = columns.pop("name")  # Prénom, Nom
    named = columns.keys() & {"name", "first", "last"}
    return columns if named and len(columns) > len(named) else {}


def _participant(
    cells: Sequence[str], columns: dict[str, int], *, is_zoom: bool
) -> Participant | None:
    """Return the participant of a line; None for a line that names nobody."""

    def cell(column: str) -> str:
        place = columns.get(column, len(cells))
        text = cells[place] if place < len(cells) else ""
        printable = "".join(char if char.isprintable() else " " for char in text)
        return " ".join(without_reordering(printable).split())

    name = cell("name") or f"{cell('first')} {cell('last')}".strip()
    original = cell("original")
    if is_zoom:
        name, original = _without_original(name)
    address = next(filter(_is_address, (cell("address"), cell("login"))), "")
    if not name_words(name) and not address:
        return None
    joins = cell("joins")
    return Participant(
        shown_name=name[: 2 * GUEST_NAME_MAX_CHARACTERS].strip(),
        original_name=original[:GUEST_NAME_MAX_CHARACTERS].strip(),
        address=spelled(address),
        minutes=minutes_of(cell("duration")),
        joins=min(int(joins), ATTENDANCE_LIST_MAX_ROWS) if re.fullmatch("[0-9]{1,5}", joins) else 1,
        is_waiting=cell("waiting").lower() in _YES,
    )


def _is_address(text: str) -> bool:
    local, _at, domain = text.rpartition("@")
    return bool(local and "." in domain and " " not in text and len(text) <= ADDRESS_MAX_CHARACTERS)


def _without_original(name: str) -> tuple[str, str]:
    """Split "Ada L. (Ada Lovelace)" of Zoom; an organization in parentheses stays with the name."""
    match = re.fullmatch(r"(.*\S)\s*\(([^()]+)\)", name)
    if match is None:
        return name, ""
    shown, inner = match[1], match[2].strip()
    has_two = shown.endswith(")")
    if has_two or set(name_words(shown)) & set(name_words(inner)):
        return shown, inner
    return name, ""


def minutes_of(duration: str) -> int | None:
    """Return whole minutes of "1h 2m 3s", "01:02:03" or "62", in any of the languages.

    None for what is no duration. A minute that has begun counts.
    """
    if not duration:
        return None
    if ":" in duration:
        clock = re.fullmatch(r"([0-9]{1,3}):([0-5]?[0-9]):([0-5]?[0-9])", duration)
        if clock is None:
            return None
        total = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3])
    else:
        total = 0
        quantities = _QUANTITY.findall(duration)
        if not quantities:
            return None
        for number, unit in quantities:
            if not (number.isascii() and len(number) <= 6):
                return None
            small = unit.lower()
            seconds_of = (size for start, size in _SECONDS_OF_UNIT if small.startswith(start))
            total += int(number) * next(seconds_of, 60)
    return min(-(-total // 60), MINUTES_MAX)


def _merged(people: Iterable[Participant]) -> list[Participant]:
    """Return each participant once, with the minutes of all their connections.

    Connections with one address are one participant, and those without with one name; these belong
    to the participant with an address of that name if there is just one. A program that joins under
    a person's address is another participant.
    """
    by_key: dict[tuple[str, str], Participant] = {}
    places: dict[tuple[str, str], int] = {}
    keys_of_name: dict[str, list[tuple[str, str]]] = {}
    # Those with an address first.
    for place, one in sorted(enumerate(people), key=lambda each: not each[1].address):
        name = equality_key(one.shown_name)
        is_program = why_not_attending(one.shown_name, one.address) == NotAttending.PROGRAM
        key = (f"address {is_program}", one.address) if one.address else ("name", name)
        alike = keys_of_name.get(name, []) if name else []
        if not one.address and len(alike) == 1:
            key = alike[0]
        if key in by_key:
            by_key[key] = _together(by_key[key], one)
        else:
            by_key[key] = one
            keys_of_name.setdefault(name, []).append(key)
        places[key] = min(place, places.get(key, place))
    return [by_key[key] for key in sorted(by_key, key=places.__getitem__)]


def _together(one: Participant, other: Participant) -> Participant:
    """Return the participant of two connections; time in the waiting room does not count."""
    if one.is_waiting != other.is_waiting:
        return other if one.is_waiting else one
    minutes = [each.minutes for each in (one, other) if each.minutes is not None]
    return replace(
        one,
        shown_name=one.shown_name or other.shown_name,
        original_name=one.original_name or other.original_name,
        minutes=min(sum(minutes), MINUTES_MAX) if minutes else None,
        joins=min(one.joins + other.joins, ATTENDANCE_LIST_MAX_ROWS),
    )
