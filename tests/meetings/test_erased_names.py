"""Once a name is erased, no stored PDF of a meeting has it, whatever made it be there."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from common.pdf.actions import make_waiting
from common.pdf.models import PdfFile
from members.people.actions import close
from members.people.models import Person
from tests import factories
from workinggroups.decisions.actions import record_decision
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, documents
from workinggroups.meetings.choices import PdfKind
from workinggroups.meetings.models import Guest, Meeting

pytestmark = pytest.mark.django_db

ROLES = [
    "attending", "sorry", "asking", "answering", "noting", "approving", "showing", "leading", "helping",
]  # fmt: skip


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def people(group: Group) -> dict[str, Person]:
    """Each has another role in the meeting, and a name that no other word has."""
    organization = factories.organization("Zebra Union")
    made = {role: factories.member_of(organization, f"Xq{role} Zv{role}") for role in ROLES}
    for role, person in made.items():
        is_officer = role in {"answering", "noting", "approving", "showing"}
        factories.seat(group, person, office="co_chair" if is_officer else "")
    return made


@pytest.fixture
def minutes(group: Group, people: dict[str, Person], chair: Person) -> Meeting:
    """Approved minutes with all of them, and a guest."""
    series = factories.meeting_series(group)
    held = factories.running_meeting(group, "Evaluations call", series=series, in_series="extra")
    factories.notes(held)
    factories.guest(held, "Xqguest Zvguest")
    actions.show_competition_law(actor=people["showing"], meeting=held)
    factories.attendance(held, people["attending"])
    factories.attendance(held, people["sorry"], "regrets")
    factories.action_item(
        group,
        owners=[people["leading"], people["helping"]],
        source_uuid=held.uuid,
        level=held.level,
    )
    record_decision(actor=chair, group=group, title="We go on", method="consensus", meeting=held)
    held.refresh_from_db()
    actions.offer_minutes(actor=chair, meeting=held, correction_days=0)
    asked = actions.ask_for_correction(actor=people["asking"], meeting=held, text="Room 5.")
    actions.answer_correction(
        actor=people["answering"], correction=asked, answer="declined", note="Room 4."
    )
    held.refresh_from_db()
    actions.approve_minutes(actor=people["approving"], meeting=held, seen=held.notes_count)
    held.refresh_from_db()
    actions.note_correction(actor=people["noting"], meeting=held, text="Read 0.8.")
    return Meeting.objects.select_related("group").get(pk=held.pk)


def make_all(meeting: Meeting) -> None:
    """Make every PDF that the meeting is in."""
    for kind in PdfKind:
        documents.request_minutes(meeting, kind)
    assert meeting.series is not None
    documents.request_series(meeting.series, [meeting], meeting.local_date.year)
    make_waiting()


def words_in_store(media: Path) -> str:
    """Return the words of all bytes that are stored, whether or not a row leads to them."""
    texts = []
    for path in (media / "pdf").rglob("*"):
        if path.is_file():
            pdf = pypdfium2.PdfDocument(io.BytesIO(path.read_bytes()))
            texts += [page.get_textpage().get_text_range() for page in pdf]
    return " ".join("".join(texts).split())


def test_after_an_account_is_closed_no_stored_pdf_has_the_name(
    minutes: Meeting, people: dict[str, Person], media: Path
) -> None:
    for role, person in people.items():
        make_all(minutes)
        assert PdfFile.objects.filter(state="done").count() == len(PdfKind) + 1, role
        assert person.name in words_in_store(media), role

        close(actor=person, person=person)

        assert not PdfFile.objects.exists(), role
        assert words_in_store(media) == "", role
    make_all(minutes)
    assert "Former member" in words_in_store(media)
    assert not [role for role in ROLES if f"Xq{role}" in words_in_store(media)]


def test_files_that_do_not_name_the_person_stay(
    minutes: Meeting, people: dict[str, Person], group: Group
) -> None:
    other = factories.past_meeting(group)
    factories.notes(other)
    kept = documents.request_minutes(other, PdfKind.MINUTES)
    make_all(minutes)

    close(actor=people["asking"], person=people["asking"])

    assert list(PdfFile.objects.all()) == [kept]


@pytest.mark.parametrize("who", ["chair", "secretary"])
def test_after_a_guest_is_erased_no_stored_pdf_has_the_name(
    minutes: Meeting, media: Path, who: str, request: pytest.FixtureRequest
) -> None:
    make_all(minutes)
    assert "Xqguest" in words_in_store(media)

    actions.anonymise_guest(actor=request.getfixturevalue(who), guest=Guest.objects.get())

    assert not PdfFile.objects.exists()
    assert words_in_store(media) == ""
    make_all(minutes)
    assert "Name removed · Guild of Guests" in words_in_store(media)


def test_after_a_guest_is_removed_no_stored_pdf_has_the_name(
    chair: Person, group: Group, media: Path
) -> None:
    meeting = factories.running_meeting(group)
    factories.notes(meeting)
    guest = factories.guest(meeting)
    documents.request_minutes(meeting, PdfKind.MINUTES)
    make_waiting()
    documents.request_minutes(meeting, PdfKind.COMPETITION)

    actions.remove_guest(actor=chair, guest=guest)

    assert not PdfFile.objects.exists()
    assert words_in_store(media) == ""


def test_the_page_offers_to_make_the_file_again(
    client_of: Callable[..., Client], minutes: Meeting, chair: Person
) -> None:
    make_all(minutes)
    url = reverse("minutes-print", args=[minutes.group.slug, minutes.address])
    assert client_of(chair).get(url).text.count("Download PDF") == 2

    actions.anonymise_guest(actor=chair, guest=Guest.objects.get())

    text = client_of(chair).get(url).text
    assert ("Download PDF" in text, text.count("Make the PDF")) == (False, 2)
