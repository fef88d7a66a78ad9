"""Recordings and transcripts: only with consent, only for the group, and deleted on their day."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import process_time, sleep
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.search.models import SearchEntry
from demo.clock import Clock, set_back
from members.people.models import Person
from tests import factories
from tests.committed import together
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, tasks
from workinggroups.meetings.models import Meeting, Recording
from workinggroups.meetings.transcripts import Cue, clock, read_vtt

VTT = """WEBVTT - Call of May

NOTE made by a machine

STYLE
::cue { color: red }

1
00:01.000 --> 00:04.500 align:start
<v Mira Sandström>We <i>begin</i> &amp; say so.</v>

01:00:05.000 --> 01:00:06.000
<v.loud Tomás>Yes.</v> <v Mira Sandström>Good,
then on.

01:00:07.000 --> 01:00:08.000
Nobody in particular
"""


def soon(count: int = 30) -> date:
    return (timezone.now() + timedelta(days=count)).date()


def noted(actor: Person, meeting: Meeting, delete_on: date | None = None) -> Recording:
    return actions.note_consent(
        actor=actor,
        meeting=meeting,
        consent="The chair asked; nobody objected.",
        delete_on=delete_on or soon(),
    )


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return factories.past_meeting(group)


def test_a_file_is_read_with_times_and_speakers() -> None:
    assert read_vtt(VTT.encode()) == [
        Cue(1000, 4500, "Mira Sandström", "We begin & say so."),
        Cue(3605000, 3606000, "Tomás", "Yes."),
        Cue(3605000, 3606000, "Mira Sandström", "Good, then on."),
        Cue(3607000, 3608000, "", "Nobody in particular"),
    ]
    assert (clock(1000), clock(3605000)) == ("0:01", "1:00:05")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not WEBVTT"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\na", "not WEBVTT"),
        ("WEBVTT\n\nHello", "Line 3"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\na", "Line 3"),
        ("WEBVTT\n\n1\n00:01.000 -> 00:02.000\na", "Line 4"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\na", "a time after"),
        ("WEBVTT\n\n00:61.000 --> 00:62.000\na", "Line 3"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\na\n\n00:01.000 --> 00:02.000\nb", "Line 6"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\n00:02.000 --> 00:03.000\nb", "an empty line"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n", "no words"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\x00", "cannot be stored"),
        (b"WEBVTT\n\n\xff", "UTF-8"),
        ("WEBVTT\n\n" + "x" * (4 * 1024 * 1024), "too long"),
        ("WEBVTT\n\n" + "00:01.000 --> 00:02.000\na\n\n" * 20_001, "at most 20000 lines"),
    ],
)
def test_anything_else_is_refused_with_its_line(text: str | bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_vtt(text.encode() if isinstance(text, str) else text)


NAMES = st.text(st.characters(whitelist_categories=("L", "Nd")), min_size=1, max_size=20)
SAID = st.text(
    st.characters(whitelist_categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60
).filter(lambda text: text.split() and "-->" not in text)


def written(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900_000), st.integers(1, 9000), NAMES, SAID), min_size=1))
def test_what_was_written_is_read(rows: list[tuple[int, int, str, str]]) -> None:
    cues, text, start = [], "WEBVTT\n", 0
    for ahead, length, name, said in rows:
        start += ahead
        end = start + length
        escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text += f"\n{written(start)} --> {written(end)}\n<v {name}>{escaped}\n"
        cues.append(Cue(start, end, name, " ".join(said.split())))

    assert read_vtt(text.encode()) == cues


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_file_does_more_than_be_refused(content: bytes) -> None:
    for whole in (
        content,
        b"WEBVTT\n\n" + content,
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + content,
    ):
        try:
            cues = read_vtt(whole)
        except Invalid:
            continue
        assert all(cue.words and cue.start < cue.end for cue in cues)


@pytest.mark.parametrize(
    "said",
    [
        "<v" + ".a" * 50_000,
        "<v." * 50_000,
        "<v " * 50_000,
        "<v" + " " * 100_000,
        "<lang" + ".a" * 50_000,
        "<1" * 50_000,
        "&" * 100_000,
    ],
    ids=lambda said: said[:6],
)
def test_no_file_takes_long_to_read(said: str) -> None:
    begun = process_time()

    (cue,) = read_vtt(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{said}".encode())

    assert process_time() - begun < 2
    assert cue.words == said.strip()


def test_a_character_of_thousands_of_digits_stays_as_it_was_written() -> None:
    said = "&#" + "9" * 5000 + "; &amp; so on"

    (cue,) = read_vtt(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{said}".encode())

    assert cue.words == said


@pytest.mark.django_db
def test_nothing_is_added_before_consent_is_noted(chair: Person, meeting: Meeting) -> None:
    for act in (
        lambda: actions.add_recording(actor=chair, meeting=meeting, url="https://video.example/1"),
        lambda: actions.add_transcript(actor=chair, meeting=meeting, cues=read_vtt(VTT.encode())),
        lambda: actions.delete_recording(actor=chair, meeting=meeting),
    ):
        with pytest.raises(WrongState, match="Note first"):
            act()


@pytest.mark.django_db
def test_consent_says_who_noted_it_and_is_on_record(secretary: Person, meeting: Meeting) -> None:
    recording = noted(secretary, meeting)
    actions.add_recording(actor=secretary, meeting=meeting, url=" https://video.example/1 ")
    actions.add_transcript(actor=secretary, meeting=meeting, cues=read_vtt(VTT.encode()))

    recording.refresh_from_db()
    assert (recording.noted_by, recording.url) == (secretary, "https://video.example/1")
    assert len(recording.transcript) == 4
    acts = Record.objects.order_by("at").values_list("verb", flat=True)
    assert list(acts) == ["recording_consent_noted", "recording_added", "transcript_added"]
    with pytest.raises(WrongState, match="already been noted"):
        noted(secretary, meeting)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["member", "observer", "outsider", "staff"])
def test_only_officers_keep_recordings(
    who: str, chair: Person, meeting: Meeting, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        noted(person, meeting)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"consent": " "}, "consent"),
        ({"consent": "x" * 301}, "consent"),
        ({"delete_on": date(2020, 1, 1)}, "delete_on"),
        ({"delete_on": date(2999, 1, 1)}, "delete_on"),
        ({"delete_on": date.max}, "delete_on"),
        ({"delete_on": date.min}, "delete_on"),
    ],
)
def test_consents_that_say_nothing_are_refused(
    chair: Person, meeting: Meeting, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.note_consent(
            **{"actor": chair, "meeting": meeting, "consent": "Yes.", "delete_on": soon(), **values}
        )

    assert refused.value.field == field


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x/y", "x", "https://a.example/" + "x" * 500]
)
def test_links_that_are_none_are_refused(chair: Person, meeting: Meeting, url: str) -> None:
    noted(chair, meeting)

    with pytest.raises(Invalid):
        actions.add_recording(actor=chair, meeting=meeting, url=url)


@pytest.mark.django_db
def test_they_are_deleted_once_their_day_is_over_everywhere(
    chair: Person, meeting: Meeting
) -> None:
    day = soon(3)
    recording = noted(chair, meeting, day)
    actions.add_transcript(actor=chair, meeting=meeting, cues=read_vtt(VTT.encode()))
    over = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1)

    with set_back(Clock(over - timedelta(seconds=1))):
        assert tasks.delete_recordings() == 0
    with set_back(Clock(over)):
        assert tasks.delete_recordings() == 1
        assert tasks.delete_recordings() == 0

    recording.refresh_from_db()
    assert (recording.url, recording.transcript) == ("", [])
    assert (recording.is_deleted, recording.deleted_by) == (True, None)
    row = Record.objects.get(verb="recording_deleted")
    assert (row.actor_uuid, json.loads(row.facts)) == (None, {"lines": 4, "link": False})
    with pytest.raises(WrongState, match="has been deleted"):
        actions.add_recording(actor=chair, meeting=meeting, url="https://video.example/1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recording.objects.update(url="https://video.example/1")


def test_two_workers_delete_once(committed_db: None) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"))
    meeting = factories.past_meeting(factories.group(chair=chair))
    noted(chair, meeting)
    Recording.objects.update(delete_on=date(2020, 1, 1))

    assert sorted(together(tasks.delete_recordings, tasks.delete_recordings)) == [0, 1]
    assert Record.objects.filter(verb="recording_deleted").count() == 1


@pytest.mark.django_db
def test_those_recorded_can_have_it_deleted_after_the_meeting_was_cancelled(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    recording = noted(chair, meeting)
    actions.add_recording(actor=chair, meeting=meeting, url="https://video.example/1")
    actions.cancel_meeting(actor=chair, meeting=meeting, reason="Nobody came.")
    officer, place = client_of(chair), [group.slug, meeting.address]
    url = reverse("meeting-recording", args=place)
    page = officer.get(url).text
    assert url in officer.get(meeting.get_absolute_url()).text
    with pytest.raises(WrongState, match="cancelled"):
        actions.add_recording(actor=chair, meeting=meeting, url="https://video.example/2")

    officer.post(reverse("recording-delete", args=place))

    assert "Delete link and transcript" in page
    assert "Save the link" not in page
    recording.refresh_from_db()
    assert (recording.url, recording.deleted_by) == ("", chair)


def test_what_is_added_while_the_recording_is_deleted_is_refused(committed_db: None) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"))
    meeting = factories.past_meeting(factories.group(chair=chair))
    recording = noted(chair, meeting)
    cues = read_vtt(VTT.encode())

    def delete_slowly() -> None:
        with transaction.atomic():
            Recording.objects.select_for_update(no_key=True).get(pk=recording.pk)
            sleep(0.6)
            Recording.objects.update(deleted_at=timezone.now())

    def add_meanwhile() -> str:
        sleep(0.2)
        try:
            actions.add_transcript(actor=chair, meeting=meeting, cues=cues)
        except WrongState as error:
            return str(error.message)
        return ""

    outcomes = together(delete_slowly, add_meanwhile)

    assert outcomes == [None, "The recording of this meeting has been deleted."]
    recording.refresh_from_db()
    assert recording.transcript == []


@pytest.mark.django_db
def test_officers_keep_it_by_pages_and_the_group_reads_it(
    client_of: Callable[..., Client],
    chair: Person,
    member: Person,
    outsider: Person,
    meeting: Meeting,
) -> None:
    officer, place = client_of(chair), [meeting.group.slug, meeting.address]
    url = reverse("meeting-recording", args=place)

    assert "Note the consent" in officer.get(url).text
    refused = officer.post(reverse("recording-consent", args=place), {"consent": ""})
    assert refused.status_code == 422
    officer.post(
        reverse("recording-consent", args=place),
        {"consent": "Nobody objected.", "delete_on": soon().isoformat()},
    )
    bad = officer.post(reverse("recording-link", args=place), {"url": "javascript:alert(1)"})
    assert bad.status_code == 422
    officer.post(reverse("recording-link", args=place), {"url": "https://video.example/1"})
    wrong = officer.post(
        reverse("recording-transcript", args=place), {"file": SimpleUploadedFile("a.vtt", b"x")}
    )
    assert (wrong.status_code, "not a WebVTT file" in wrong.text) == (422, True)
    officer.post(
        reverse("recording-transcript", args=place),
        {"file": SimpleUploadedFile("a.vtt", VTT.encode())},
    )

    page = client_of(member).get(url).text
    assert "https://video.example/1" in page
    assert "We begin &amp; say so." in page
    assert "Save the link" not in page
    assert client_of(outsider).get(url).status_code == 404
    api = f"/api/v1/meetings/{meeting.uuid}/recording/"
    assert client_of(member).get(api).json()["transcript"][0]["start_ms"] == 1000
    assert client_of(outsider).get(api).status_code == 404
    assert not SearchEntry.objects.filter(body__contains="say so").exists()

    officer.post(reverse("recording-delete", args=place))
    gone = client_of(member).get(url).text
    assert "Link and transcript were deleted." in gone
    assert "video.example" not in gone
