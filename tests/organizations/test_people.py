"""Who belongs to an organization and acts for it, with dates that never overlap wrongly."""

import pytest

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from members.organizations.actions import people
from members.organizations.models import Affiliation, Organization, Representation
from members.people.models import Person
from notifications.models import Event
from tests import factories
from tests.committed import together


def acting(organization: Organization) -> dict[str, str]:
    current = Representation.objects.current().filter(organization=organization)
    return {one.person.name: one.role for one in current.select_related("person")}


def test_a_new_primary_ends_the_one_before(
    organization: Organization, representative: Person, member: Person, staff: Person
) -> None:
    people.appoint_representative(
        actor=staff, person=member, organization=organization, role="primary"
    )

    assert acting(organization) == {"Mira Member": "primary"}
    ended = Representation.objects.get(person=representative)
    assert ended.during.upper is not None


def test_a_representative_names_alternates_and_no_primary(
    organization: Organization, representative: Person, member: Person
) -> None:
    people.appoint_representative(
        actor=representative, person=member, organization=organization, role="alternate"
    )

    assert acting(organization)["Mira Member"] == "alternate"
    with pytest.raises(NotAllowed):
        people.appoint_representative(
            actor=representative, person=member, organization=organization, role="primary"
        )


def test_staff_do_not_name_themselves(organization: Organization) -> None:
    own = factories.member_of(organization, staff=True)

    with pytest.raises(NotAllowed):
        people.appoint_representative(
            actor=own, person=own, organization=organization, role="primary"
        )


def test_only_its_own_people_act_for_an_organization(
    organization: Organization, outsider: Person, staff: Person
) -> None:
    with pytest.raises(Invalid):
        people.appoint_representative(
            actor=staff, person=outsider, organization=organization, role="primary"
        )


def test_leaving_ends_the_role_and_the_access_and_tells_staff(
    organization: Organization, representative: Person, staff: Person
) -> None:
    affiliation = Affiliation.objects.get(person=representative)

    people.end_affiliation(actor=staff, affiliation=affiliation)

    assert acting(organization) == {}
    assert not viewer_for(representative.pk).in_alliance
    assert Event.objects.filter(kind="representative_missing").count() == 1
    with pytest.raises(WrongState):
        people.end_affiliation(actor=staff, affiliation=affiliation)


def test_a_person_may_leave_and_others_may_not_send_them_away(
    member: Person, observer: Person, outsider: Person
) -> None:
    affiliation = Affiliation.objects.get(person=member)

    for actor in (observer, outsider):
        with pytest.raises(NotAllowed):
            people.end_affiliation(actor=actor, affiliation=affiliation)
    people.end_affiliation(actor=member, affiliation=affiliation)

    assert not Affiliation.objects.current().filter(person=member).exists()


def test_somebody_who_left_may_come_back(organization: Organization, member: Person) -> None:
    people.end_affiliation(actor=member, affiliation=Affiliation.objects.get(person=member))

    people.affiliate(by=member, person=member, organization=organization, source="invitation")

    assert Affiliation.objects.filter(person=member).count() == 2


def test_two_primaries_named_at_once_leave_one(committed_db: str) -> None:
    organization = factories.organization("Aurora Labs")
    staff = factories.person(staff=True)
    candidates = [factories.member_of(organization) for _ in range(12)]

    together(
        *(
            lambda one=one: people.appoint_representative(
                actor=staff, person=one, organization=organization, role="primary"
            )
            for one in candidates
        ),
        timeout=60,
    )

    assert Representation.objects.current().filter(role="primary").count() == 1


def test_an_alternate_does_not_send_the_representative_away(
    organization: Organization, representative: Person, member: Person
) -> None:
    factories.represent(member, organization, "alternate")

    with pytest.raises(NotAllowed):
        people.end_affiliation(
            actor=member, affiliation=Affiliation.objects.get(person=representative)
        )

    assert acting(organization)["Rana Representative"] == "primary"


def test_nobody_acts_for_an_organization_in_grace_by_belonging_to_another(
    representative: Person, organization: Organization
) -> None:
    factories.affiliate(representative, factories.organization())
    organization.memberships.update(status="grace")

    viewer = viewer_for(representative.pk)

    assert not viewer.read_only
    assert not viewer.represents(organization.pk)
