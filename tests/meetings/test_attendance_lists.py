"""Lists of attendance as video calls export them, and what is no such list."""

import io
import tracemalloc

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Invalid
from common.files.tables import csv_text
from workinggroups.meetings.attendance_lists import (
    Participant,
    minutes_of,
    read_file,
    read_text,
    written,
)
from workinggroups.meetings.choices import (
    ATTENDANCE_FILE_MAX_BYTES,
    ATTENDANCE_LIST_MAX_LINES,
    ATTENDANCE_LIST_MAX_ROWS,
    NotAttending,
)
from workinggroups.meetings.participant_names import SplitName, split_name

ZOOM = (
    "Topic,Meeting ID,Host,Start Time,End Time,User Email,Duration (Minutes),Participants\r\n"
    'Working session,"852 1848 6288",Chiara Chair,11/30/2026 10:00:00 AM,11/30/2026 11:02:00 AM,'
    "chiara@nordlys.example,62,6\r\n"
    "\r\n"
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,"
    "Recording Consent,In Waiting Room\r\n"
    "Chiara Chair,chiara@nordlys.example,11/30/2026 10:00:00 AM,11/30/2026 11:02:00 AM,62,No,Y,No\r\n"
    'Mira (Mira Member),"",11/30/2026 10:01:00 AM,11/30/2026 10:20:00 AM,19,Yes,Y,No\r\n'
    'Mira (Mira Member),"",11/30/2026 10:21:00 AM,11/30/2026 11:02:00 AM,41,Yes,Y,No\r\n'
    "Gwen Guest (Guild of Guests),gwen@guild.example,11/30/2026 10:00:00 AM,"
    "11/30/2026 11:02:00 AM,62,Yes,Y,No\r\n"
    "Otter.ai Notetaker,,11/30/2026 10:00:00 AM,11/30/2026 11:02:00 AM,62,Yes,,No\r\n"
    "Late Larry,,11/30/2026 11:01:00 AM,11/30/2026 11:02:00 AM,1,Yes,,Yes\r\n"
)
MEET = (
    '"First name","Last name","Email","Duration","Time joined","Time exited"\n'
    '"Mira","Member","mira@nordlys.example","1:02:03","10:00","11:02"\n'
    '"Gwen","","","45 min","10:00","10:45"\n'
)


