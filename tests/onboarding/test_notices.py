"""Who hears of an application and of changed texts, and what the desk says is waiting."""

import pytest

from alliance.desk.my_work import my_work
from common.access import viewer_for
from members.onboarding import queries, registry
from members.onboarding.actions import applications
from members.onboarding.models import AgreementVersion, Application
from members.people import exports
from members.people.models import Person
from notifications.models import Event
from notifications.registry import kind_named
from tests import factories
from tests.onboarding import steps


def hears(event: Event) -> set[str]:
    return {person.name for person in kind_named(event.kind).audience(event)}


def line_of(event: Event, person: Person) -> str:
    lines = kind_named(event.kind).lines([event], viewer_for(person.pk))
    return lines[event.pk].title if event.pk in lines else ""


def test_staff_hear_that_an_application_arrived(
    received: Application, staff: Person, outsider: Person
) -> None:
    event = Event.objects.get(kind="application_received")

    assert hears(event) == {"Sade Staff"}
    assert line_of(event, staff) == "Lagos Institute applies for membership"
    assert line_of(event, outsider) == line_of(event, received.applicant) == ""


@pytest.mark.parametrize("reason", ["Not now.", "100 % of the seats are taken."])
def test_the_applicant_alone_hears_the_decision(
    received: Application, staff: Person, reason: str
) -> None:
    applications.reject(actor=staff, application=received, reason=reason)

    event = Event.objects.get(kind="application_decided")
    lines = kind_named(event.kind).lines([event], viewer_for(received.applicant.pk))
    assert hears(event) == {"Folake Founder"}
    assert lines[event.pk].detail == reason
    assert line_of(event, staff) == ""


def test_a_changed_text_reaches_whom_it_binds(
    staff: Person, member: Person, representative: Person, founder: Person
) -> None:
    steps.in_force(staff, "conduct")
    steps.in_force(staff, "membership")

    for_persons = Event.objects.get(kind="agreement_changed", ref__kind="conduct")
    for_members = Event.objects.get(kind="agreement_changed", ref__kind="membership")
    assert {"Mira Member", "Rana Representative"} <= hears(for_persons)
    assert "Folake Founder" not in hears(for_persons)
    assert hears(for_members) == {"Rana Representative"}
    assert line_of(for_persons, member) == "“Conduct” has a new version"
    assert line_of(for_members, member) == ""


def test_the_desk_says_what_is_to_be_signed_and_accepted(
    founder: Person, staff: Person, member: Person, texts: list[AgreementVersion]
) -> None:
    application = steps.drafted(founder, signatory_email=founder.email)
    steps.approved(steps.settled(steps.sent(application), staff), staff)

    founders = my_work(founder, viewer_for(founder.pk)).needs
    members = my_work(member, viewer_for(member.pk)).needs

    assert [need.title for need in founders] == ["Sign the agreements for Lagos Institute"]
    assert [need.title for need in members] == ["Accept “Conduct”"]


def test_groups_of_interest_are_those_that_anybody_knows(db: None) -> None:
    factories.group("Open Tools", preset="open")
    factories.group("Incident Response", preset="secret")

    assert registry.interest_choices() == [("open-tools", "Open Tools")]


def test_everybody_can_take_their_own_data_away(approved: Application, founder: Person) -> None:
    data = exports.export(founder)

    assert data["organizations"]["affiliations"][0]["organization"] == "Lagos Institute"
    assert data["onboarding"]["applications"][0]["state"] == "approved"


def test_the_funnel_counts_where_applications_stand(
    approved: Application, founder: Person, staff: Person
) -> None:
    factories.application(founder, received_at=factories.ago(days=40))
    factories.application(founder, state="screening")
    factories.application(founder, state="withdrawn")

    funnel = queries.funnel()

    assert (funnel.received, funnel.received_late) == (1, 1)
    assert (funnel.screening, funnel.screening_late) == (1, 0)
    assert (funnel.awaiting, funnel.welcomed, funnel.late) == (1, 0, 1)
    assert {row.number for row in queries.queue(stage="late")} == {
        row.number for row in queries.queue(stage="received")
    }
