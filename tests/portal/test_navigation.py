"""The rail and the header: what they lead to, and what they cost."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from alliance.portal.navigation import PUBLIC
from members.people.models import Person
from notifications.choices import Channel, NotificationState
from notifications.models import Event, Notification
from tests import factories
from workinggroups.groups.models import Group

pytestmark = pytest.mark.django_db

ClientOf = Callable[[Person], Client]

# A page that asks nothing for itself.
PAGE = "/appearance/"


def rail_of(client: Client) -> str:
    page = client.get(PAGE).content.decode()
    return page[page.index('class="rail"') : page.index("<main")]


def test_rail_names_the_organization_and_the_groups(
    client_of: ClientOf, chair: Person, group: Group
) -> None:
    rail = rail_of(client_of(chair))

    assert 'href="/members/aurora-labs/"' in rail
    assert "Trust Benchmarks" in rail
    assert "Chiara Chair" in rail


def test_representative_sees_the_organization_they_vote_for(
    client_of: ClientOf, representative: Person
) -> None:
    factories.affiliate(representative, factories.organization("Aardvark Labs"))

    assert "Aardvark" not in rail_of(client_of(representative))


def test_group_that_ended_for_somebody_leaves_their_rail(
    client_of: ClientOf, outsider: Person, group: Group
) -> None:
    assert "Trust Benchmarks" not in rail_of(client_of(outsider))


def test_only_staff_find_the_way_to_administration(
    client_of: ClientOf, staff: Person, chair: Person
) -> None:
    assert 'href="/staff/"' in rail_of(client_of(staff))
    assert 'href="/staff/"' not in rail_of(client_of(chair))


def test_inbox_counts_what_is_unread_by_this_person(
    client_of: ClientOf, chair: Person, member: Person
) -> None:
    for person, read_at in ((chair, None), (chair, factories.ago(days=1)), (member, None)):
        event = Event.objects.create(dedupe_key=f"{person}{read_at}", kind="test")
        Notification.objects.create(
            event=event,
            person=person,
            channel=Channel.INBOX,
            state=NotificationState.WAITING,
            read_at=read_at,
        )

    assert '<span class="count">1</span>' in rail_of(client_of(chair))


def test_rail_costs_two_queries_however_many_groups_one_is_in(
    client_of: ClientOf, chair: Person, group: Group
) -> None:
    client = client_of(chair)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(PAGE)
        return sum(
            "EXECUTE portal_reader_facts" in query["sql"]
            or "EXECUTE portal_groups_by_name" in query["sql"]
            for query in asked
        )

    few = cost()
    for number in range(18):
        factories.group(f"Group {number}", preset="open", chair=chair)

    assert (few, cost()) == (2, 2)


def test_section_one_reads_in_is_marked(client: Client) -> None:
    page = client.get("/pages/how-we-decide/").content.decode()

    assert '<a href="/pages/how-we-decide/" aria-current="page">' in page


ADDRESSES = {
    *[url for _label, url in PUBLIC],
    *["/", "/my/", "/inbox/", "/calendar/", "/groups/", "/members/", "/catalogue/", "/staff/"],
    *["/directory/", "/search/", "/join/", "/settings/", "/appearance/", "/record/"],
    *["/accounts/login/", "/accounts/logout/"],
    *[f"/pages/{slug}/" for slug in ("contact", "terms", "privacy", "accessibility")],
}


@pytest.mark.parametrize("address", sorted(ADDRESSES))
def test_address_in_the_navigation_leads_somewhere(address: str) -> None:
    assert resolve(address).func