def teams(*, section: str, heading: str, rows: list[str], activities: str) -> bytes:
    """A report as Teams downloads it: UTF-16, tabs, three sections."""
    lines = [
        f"1. {section}", "Title\tWorking session", "Count\t2", "Duration\t1h 2m 3s", "",
        f"2. {section}", heading, *rows, "",
        f"3. {activities}", "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole",
        "Somebody Else\t10:00\t10:10\t10m\telse@x.example\tPresenter", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode("utf-16")


def row(name: str, duration: str, address: str) -> str:
    return f"{name}\t11/30/26, 10:00\t11/30/26, 11:02\t{duration}\t{address}\t{address}\tPresenter"


def test_zoom() -> None:
    people = read_file(b"\xef\xbb\xbf" + ZOOM.encode())

    assert people == [
        Participant("Chiara Chair", address="chiara@nordlys.example", minutes=62),
        Participant("Mira", "Mira Member", minutes=60, joins=2),
        Participant("Gwen Guest (Guild of Guests)", address="gwen@guild.example", minutes=62),
        Participant("Otter.ai Notetaker", minutes=62),
        Participant("Late Larry", minutes=1, is_waiting=True),
    ]
    assert people[2].split == ("Gwen Guest", "Guild of Guests")
    assert [one.why_not for one in people] == [
        None, None, None, NotAttending.PROGRAM, NotAttending.WAITING,
    ]  # fmt: skip


def test_zoom_without_the_lines_about_the_meeting_saved_again_by_a_spreadsheet() -> None:
    table = "".join(ZOOM.splitlines(keepends=True)[3:]).replace(",", ";")

    assert read_file(f"sep=;\r\n{table}".encode("cp1252")) == read_text(ZOOM)


@pytest.mark.parametrize(
    ("section", "heading", "activities", "duration"),
    [
        (
            "Participants",
            "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole",
            "In-Meeting Activities",
            "1h 2m 3s",
        ),
        (
            "Teilnehmer",
            "Name\tErster Beitritt\tLetztes Verlassen\tBesprechungsdauer\tE-Mail\tTeilnehmer-ID (UPN)"
            "\tRolle",
            "Aktivitäten in der Besprechung",
            "1 Std. 2 Min. 3 Sek.",
        ),
        (
            "Participants",
            "Nom\tPremière participation\tDernier départ\tDurée de la réunion\tE-mail"
            "\tID du participant (UPN)\tRôle",
            "Activités en réunion",
            "1 h 2 min 3 s",
        ),
        (
            "Participantes",
            "Nombre\tPrimera unión\tÚltima salida\tDuración de la reunión\tCorreo electrónico"
            "\tId. de participante (UPN)\tRol",
            "Actividades en la reunión",
            "1h 2m 3s",
        ),
        (
            "参加者",
            "名前\t最初の参加\t最後の退出\t会議の期間\tメール\t参加者 ID (UPN)\tロール",
            "会議中のアクティビティ",
            "1 時間 2 分 3 秒",
        ),
        (
            "Uczestnicy",
            "Nazwisko i imię\tPierwsze dołączenie\tOstatnie opuszczenie\tCzas trwania"
            "\tAdres\tIdentyfikator (UPN)\tRola",
            "Działania podczas spotkania",
            "1 h 2 min 3 s",
        ),
    ],
    ids=["English", "German", "French", "Spanish", "Japanese", "unknown, by place"],
)
def test_teams(section: str, heading: str, activities: str, duration: str) -> None:
    content = teams(
        section=section,
        heading=heading,
        rows=[
            row("Mira Member", duration, "Mira@Nordlys.example"),
            row("Gwen Guest (Guest)", duration, ""),
        ],
        activities=activities,
    )

    people = read_file(content)

    assert people == [
        Participant("Mira Member", address="mira@nordlys.example", minutes=63),
        Participant("Gwen Guest (Guest)", minutes=63),
    ]
    assert people[1].split == ("Gwen Guest", "")


def test_teams_of_2020_lists_joining_and_leaving() -> None:
    text = (
        "Full Name\tUser Action\tTimestamp\n"
        "Mira Member\tJoined\t11/30/2020, 10:00:00 AM\nMira Member\tLeft\t11/30/2020, 11:00:00 AM\n"
    )

    assert read_file(text.encode("utf-16-le")) == [Participant("Mira Member", joins=2)]


def test_meet() -> None:
    assert read_text(MEET) == [
        Participant("Mira Member", address="mira@nordlys.example", minutes=63),
        Participant("Gwen", minutes=45),
    ]


def test_meet_with_headings_in_french_and_spanish() -> None:
    rest = '"Ada","Lovelace","ada@x.example","5 min"\n'

    assert read_text('"Prénom","Nom","E-mail","Durée"\n' + rest) == read_text(
        '"Nombre","Apellidos","Correo electrónico","Duración"\n' + rest
    )


def test_a_workbook() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Topic", "Meeting ID"])
    book.active.append(["Working session", 85218486288])
    book.active.append([])
    book.active.append(["Name (original name)", "Email", "Duration (minutes)"])
    book.active.append(["Mira Member", "mira@nordlys.example", 62])
    content = io.BytesIO()
    book.save(content)

    assert read_file(content.getvalue()) == [
        Participant("Mira Member", address="mira@nordlys.example", minutes=62)
    ]


def test_a_workbook_whose_cells_share_one_long_text_is_refused_before_it_is_unpacked() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Name", "Duration"])
    for _line in range(300):
        sheet.append(["x" * 32_000] * 100)
    content = io.BytesIO()
    book.save(content)
    assert len(content.getvalue()) < 2_000_000
    tracemalloc.start()

    with pytest.raises(Invalid, match="too large"):
        read_file(content.getvalue())

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000


def test_a_person_who_joins_again_without_an_address_is_one_participant() -> None:
    people = read_text(
        "Name,Email,Duration\nMira Member,,5\nAda,,1\nmira  member,mira@x.example,20\n"
        "Mira M.,MIRA@x.example,10\n"
    )

    assert [(one.shown_name, one.minutes, one.joins) for one in people] == [
        ("mira member", 35, 3),
        ("Ada", 1, 1),
    ]


def test_two_people_of_one_name_stay_two() -> None:
    people = read_text("Name,Email,Duration\nAda,a@x.example,5\nAda,b@x.example,5\nAda,,5\n")

    assert [one.address for one in people] == ["a@x.example", "b@x.example", ""]


def test_who_waited_and_was_let_in_attended() -> None:
    heading = "Name (original name),Email,Duration (minutes),In waiting room\n"

    (one,) = read_text(f"{heading}Ada,,3,Yes\nAda,,40,No\n")

    assert (one.minutes, one.is_waiting) == (40, False)


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        ("62", 62), ("1h 2m 3s", 63), ("2m", 2), ("59s", 1), ("1 Std. 30 Min.", 90),
        ("1時間2分", 62), ("01:02:00", 62), ("1 hr 2 min", 62), ("0", 0), ("", None),
        ("=1+1", 2), ("10:30", None), ("soon", None), ("9" * 40, None), ("999999h", 7 * 24 * 60),
    ],
)  # fmt: skip
def test_durations(duration: str, minutes: int | None) -> None:
    assert minutes_of(duration) == minutes


