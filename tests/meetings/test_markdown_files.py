"""Notes as Markdown files: out and in again, with the revision on which they are based."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import Invalid
from members.people.models import Person
from tests import factories
from workinggroups.groups.models import ActionItem, Group
from workinggroups.meetings import actions
from workinggroups.meetings.markdown_files import (
    FILE_MAX_BYTES,
    decoded,
    markdown_of,
    read_markdown,
)
from workinggroups.meetings.models import Meeting, NotesConflict, NotesRevision


def upload(text: str | bytes, name: str = "notes.md") -> dict[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    return {"file": SimpleUploadedFile(name, content), "source": "", "base": "0"}


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return factories.past_meeting(group, 'Call: "one" # two', number=12)


def place(meeting: Meeting) -> list[str]:
    return [meeting.group.slug, meeting.address]


@pytest.mark.django_db
def test_a_downloaded_file_names_the_meeting_and_the_revision(
    client_of: Callable[..., Client], member: Person, meeting: Meeting
) -> None:
    factories.notes(meeting, "# One\n\nWe met.")

    response = client_of(member).get(reverse("notes-markdown", args=place(meeting)))

    text = response.content.decode()
    front, _, body = text.removeprefix("---\n").partition("---\n\n")
    facts = yaml.safe_load(front)
    assert facts["title"] == 'Call: "one" # two'
    assert (facts["meeting"], facts["revision"]) == (str(meeting.uuid), 1)
    assert body == "# One\n\nWe met.\n"
    assert response["Content-Disposition"] == f'attachment; filename="{meeting.group.slug}-12.md"'


@pytest.mark.django_db
def test_without_notes_there_is_no_file(
    client_of: Callable[..., Client], member: Person, meeting: Meeting
) -> None:
    assert client_of(member).get(reverse("notes-markdown", args=place(meeting))).status_code == 404


@pytest.mark.django_db
def test_a_file_comes_back_as_the_next_revision_with_its_items(
    client_of: Callable[..., Client], member: Person, meeting: Meeting
) -> None:
    revision = factories.notes(meeting, "We met.")
    text = markdown_of(meeting, revision).replace(
        "We met.", f"We met.\n\naction: @{member.name}: write by 2031-01-04"
    )

    client_of(member).post(reverse("notes-import", args=place(meeting)), upload(text))

    saved = NotesRevision.objects.get(number=2)
    assert saved.source.startswith("We met.\n\naction:")
    assert ActionItem.objects.get().owner == member


@pytest.mark.django_db
def test_a_file_of_an_older_revision_meets_what_was_saved_since(
    client_of: Callable[..., Client], member: Person, meeting: Meeting
) -> None:
    first = factories.notes(meeting, "One.")
    text = markdown_of(meeting, first).replace("One.", "One, offline.")
    factories.notes(meeting, "Two.")

    response = client_of(member).post(
        reverse("notes-import", args=place(meeting)), {**upload(text), "base": "2"}
    )

    kept = NotesConflict.objects.get()
    assert (kept.base_number, kept.source) == (1, "One, offline.")
    assert response["Location"] == reverse("notes-clash", args=[*place(meeting), kept.uuid])


@pytest.mark.django_db
def test_a_pasted_text_is_based_on_what_the_page_showed(
    client_of: Callable[..., Client], member: Person, meeting: Meeting
) -> None:
    factories.notes(meeting, "One.")
    url = reverse("notes-import", args=place(meeting))

    client_of(member).post(url, {"source": "One, and more.", "base": "1"})

    assert NotesRevision.objects.get(number=2).source == "One, and more."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"source": "", "base": "0"}, "Choose a file, or paste the text"),
        ({"source": " \n ", "base": "0"}, "Choose a file, or paste the text"),
        ({**upload("x"), "source": "y"}, "Choose a file or paste a text"),
        (upload(b"\xff\xfe\x00"), "not text in UTF-8"),
        (upload(b"a" * (FILE_MAX_BYTES + 1)), "This file is too long"),
        (upload(f"---\nmeeting: {'0' * 8}-0000-4000-8000-{'0' * 12}\n---\nx"), "another meeting"),
        (upload("a\x00b"), "cannot be stored"),
    ],
)
def test_files_that_cannot_be_notes_are_refused(
    client_of: Callable[..., Client],
    member: Person,
    meeting: Meeting,
    sent: dict[str, Any],
    said: str,
) -> None:
    response = client_of(member).post(reverse("notes-import", args=place(meeting)), sent)

    assert (response.status_code, said in response.text) == (422, True)
    assert not NotesRevision.objects.exists()


@pytest.mark.django_db
def test_front_matter_of_another_origin_stays_in_the_text(meeting: Meeting) -> None:
    for text in ("---\ntitle: Mine\n---\n\nWords", "---\nmeeting: tomorrow\n---\nWords", "Words"):
        notes = read_markdown(text, meeting)
        assert (notes.source, notes.revision) == (text, None)
    notes = read_markdown(f"---\nmeeting: {meeting.uuid}\nrevision: x\n---\n\nWords", meeting)
    assert (notes.source, notes.revision) == ("Words", None)


@pytest.mark.django_db
def test_approved_minutes_take_no_file(
    client_of: Callable[..., Client], chair: Person, meeting: Meeting
) -> None:
    factories.notes(meeting, "One.")
    actions.offer_minutes(actor=chair, meeting=meeting, correction_days=0)
    actions.approve_minutes(actor=chair, meeting=meeting, seen=1)

    response = client_of(chair).post(
        reverse("notes-import", args=place(meeting)), {"source": "Two.", "base": "1"}
    )

    assert response.status_code == 409


WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n\t"), max_size=300
)


@settings(max_examples=150, deadline=None)
@given(source=WORDS, title=st.text(st.characters(blacklist_categories=("Cs",)), max_size=80))
def test_any_text_comes_back_as_it_went_out(source: str, title: str) -> None:
    group = Group(name="A group")
    meeting = Meeting(title=title, group=group, number=1, local_date=factories.ago(days=1).date())
    meeting.starts_at = factories.ago(days=1)
    source = source.replace("\r", "").strip("\n")

    notes = read_markdown(
        decoded(markdown_of(meeting, NotesRevision(number=7, source=source)).encode()), meeting
    )

    assert (notes.source.rstrip("\n"), notes.revision) == (source.rstrip("\n"), 7)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=200))
def test_no_file_fails_but_by_a_refusal(content: bytes) -> None:
    meeting = Meeting(title="x", group=Group(name="g"))
    with contextlib.suppress(Invalid):
        read_markdown(decoded(b"---\n" + content + b"\n---\n"), meeting)
