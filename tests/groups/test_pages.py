"""Pages of the room: what they say to whom, and what they cost."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from members.people.models import Person
from tests import factories
from tests.factories import works
from workinggroups.groups.models import Group

Clients = Callable[..., Client]


def queries_of(client: Client, path: str, count: Any) -> int:
    """How many queries the page makes once everything that is kept is kept."""
    client.get(path)
    with count() as queries:
        response = client.get(path)
    assert response.status_code == 200
    return len(queries)


@pytest.fixture
def count(django_assert_max_num_queries: Any) -> Any:
    return lambda: django_assert_max_num_queries(15)


def test_directory_costs_the_same_for_two_groups_and_twenty(
    chair: Person, group: Group, client_of: Clients, count: Any
) -> None:
    client = client_of(chair)
    few = queries_of(client, "/groups/", count)

    for _number in range(18):
        other = factories.group(preset="open", chair=chair)
        factories.seat(other, factories.person(), level="expert")

    # The rail names the groups one is in with one query, however many.
    assert queries_of(client, "/groups/", count) == few


def test_roster_costs_the_same_for_two_people_and_twenty(
    chair: Person, group: Group, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    client, path = client_of(chair), f"/groups/{group.slug}/people/"
    factories.seat(group, factories.member_of(factories.organization()))
    factories.admission_request(group, factories.member_of(factories.organization()))
    # Among them the voters of the organizations, in eight.
    count = partial(django_assert_max_num_queries, 22)
    few = queries_of(client, path, count)

    for _number in range(18):
        factories.seat(group, factories.member_of(factories.organization()))
        factories.admission_request(group, factories.member_of(factories.organization()))

    assert queries_of(client, path, count) == few


def test_action_items_cost_the_same_for_two_and_twenty(
    chair: Person, group: Group, client_of: Clients, count: Any
) -> None:
    client, path = client_of(chair), f"/groups/{group.slug}/actions/"
    factories.action_item(group, owner=chair)
    factories.action_item(group, owner=chair)
    few = queries_of(client, path, count)

    for _number in range(18):
        person = factories.member_of(factories.organization())
        factories.seat(group, person)
        factories.action_item(group, owner=person)

    assert queries_of(client, path, count) == few


def test_staff_list_costs_the_same_for_two_groups_and_twenty(
    staff: Person, group: Group, client_of: Clients, count: Any
) -> None:
    client = client_of(staff)
    factories.group(preset="secret")
    few = queries_of(client, "/staff/groups/", count)

    for _number in range(18):
        factories.charter(factories.group(preset="closed", chair=factories.person()))

    assert queries_of(client, "/staff/groups/", count) == few


def test_people_directory_costs_the_same_for_two_and_twenty(
    chair: Person, client_of: Clients, count: Any
) -> None:
    client = client_of(chair)
    for _number in range(2):
        factories.member_of(factories.organization(), in_directory=True)
    few = queries_of(client, "/directory/", count)

    for _number in range(18):
        factories.member_of(factories.organization(), in_directory=True)

    assert queries_of(client, "/directory/", count) == few


def test_home_of_a_full_group_takes_at_most_fifteen_queries(
    chair: Person, member: Person, group: Group, client_of: Clients, count: Any
) -> None:
    factories.charter(group)
    factories.agenda_item(factories.meeting(group))
    held = factories.past_meeting(group, state="held")
    factories.attendance(held, member, organization=member.affiliations.get().organization)
    factories.milestone(group)
    factories.action_item(group, owner=chair)
    works.in_review(chair, group, title="Guide")
    works.publication(chair, group, title="Handbook")
    cache.clear()

    assert queries_of(client_of(chair), f"/groups/{group.slug}/", count) <= 15


def test_home_shows_work_to_members_and_the_card_to_others(
    chair: Person, member: Person, outsider: Person, group: Group, client_of: Clients
) -> None:
    works.decision(chair, group, "Quote at most 200 words")
    factories.meeting(group, "Which tests first")
    path = f"/groups/{group.slug}/"

    inside = client_of(member).get(path).content.decode()
    outside = client_of(outsider).get(path).content.decode()

    for words in ("Quote at most 200 words", "Which tests first", "/meetings/"):
        assert words in inside
        assert words not in outside
    assert group.purpose in outside
    assert "Ask to join" in outside


def test_staff_list_names_no_secret_group(staff: Person, chair: Person, client_of: Clients) -> None:
    secret = factories.group("Incident Response", preset="secret", chair=chair)

    page = client_of(staff).get("/staff/groups/").content.decode()
    detail = client_of(staff).get(f"/staff/groups/{secret.uuid}/").content.decode()

    assert str(secret.uuid) in page
    assert chair.name in page
    for text in (page, detail):
        assert "Incident Response" not in text
        assert secret.slug not in text


def test_joining_asks_on_whose_behalf_only_where_there_is_a_choice(
    outsider: Person, chair: Person, client_of: Clients
) -> None:
    group = factories.group(preset="open", chair=chair)
    path = f"/groups/{group.slug}/join/"
    client = client_of(outsider)
    assert "organization" not in client.get(path).context["form"].fields

    second = factories.organization("Second Lab")
    factories.affiliate(outsider, second)
    assert client.post(path, {"level": "participant"}).context["form"].errors["organization"]
    client.post(path, {"level": "participant", "organization": second.slug})

    assert group.seats.get(person=outsider).organization == second


def test_charter_edited_by_two_keeps_both_texts(
    chair: Person, co_chair: Person, group: Group, client_of: Clients
) -> None:
    path = f"/groups/{group.slug}/charter/draft/edit/"
    mine, theirs = client_of(chair), client_of(co_chair)
    mine.post(path, {"source": "First text", "quorum": "none", "minutes_rule": "none"})
    read_at = mine.get(path).context["form"].initial["read_at"]
    theirs.post(
        path,
        {"source": "Their text", "quorum": "third", "minutes_rule": "none", "read_at": read_at},
    )

    response = mine.post(
        path, {"source": "My text", "quorum": "none", "minutes_rule": "none", "read_at": read_at}
    )

    assert response.status_code == 409
    assert "My text" in response.content.decode()
    assert "Their" in response.content.decode()
    assert "<del>At least one third of the organizations</del>" in response.content.decode()
    initial = {name: value or "" for name, value in response.context["form"].initial.items()}
    mine.post(path, initial)
    assert group.charters.get().source == "My text"


def test_charter_form_tells_its_draft_from_text_saved_for_later(
    chair: Person, group: Group, client_of: Clients
) -> None:
    page = client_of(chair).get(f"/groups/{group.slug}/charter/draft/edit/").content.decode()

    form = page[page.index('<form class="form-page"') :]
    buttons = re.findall(r"<button[^>]*>\s*([^<]*?)\s*</button>", form[: form.index("</form>")])
    assert buttons == ["Preview", "Save for later", "Use these rules", "Save charter draft"]


def test_form_leads_back_to_this_site_only(
    member: Person, group: Group, client_of: Clients
) -> None:
    item = factories.action_item(group, owner=member)
    path = f"/groups/{group.slug}/actions/{item.number}/"
    client = client_of(member)

    there = client.post(f"{path}close/", {"next": "//elsewhere.example/"})
    here = client.post(f"{path}reopen/", {"next": "/my/"})

    assert there["Location"] == f"/groups/{group.slug}/actions/"
    assert here["Location"] == "/my/"


def test_card_shows_a_person_only_to_those_who_may_know(
    member: Person, outsider: Person, chair: Person, group: Group, client_of: Clients
) -> None:
    path = f"/people/{member.uuid}/"

    assert client_of(chair).get(path).status_code == 200
    assert client_of(outsider).get(path).status_code == 404
    member.in_directory = True
    member.save(update_fields=["in_directory"])
    seen = client_of(outsider).get(path).content.decode()
    assert group.name not in seen
    assert member.email not in seen


def test_representative_sees_the_address_of_a_colleague(
    representative: Person, member: Person, client_of: Clients
) -> None:
    card = client_of(representative).get(f"/people/{member.uuid}/")

    assert member.email in card.content.decode()


def test_directory_finds_names_without_their_accents(
    chair: Person, organization: Any, client_of: Clients
) -> None:
    factories.member_of(organization, "Zoë Łukasik", in_directory=True)
    factories.member_of(organization, "Unlisted Person")

    page = client_of(chair).get("/directory/?q=zoe").content.decode()

    assert "Zoë" in page
    assert "Unlisted" not in page


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("actions/new/", {"text": ""}),
        ("actions/1/", {"text": "", "due_on": "2026-02-30"}),
        ("settings/", {"name": ""}),
        ("people/add/", {"address": "nobody", "level": "participant"}),
        ("charter/draft/edit/", {"source": "", "expires_on": "soon"}),
    ],
)
def test_a_refused_form_says_so_to_programs_too(
    page: str, sent: dict[str, str], chair: Person, group: Group, client_of: Clients
) -> None:
    factories.action_item(group, owner=chair, text="As it is stored")

    response = client_of(chair).post(f"/groups/{group.slug}/{page}", sent)

    assert response.status_code == 422
    assert page != "actions/1/" or "<h1>As it is stored</h1>" in response.content.decode()


def test_a_page_says_what_was_done_to_a_place_or_an_office(
    chair: Person, member: Person, group: Group, client_of: Clients
) -> None:
    browser, place = client_of(chair), f"/groups/{group.slug}/people/{member.uuid}/"

    def after(path: str, **sent: str) -> str:
        return browser.post(path, sent, follow=True).content.decode()

    assert f"{member} is now co-chair." in after(f"{place}appoint/", office="co_chair")
    assert f"{member} is no longer co-chair." in after(f"{place}release/", office="co_chair")
    assert f"{member} is now an observer." in after(place, level="observer")
    assert "is now" not in after(place, level="observer")


def test_a_running_meeting_is_said_to_run_and_linked(client_of, member, group):
    path = f"/groups/{group.slug}/"
    coming = factories.meeting(group)
    shown = client_of(member).get(path).text
    assert "Next meeting" in shown
    assert "In the meeting" not in shown
    coming.delete()
    running = factories.running_meeting(group)

    shown = client_of(member).get(path).text

    assert "Meeting in progress" in shown
    assert "Next meeting" not in shown
    assert f'href="{running.get_absolute_url()}live/"' in shown