@pytest.mark.parametrize(
    ("shown", "name", "affiliation"),
    [
        ("Ada Lovelace", "Ada Lovelace", ""),
        ("Ada Lovelace (Nordlys)", "Ada Lovelace", "Nordlys"),
        ("Ada Lovelace | Nordlys AS", "Ada Lovelace", "Nordlys AS"),
        ("Ada Lovelace (Nordlys) (Guest)", "Ada Lovelace", "Nordlys"),
        ("Ada Lovelace (she/her) | Nordlys", "Ada Lovelace (she/her)", "Nordlys"),
        ("Ada Lovelace (she/her)", "Ada Lovelace", ""),
        ("Ada Lovelace (Gast)", "Ada Lovelace", ""),
        ("山田 太郎（東京大学）", "山田 太郎", "東京大学"),
        ("(Nordlys)", "(Nordlys)", ""),
        ("| Nordlys", "| Nordlys", ""),
        ("", "", ""),
    ],
)
def test_names(shown: str, name: str, affiliation: str) -> None:
    assert split_name(shown) == SplitName(name, affiliation)


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ("Fireflies.ai Notetaker Mira", "program"),
        ("OtterPilot", "program"),
        ("Mira's Fathom Notetaker", "program"),
        ("read.ai meeting notes", "program"),
        ("Meeting room 4", "device"),
        ("Konferenzraum Oslo", "device"),
        ("会議室A", "device"),
        ("+49 30 ****567", "telephone"),
        ("41791234567", "telephone"),
        ("Otter Olsen", None),
        ("Grace Room", None),
        ("Reade Airey", None),
        ("Jamie Bott", None),
        ("Fathom Jones", None),
    ],
)
def test_who_is_no_person(shown: str, why: str | None) -> None:
    assert Participant(shown).why_not == why


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02\xff\xfe binary",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"PK\x03\x04 no workbook",
        b"hello",
        b"name,legal_name,kind\nNordlys,Nordlys AS,company\n",
        b"Name,Email,Duration\n",
        b"Name,Email,Duration\n,,5\n,not an address,5\n",
        b"\xff\xfe\x00",
        b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n",
        b'Name,Email\n"' + b"x" * 200_000 + b'",\n',
    ],
)
def test_what_is_no_list_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_file(content)

    assert refused.value.field == "file"
    assert refused.value.message


def test_a_file_has_a_size() -> None:
    with pytest.raises(Invalid, match="larger than 2 MB"):
        read_file(b"x" * (ATTENDANCE_FILE_MAX_BYTES + 1))


def test_ten_thousand_lines_are_too_many() -> None:
    lines = "".join(f"Person {number},,1\n" for number in range(10_000))

    with pytest.raises(
        Invalid, match=f"more than {ATTENDANCE_LIST_MAX_ROWS:,} lines".replace(",", "")
    ):
        read_text(f"Name,Email,Duration\n{lines}")


def test_participants_are_counted_after_lines_are_merged() -> None:
    lines = [f"Person {number},,1\n" for number in range(ATTENDANCE_LIST_MAX_LINES)]

    assert len(read_text("Name,Email,Duration\n" + "".join(lines * 5))) == len(lines)
    with pytest.raises(Invalid, match="has 241 participants"):
        read_text("Name,Email,Duration\n" + "".join(lines) + "One more,,1\n")


def test_a_formula_and_what_cannot_be_seen_are_words() -> None:
    (first, second) = read_text(
        'Name,Email,Duration\n"=HYPERLINK(""https://x.example"",""Ada"")",,1\n'
        "\u202eAda\u0007 B,,1\n"
    )

    assert first.shown_name.startswith("=HYPERLINK(")
    assert second.shown_name == "Ada B"


def test_a_program_under_a_persons_address_is_another_participant() -> None:
    people = read_text(
        "Name,Email,Duration\nMira's Notetaker,mira@x.example,5\nMira,mira@x.example,9\n"
    )

    assert [(one.shown_name, one.minutes) for one in people] == [
        ("Mira's Notetaker", 5),
        ("Mira", 9),
    ]


def test_what_the_preview_sends_is_not_merged_again() -> None:
    people = read_text("Name,Email,Duration\n,ada@x.example,5\nAda,ada@x.example,5\nAda,,5\n")

    assert len(people) == 2
    assert read_text(written(people), is_merged=True) == people


_CELLS = st.sampled_from(
    ["Ada", "ada", "", "a@x.example", "b@x.example", "Ada (X)", "'=1", "3", "Bot, notetaker"]
)


@given(rows=st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=12))
def test_a_preview_has_the_same_participants_when_it_is_sent(rows: list[tuple[str, ...]]) -> None:
    heading = ("Name (Original Name)", "Email", "Duration")
    try:
        people = read_text(csv_text([heading, *rows]))
    except Invalid:
        return
    assert read_text(written(people), is_merged=True) == people


@given(text=st.text(max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    for content in (
        text.encode(errors="ignore"),
        f"Name,Email,Duration\n{text}".encode(errors="ignore"),
    ):
        try:
            people = read_file(content)
        except Invalid:
            continue
        assert read_text(written(people), is_merged=True) == people
