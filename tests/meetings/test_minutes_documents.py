"""Minutes to print and to hand on: what they say, their PDF files, and who can have them."""

import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.pdf.actions import make_waiting
from common.pdf.models import PdfFile
from members.people.models import Person
from tests import factories
from tests.factories.files import attached
from workinggroups.decisions.actions import record_decision
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import Attendance, Meeting

pytestmark = pytest.mark.django_db

NOTES = (
    '# Results\n\nThe form has ten questions: `x < y` and #read("/etc/passwd").\n\n'
    "![The curve](curve.png 'Measured')\n\n| Model | Score |\n|---|---|\n| A | 0.9 |"
)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def meeting(group: Group, chair: Person, member: Person, secretary: Person) -> Meeting:
    """Approved minutes with all that minutes can have."""
    held = factories.past_meeting(group, "Evaluations call", place="Room 4")
    factories.agenda_item(held, "Results of May")
    actions.record_attendance(
        actor=chair, meeting=held, roster=[chair.pk, member.pk], present=[chair.pk]
    )
    Attendance.objects.filter(person=member).update(state="regrets")
    attached(chair, "meeting", held.uuid, "curve.png")
    actions.save_notes(
        actor=secretary,
        meeting=held,
        base=0,
        source=f"{NOTES}\n\naction: @{member.name}: write it up by 2031-01-04",
    )
    record_decision(
        actor=chair, group=group, title="We publish in June", method="consensus", meeting=held
    )
    held.refresh_from_db()
    actions.offer_minutes(actor=chair, meeting=held, correction_days=0)
    asked = actions.ask_for_correction(actor=member, meeting=held, text="It was Room 5.")
    actions.answer_correction(
        actor=chair, correction=asked, answer="declined", note="The booking says 4."
    )
    held.refresh_from_db()
    actions.approve_minutes(actor=chair, meeting=held, seen=held.notes_count)
    held.refresh_from_db()
    actions.note_correction(actor=chair, meeting=held, text="Read 0.8 in the table.")
    return Meeting.objects.select_related("group").get(pk=held.pk)


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split())


def made(client: Client, meeting: Meeting, kind: str = "minutes") -> bytes:
    place = [meeting.group.slug, meeting.address]
    asked = client.post(reverse("minutes-pdf-request", args=place), {"kind": kind})
    assert asked.status_code == 302
    make_waiting()
    file = PdfFile.objects.get(owner_uuid=meeting.uuid, kind=kind, state="done")
    response = client.get(reverse("minutes-pdf", args=[*place, file.pk]))
    assert response["Content-Type"] == "application/pdf"
    return content_of(response)


def content_of(response: Any) -> bytes:
    """Return the content of a file, which is closed once it was read."""
    return b"".join(response.streaming_content)


def said_in_minutes(meeting: Meeting, chair: Person, member: Person) -> list[str]:
    organization = Attendance.objects.get(person=chair).organization
    assert organization is not None
    return [
        "Evaluations call",
        meeting.group.name,
        "Room 4",
        "Results of May",
        organization.name,
        chair.name,
        "Apologies",
        member.name,
        "The form has ten questions",
        '#read("/etc/passwd")',
        "Measured",
        "0.9",
        "D-1: We publish in June. Consensus.",
        "A-1",
        "It was Room 5.",
        "The booking says 4.",
        "Read 0.8 in the table.",
        f"{chair.name} approved revision 1 on",
        meeting.minutes_sha256,
    ]


def test_the_page_says_all_that_minutes_have(
    client_of: Callable[..., Client], chair: Person, member: Person, meeting: Meeting
) -> None:
    url = reverse("minutes-print", args=[meeting.group.slug, meeting.address])

    page = client_of(member).get(url).text.replace("&quot;", '"').replace("&#x27;", "'")

    assert [one for one in said_in_minutes(meeting, chair, member) if one not in page] == []


def test_the_pdf_says_the_same_and_is_accessible(
    client_of: Callable[..., Client], chair: Person, member: Person, meeting: Meeting
) -> None:
    pdf = made(client_of(member), meeting)

    words = words_of(pdf)
    assert [one for one in said_in_minutes(meeting, chair, member) if one not in words] == []
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    file = PdfFile.objects.get()
    assert (file.is_accessible, file.missing_words) == (True, [])


