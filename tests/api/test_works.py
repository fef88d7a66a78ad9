from collections.abc import Callable

import pytest

from members.people.models import Person
from tests import factories
from tests.api.conftest import Api
from tests.factories import works
from workinggroups.deliverables import actions
from workinggroups.groups.models import Group
from workinggroups.meetings.models import NotesRevision


@pytest.mark.parametrize("path", ["meetings/", "deliverables/", "revisions/"])
def test_works_of_a_group_are_for_its_readers(
    path: str, group: Group, chair: Person, outsider: Person, api_of: Callable[..., Api]
) -> None:
    factories.meeting(group)
    works.deliverable(chair, group)

    assert len(api_of(chair).get(path).json()["results"]) == 1
    assert api_of(outsider).get(path).json()["results"] == []
    assert api_of().get(path).status_code == 401


def test_a_guest_in_a_review_reads_the_offered_text_alone(
    group: Group, chair: Person, outsider: Person, api_of: Callable[..., Api]
) -> None:
    work = works.in_review(chair, group, reviewers="alliance")
    actions.add_comment(actor=chair, deliverable=work, source="Clause 2 is vague.")

    guest = api_of(outsider)
    revisions = guest.get("revisions/").json()["results"]

    assert [row["number"] for row in revisions] == [1]
    assert len(guest.get(f"deliverables/{work.uuid}/comments/").json()["results"]) == 1


def test_a_comment_is_added_once_under_its_key(
    group: Group, chair: Person, member: Person, api_of: Callable[..., Api]
) -> None:
    work = works.in_review(chair, group)
    api = api_of(member)
    path, data = f"deliverables/{work.uuid}/comments/", {"source": "Say who pays."}

    first = api.post(path, data, **{"Idempotency-Key": "a-1"})
    again = api.post(path, data, **{"Idempotency-Key": "a-1"})

    assert first.status_code == again.status_code == 201
    assert first.json()["uuid"] == again.json()["uuid"]
    assert len(api.get(path).json()["results"]) == 1


def test_notes_are_saved_from_the_revision_one_has_read(
    group: Group, chair: Person, member: Person, api_of: Callable[..., Api]
) -> None:
    meeting = factories.meeting(group)
    path = f"meetings/{meeting.uuid}/notes/"

    first = api_of(member).post(path, {"base": 0, "source": "We met."})
    clash = api_of(chair).post(path, {"base": 0, "source": "We did not."})

    assert first.status_code == 200
    assert first.json()["number"] == 1
    assert clash.status_code == 409
    assert NotesRevision.objects.filter(meeting=meeting).count() == 1
    assert api_of(chair).get(path).json()["source"] == "We met."


def test_an_observer_saves_no_notes(
    group: Group, observer: Person, api_of: Callable[..., Api]
) -> None:
    meeting = factories.meeting(group)

    response = api_of(observer).post(
        f"meetings/{meeting.uuid}/notes/", {"base": 0, "source": "I was there."}
    )

    assert response.status_code == 403


def test_publications_are_for_everybody_and_drafts_are_not(
    group: Group, chair: Person, api_of: Callable[..., Api]
) -> None:
    published = works.publication(chair, group)
    works.deliverable(chair, group, title="Secret draft")

    response = api_of().get("publications/")

    rows = response.json()["results"]
    assert [row["identifier"] for row in rows] == [published.identifier]
    assert rows[0]["authors"][0]["name"] == chair.name
    assert "Secret draft" not in response.content.decode()


def test_what_texts_changed_of_earlier_ones_is_read(
    group: Group, chair: Person, outsider: Person, api_of: Callable[..., Api]
) -> None:
    meeting = factories.meeting(group)
    for source in ("We met.", "We met on Friday.", "We met on Monday."):
        factories.notes(meeting, source, author=chair)
    work = works.approved(chair, group, text="One text.")
    actions.revise(actor=chair, deliverable=work)
    work.refresh_from_db()
    newest = work.revisions.latest("number")
    actions.save_text(actor=chair, deliverable=work, version=newest.version, source="Another text.")
    api, notes = api_of(chair), f"meetings/{meeting.uuid}/notes/changes/"
    revision = f"revisions/{newest.uuid}/changes/"

    latest = api.get(notes).json()
    named = api.get(notes, before="1", after="3").json()
    text = api.get(revision).json()

    assert (latest["before"], latest["after"], latest["is_preparing"]) == (2, 3, False)
    assert "Friday</del>" in latest["html"]
    assert "on Monday</ins>" in named["html"]
    assert (text["before"], text["after"]) == (1, 2)
    assert "Another</ins>" in text["html"]
    assert api.get(notes, before="9").status_code == 404
    assert api.get(revision, before="2").status_code == 404
    assert api.get(notes, before="x").status_code == 400
    assert api.get(notes, since="1").status_code == 400
    assert api.get(notes, after="1").json() == {
        "before": None,
        "after": 1,
        "is_preparing": False,
        "html": "",
    }
    for path in (notes, revision):
        assert api_of(outsider).get(path).status_code == 404
