"""Who hears of an organization's news, and only while it is theirs to hear."""

import pytest

from common.access import viewer_for
from members.organizations.actions import memberships, people
from members.organizations.models import Affiliation, Organization
from members.people.models import Person
from notifications.content import contents_of
from notifications.models import Event
from notifications.registry import payload_of
from tests import factories


def hears(event: Event) -> set[str]:
    payload = payload_of(event)
    assert payload is not None
    return {person.name for person in payload.recipients()}


def title_for(event: Event, person: Person) -> str:
    """What the person reads of the event; empty for nothing."""
    contents = contents_of([event], viewer_for(person.pk))
    return contents[event.pk].title if event.pk in contents else ""


@pytest.fixture
def changed(organization: Organization, representative: Person, staff: Person) -> Event:
    memberships.set_status(
        actor=staff, membership=organization.memberships.get(), status="grace", reason="Fee."
    )
    return Event.objects.get(kind="membership_changed")


def test_representatives_hear_of_their_membership_and_nobody_else_does(
    changed: Event, representative: Person, member: Person, outsider: Person
) -> None:
    assert hears(changed) == {"Rana Representative"}
    assert title_for(changed, representative) == "Aurora Labs: membership is now “In grace”"
    for somebody in (member, outsider):
        assert title_for(changed, somebody) == ""


def test_a_former_representative_hears_no_more(
    changed: Event, representative: Person, staff: Person
) -> None:
    people.end_affiliation(actor=staff, affiliation=Affiliation.objects.get(person=representative))

    assert hears(changed) == set()
    assert title_for(changed, representative) == ""


def test_representatives_hear_of_a_new_colleague(
    organization: Organization, representative: Person
) -> None:
    newcomer = factories.person("Nadia New")

    people.affiliate(by=newcomer, person=newcomer, organization=organization, source="invitation")

    event = Event.objects.get(kind="colleague_joined")
    assert hears(event) == {"Rana Representative"}
    assert title_for(event, representative) == "Nadia New joined Aurora Labs"
    assert title_for(event, newcomer) == ""


def test_staff_hear_of_a_member_without_representative(
    organization: Organization, representative: Person, staff: Person
) -> None:
    people.end_affiliation(
        actor=representative, affiliation=Affiliation.objects.get(person=representative)
    )

    event = Event.objects.get(kind="representative_missing")
    assert hears(event) == {"Sade Staff"}
    assert title_for(event, staff) == "Aurora Labs has no representative"
    assert title_for(event, representative) == ""