def test_the_competition_record_says_when_notice_and_agenda_were_there(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    factories.charter(group, notice_days=3)
    coming = factories.meeting(group, starts_at=timezone.now() + timezone.timedelta(days=2))
    factories.agenda_item(coming, "Results of May")
    actions.post_agenda(actor=chair, meeting=coming)
    factories.notes(coming)
    Meeting.objects.update(starts_at=factories.ago(hours=2), ends_at=factories.ago(hours=1))
    actions.record_attendance(actor=chair, meeting=coming, roster=[chair.pk], present=[chair.pk])
    coming = Meeting.objects.select_related("group").get()

    words = words_of(made(client_of(chair), coming, "competition"))

    assert "This is a meeting of competitors." in words
    assert "Nobody recorded that it was shown at the meeting." in words
    assert "Attendance was recorded below version 1 of this notice" in words
    assert "so it was posted late" in words
    assert "Notes, not offered as minutes" in words
    assert chair.name in words


def test_the_documents_name_guests_and_who_showed_the_notice(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    running = factories.running_meeting(group)
    factories.notes(running)
    factories.guest(running, "Gwen Guest", affiliation="Guild of Guests")
    actions.show_competition_law(actor=chair, meeting=running)

    page = client_of(chair).get(reverse("minutes-print", args=[group.slug, running.address])).text
    words = words_of(made(client_of(chair), running, "competition"))

    assert "Gwen Guest · Guild of Guests" in page
    assert "Gwen Guest · Guild of Guests" in words
    assert f"{chair.name} showed this notice, version 1, on" in words


def test_what_was_sealed_has_the_checksum_of_the_record(
    client_of: Callable[..., Client], member: Person, meeting: Meeting
) -> None:
    url = reverse("minutes-sealed", args=[meeting.group.slug, meeting.address])

    response = client_of(member).get(url)

    assert sha256(response.content).hexdigest() == meeting.minutes_sha256
    assert json.loads(response.content)["form"] == 2
    assert response["Content-Type"] == "application/json"


def test_another_approved_text_is_another_file(
    client_of: Callable[..., Client], chair: Person, meeting: Meeting
) -> None:
    client = client_of(chair)
    made(client, meeting)
    first = PdfFile.objects.get()
    assert made(client, meeting)
    assert PdfFile.objects.get() == first

    actions.unlock_minutes(actor=chair, meeting=meeting, reason="A number.")
    actions.save_notes(actor=chair, meeting=meeting, base=1, source="We met twice.")
    actions.approve_minutes(actor=chair, meeting=meeting, seen=2)

    url = reverse("minutes-print", args=[meeting.group.slug, meeting.address])
    assert "Download PDF" not in client.get(url).text
    client.post(reverse("minutes-pdf-request", args=[meeting.group.slug, meeting.address]))
    assert PdfFile.objects.count() == 2
    sealed = reverse("minutes-sealed", args=[meeting.group.slug, meeting.address])
    assert json.loads(client.get(sealed).content)["text"] == "We met twice."


def test_the_page_shows_how_far_the_file_is(
    client_of: Callable[..., Client], member: Person, meeting: Meeting
) -> None:
    client = client_of(member)
    place = [meeting.group.slug, meeting.address]
    url = reverse("minutes-print", args=place)
    assert "Make the PDF" in client.get(url).text

    client.post(reverse("minutes-pdf-request", args=place), {"kind": "minutes"})
    waiting = client.get(url).text
    assert "Waiting for its turn" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    PdfFile.objects.update(state="failed", failure="no_typesetter")
    assert "This installation has no typesetter (typst)" in client.get(url).text
    client.post(reverse("minutes-pdf-request", args=place), {"kind": "minutes"})
    make_waiting()

    assert "Download PDF" in client.get(url).text
    bad = client.post(reverse("minutes-pdf-request", args=place), {"kind": "secret"})
    assert bad.status_code == 404


def test_a_file_that_is_lost_or_was_cut_off_is_made_again_from_its_page(
    client_of: Callable[..., Client], member: Person, meeting: Meeting, media: Path
) -> None:
    client = client_of(member)
    place = [meeting.group.slug, meeting.address]
    url, api = reverse("minutes-print", args=place), f"/api/v1/meetings/{meeting.uuid}/pdf/"
    made(client, meeting)
    (media / PdfFile.objects.get().path).unlink()

    lost = client.get(url).text
    assert ("Download PDF" in lost, lost.count("Make the PDF")) == (False, 2)
    assert client.get(api).json()["state"] is None
    assert made(client, meeting).startswith(b"%PDF")

    PdfFile.objects.update(state="running", begun_at=factories.ago(minutes=6))
    died = client.get(url).text
    assert "The work on it was cut off." in died
    assert "Try again" in died
    assert "every 2s" not in died
    client.post(reverse("minutes-pdf-request", args=place), {"kind": "minutes"})
    assert "Waiting for its turn" in client.get(url).text


def test_who_cannot_read_the_meeting_gets_no_file(
    client_of: Callable[..., Client],
    chair: Person,
    member: Person,
    outsider: Person,
    meeting: Meeting,
) -> None:
    made(client_of(member), meeting)
    file = PdfFile.objects.get()
    Meeting.objects.filter(pk=meeting.pk).update(level=3)
    place = [meeting.group.slug, meeting.address]

    for name, args in (
        ("minutes-pdf", [*place, file.pk]),
        ("minutes-sealed", place),
        ("minutes-print", place),
    ):
        assert client_of(member).get(reverse(name, args=args)).status_code == 404
        assert client_of(outsider).get(reverse(name, args=args)).status_code == 404
    other = factories.past_meeting(meeting.group)
    elsewhere = reverse("minutes-pdf", args=[meeting.group.slug, other.address, file.pk])
    assert client_of(chair).get(elsewhere).status_code == 404


def test_a_decision_that_fewer_can_read_is_in_neither_seal_nor_file(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    held = factories.past_meeting(group)
    factories.notes(held)
    decision = record_decision(
        actor=chair, group=group, title="Secret sum", method="consensus", meeting=held
    )
    type(decision).objects.filter(pk=decision.pk).update(level=3)
    actions.offer_minutes(actor=chair, meeting=held, correction_days=0)
    minutes = actions.approve_minutes(actor=chair, meeting=held, seen=1)

    assert "Secret" not in minutes.sealed_minutes.get().content
    assert "Secret" not in words_of(made(client_of(chair), minutes))


def test_minutes_of_a_series_are_one_file_a_year(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    for number in range(3):
        held = factories.past_meeting(group, f"Call {number}", series=series, in_series="extra")
        factories.notes(held, f"Words of call {number}.")
        actions.offer_minutes(actor=chair, meeting=held, correction_days=0)
        actions.approve_minutes(actor=chair, meeting=held, seen=1)
    client, url = (
        client_of(member),
        reverse("meeting-series-minutes", args=[group.slug, series.uuid]),
    )

    assert client.post(url).status_code == 302
    make_waiting()
    page = client.get(url)
    file = PdfFile.objects.get()
    download = reverse("meeting-series-minutes-pdf", args=[group.slug, series.uuid, file.pk])
    assert download in page.text
    words = words_of(content_of(client.get(download)))
    assert [f"Words of call {number}." in words for number in range(3)] == [True] * 3

    # One of them is read by the chairs alone now: the file is no longer for the member.
    Meeting.objects.filter(title="Call 1").update(level=3)
    assert client.get(download).status_code == 404
    assert content_of(client_of(chair).get(download)).startswith(b"%PDF")
    assert client.get(url, {"year": "1999"}).status_code == 404
    assert client.get(url, {"year": "x"}).status_code == 404


def test_a_series_without_minutes_says_so(
    client_of: Callable[..., Client], member: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    url = reverse("meeting-series-minutes", args=[group.slug, series.uuid])

    assert "No approved minutes yet" in client_of(member).get(url).text
    assert client_of(member).post(url)["Location"] == url


def queries_for(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_pages_cost_as_many_queries_with_many_rows(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    client = client_of(member)
    counts = []
    for size in (1, 8):
        held = factories.past_meeting(group, series=series, in_series="extra")
        factories.notes(held)
        for number in range(size):
            person = factories.member_of(factories.organization(f"Org {size} {number}"))
            factories.attendance(held, person)
            factories.agenda_item(held, f"Item {number}")
            record_decision(
                actor=chair,
                group=group,
                title=f"D {size} {number}",
                method="consensus",
                meeting=held,
            )
        actions.offer_minutes(actor=chair, meeting=held, correction_days=0)
        for number in range(size):
            actions.ask_for_correction(actor=member, meeting=held, text=f"Line {number}")
        actions.approve_minutes(actor=chair, meeting=held, seen=1)
        place = [group.slug, held.address]
        counts.append(
            (
                queries_for(client, reverse("minutes-print", args=place)),
                queries_for(client, held.get_absolute_url()),
                queries_for(
                    client, reverse("meeting-series-minutes", args=[group.slug, series.uuid])
                ),
            )
        )

    assert counts[0] == counts[1]


def test_api_asks_for_the_pdf_and_reads_it(
    client_of: Callable[..., Client], member: Person, meeting: Meeting
) -> None:
    client, url = client_of(member), f"/api/v1/meetings/{meeting.uuid}/pdf/"
    assert client.get(url).json()["state"] is None
    assert client.get(url, {"kind": "x"}).status_code == 400

    asked = client.post(url, {"kind": "minutes"}, content_type="application/json")
    assert (asked.status_code, asked.json()["state"]) == (202, "requested")
    make_waiting()
    done = client.get(url).json()

    assert (done["state"], done["is_accessible"]) == ("done", True)
    content = content_of(client.get(done["url"][done["url"].index("/api/") :]))
    assert sha256(content).hexdigest() == done["sha256"]


def test_officers_and_staff_see_on_the_page_what_is_missing(
    client_of: Callable[..., Client],
    chair: Person,
    secretary: Person,
    member: Person,
    staff: Person,
) -> None:
    group = factories.group(preset="open", chair=chair)
    factories.seat(group, secretary, office="secretary")
    factories.seat(group, member)
    series = factories.meeting_series(group)
    held = factories.past_meeting(group, series=series, in_series="extra")
    factories.notes(held, "ქართული\n\n![](fig/none.png)\n\n![Words](fig/some.png)")
    actions.offer_minutes(actor=chair, meeting=held, correction_days=0)
    actions.approve_minutes(actor=chair, meeting=held, seen=1)
    meeting = Meeting.objects.select_related("group").get(pk=held.pk)
    made(client_of(chair), meeting)
    of_year = reverse("meeting-series-minutes", args=[group.slug, series.uuid])
    client_of(chair).post(of_year)
    make_waiting()

    for url in (reverse("minutes-print", args=[group.slug, meeting.address]), of_year):
        for person in (chair, secretary, staff):
            page = client_of(person).get(url).text
            assert "ქ (U+10E5)" in page
            assert "1 picture has no alternative text." in page
            assert "<code>fig/none.png</code>" in page
            assert "fig/some.png</code>" not in page
        page = client_of(member).get(url).text
        assert "Not fully accessible" in page
        assert "U+10E5" not in page
        assert "What is missing" not in page


def test_the_list_of_what_is_missing_is_bounded(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    held = factories.past_meeting(group)
    letters = "".join(chr(code) for code in range(0x1400, 0x1400 + 80))
    pictures = "\n\n".join(f"![]({'x' * 300}-{number}.png)" for number in range(80))
    factories.notes(held, f"{letters}\n\n{pictures}")
    meeting = Meeting.objects.select_related("group").get(pk=held.pk)
    made(client_of(chair), meeting)

    file = PdfFile.objects.get()
    assert len(file.missing_characters) == len(file.missing_words) == 50
    assert max(len(each) for each in file.missing_words) == 200
    url = reverse("minutes-print", args=[group.slug, meeting.address])
    assert "only the first 50 are listed" in client_of(chair).get(url).text


def test_staff_see_what_is_missing_but_no_titles_they_cannot_read(
    client_of: Callable[..., Client], chair: Person, staff: Person, group: Group
) -> None:
    Group.objects.filter(pk=group.pk).update(listing="members", content="members")
    held = factories.past_meeting(group, "Hidden call", level=2)
    factories.notes(held, "ქართული\n\n![](fig/none.png)")
    made(client_of(chair), Meeting.objects.select_related("group").get(pk=held.pk))

    page = client_of(staff).get(reverse("staff-pdf-files")).text

    assert "ქ (U+10E5)" in page
    assert "1 picture has no alternative text." in page
    assert "Hidden call" not in page
    assert client_of(chair).get(reverse("staff-pdf-files")).status_code == 404
