"""Staff, and the chairs of a group, see which texts read differently since an upgrade."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from alliance.portal.text_changes import unseen_count
from common.access import viewer_for
from common.text.models import TextChange
from common.text.render_again import render_again
from members.people.models import Person
from tests import factories
from tests.api.conftest import Api, api_of  # noqa: F401 - a fixture
from tests.browser import queries_of
from tests.factories import works
from tests.text.stored import make_old
from workinggroups.decisions.models import Decision
from workinggroups.groups.models import Group

LIST = "/text-changes/"


def changed_decision(chair: Person, group: Group, title: str = "Name the operator") -> Decision:
    """A decision whose text reads differently, with the change listed."""
    decision = works.decision(chair, group, title, source="The operator sends a heartbeat daily.")
    make_old(decision, "<p>The operator sends daily.</p>")
    render_again()
    return decision


def change_of(thing: Any) -> TextChange:
    return TextChange.objects.get(row_id=thing.pk)


@pytest.fixture
def open_group(chair: Person) -> Group:
    return factories.group("Open Tools", preset="open", chair=chair)


def test_agreements_in_force_come_first(
    chair: Person, open_group: Group, staff: Person, client_of: Callable[..., Client]
) -> None:
    agreement = factories.agreement("membership")
    make_old(agreement, "<h2>Terms</h2><p>Be kind.</p>")
    changed_decision(chair, open_group)
    changed_decision(chair, open_group, "Meet on Fridays")

    page = client_of(staff).get(LIST).content.decode()

    places = [page.index(words) for words in (agreement.title, "Meet on Fridays", "Name the op")]
    assert places == sorted(places)


def test_staff_compare_the_words_and_mark_the_text_as_seen(
    chair: Person, open_group: Group, staff: Person, client_of: Callable[..., Client]
) -> None:
    change = change_of(changed_decision(chair, open_group))
    client = client_of(staff)
    assert "1 text reads differently since an upgrade" in client.get("/staff/").content.decode()

    page = client.get(f"{LIST}{change.uuid}/").content.decode()
    answer = client.post(f"{LIST}{change.uuid}/seen/", follow=True)

    assert "<ins>" in page
    assert "a heartbeat" in page.split("<ins>")[1].split("</ins>")[0]
    assert "Name the operator" not in answer.content.decode()
    assert "Name the operator" in client.get(f"{LIST}?seen=yes").content.decode()
    change.refresh_from_db()
    assert change.seen_by_uuid == staff.uuid
    assert "reads differently since" not in client.get("/staff/").content.decode()


@pytest.mark.parametrize(("preset", "is_named"), [("closed", True), ("secret", False)])
def test_staff_read_no_words_of_a_private_group(
    chair: Person, staff: Person, client_of: Callable[..., Client], preset: str, is_named: bool
) -> None:
    group = factories.group("Incident Response", preset=preset, chair=chair)
    factories.membership(person=staff)
    change = change_of(changed_decision(chair, group))
    client = client_of(staff)

    page = client.get(LIST).content.decode()

    assert "Name the operator" not in page
    assert "heartbeat" not in page
    assert ("Incident Response" in page) == is_named
    assert client.get(f"{LIST}{change.uuid}/").status_code == 404
    assert client.post(f"{LIST}{change.uuid}/seen/").status_code == 404
    assert unseen_count(viewer_for(staff.pk)) == 0


def test_the_chairs_of_a_private_group_compare_its_texts(
    chair: Person, member: Person, client_of: Callable[..., Client]
) -> None:
    group = factories.group("Incident Response", preset="secret", chair=chair)
    factories.seat(group, member)
    change = change_of(changed_decision(chair, group))
    client = client_of(chair)

    work = client.get("/my/").content.decode()
    page = client.get(f"{LIST}{change.uuid}/").content.decode()

    assert "1 text of your groups reads differently since an upgrade" in work
    assert "heartbeat" in page
    assert client_of(member).get(LIST).status_code == 404


def test_a_refused_text_is_listed_with_the_reason(
    chair: Person, open_group: Group, staff: Person, client_of: Callable[..., Client]
) -> None:
    notes = factories.notes(
        factories.past_meeting(open_group, "Held"), ">" * 90 + " Deep.", author=chair
    )
    make_old(notes, "<p>Deep.</p>")
    # A text that an older renderer let pass.
    TextChange.objects.create(
        kind="notes",
        row_id=notes.pk,
        group_id=open_group.pk,
        weight=2,
        renderer_version=1,
        outcome="refused",
        reason="Lists or quotes in this text are nested too deeply. Use fewer levels.",
        label="Held, notes 1",
        url=notes.meeting.get_absolute_url(),
    )

    page = client_of(staff).get(LIST).content.decode()

    assert "Held, notes 1" in page
    assert "nested too deeply" in page


def test_the_api_tells_no_more_than_the_page(
    chair: Person,
    open_group: Group,
    staff: Person,
    api_of: Callable[..., Api],  # noqa: F811
) -> None:
    secret = factories.group("Incident Response", preset="secret", chair=chair)
    hidden = change_of(changed_decision(chair, secret))
    shown = change_of(changed_decision(chair, open_group))
    factories.membership(person=staff)

    api = api_of(staff)
    rows = {row["uuid"]: row for row in api.get("text-changes/", unseen="true").json()["results"]}

    words = ["group", "label", "path", "before", "after"]
    assert [rows[str(hidden.uuid)][key] for key in words] == [None, "", "", "", ""]
    assert rows[str(shown.uuid)]["after"] == "The operator sends a heartbeat daily."
    assert api.get(f"text-changes/{hidden.uuid}/").status_code == 404
    assert api.get(f"text-changes/{shown.uuid}/").json()["group"] == open_group.slug


def test_the_list_costs_the_same_at_any_length(
    chair: Person, open_group: Group, staff: Person, client_of: Callable[..., Client]
) -> None:
    for number in range(2):
        changed_decision(chair, open_group, f"Decision {number}")
    client = client_of(staff)
    few = queries_of(client, LIST)
    for number in range(8):
        changed_decision(chair, open_group, f"Another {number}")

    assert queries_of(client, LIST) == few
