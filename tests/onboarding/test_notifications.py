"""Who hears of an application and of changed texts, and what the desk says is waiting."""

import pytest

from alliance.portal.my_work.page import my_work
from common.access import viewer_for
from members.onboarding import queries, registry
from members.onboarding.actions import screening
from members.onboarding.models import AgreementVersion, Application
from members.people import exports
from members.people.models import Person
from notifications.content import contents_of
from notifications.fan_out import fan_out_waiting
from notifications.models import Event, Notification
from notifications.registry import payload_of
from tests import factories
from tests.onboarding import steps


def hears(event: Event) -> set[str]:
    payload = payload_of(event)
    assert payload is not None
    return {person.name for person in payload.recipients()}


def title_for(event: Event, person: Person) -> str:
    """What the person reads of the event; empty for nothing."""
    contents = contents_of([event], viewer_for(person.pk))
    return contents[event.pk].title if event.pk in contents else ""


def test_staff_hear_that_an_application_arrived(
    received: Application, staff: Person, outsider: Person
) -> None:
    event = Event.objects.get(kind="application_received")

    assert hears(event) == {"Sade Staff"}
    assert title_for(event, staff) == "Lagos Institute applies for membership"
    assert title_for(event, outsider) == title_for(event, received.applicant) == ""


def test_the_applicant_gets_a_receipt(received: Application, staff: Person) -> None:
    event = Event.objects.get(kind="application_sent")

    assert hears(event) == {"Folake Founder"}
    assert (
        title_for(event, received.applicant)
        == "We have received the application of Lagos Institute"
    )
    assert title_for(event, staff) == ""


def test_the_applicant_hears_that_it_is_approved_and_for_whom_it_waits(
    approved: Application, founder: Person
) -> None:
    event = Event.objects.get(kind="application_decided")

    content = contents_of([event], viewer_for(founder.pk))[event.pk]

    assert content.title == "The application of Lagos Institute has been approved"
    assert content.detail == (
        "We sent the agreements to Dean Signs, dean@lilt.example. "
        "It becomes a member as soon as they are accepted."
    )


def test_an_applicant_who_signs_is_told_that_it_waits_for_them(
    founder: Person, staff: Person, texts: list[AgreementVersion]
) -> None:
    application = steps.drafted(founder, signatory_email=founder.email)
    steps.approved(steps.settled(steps.sent(application), staff), staff)
    event = Event.objects.get(kind="application_decided")

    content = contents_of([event], viewer_for(founder.pk))[event.pk]

    assert content.detail == "It becomes a member as soon as you accept the agreements for it."


@pytest.mark.parametrize(
    ("representative", "notified"),
    [
        ("rita@lilt.example", {"application_completed"}),
        ("folake@lilt.example", {"membership_changed"}),
    ],
)
def test_the_applicant_hears_once_that_the_organization_is_a_member(
    founder: Person,
    staff: Person,
    texts: list[AgreementVersion],
    representative: str,
    notified: set[str],
) -> None:
    application = steps.drafted(founder, representative_email=representative)
    steps.approved(steps.settled(steps.sent(application), staff), staff)

    steps.signed(factories.person("Dean Signs", email="dean@lilt.example"))

    events = Event.objects.filter(kind__in=["membership_changed", "application_completed"])
    assert {event.kind for event in events if "Folake Founder" in hears(event)} == notified
    assert {title_for(event, founder) for event in events} - {""} <= {
        "Lagos Institute is now a member",
        "Lagos Institute: membership is now “Active”",
    }


def test_an_applicant_who_signed_is_not_mailed_about_their_own_signature(
    founder: Person, staff: Person, texts: list[AgreementVersion]
) -> None:
    application = steps.drafted(founder, signatory_email=founder.email)
    steps.approved(steps.settled(steps.sent(application), staff), staff)
    steps.signed(founder)

    fan_out_waiting()

    notified = (
        Notification.objects.filter(person=founder).values_list("event__kind", flat=True).distinct()
    )
    assert set(notified) - {"agreement_changed"} == {"application_sent", "application_decided"}


@pytest.mark.parametrize("reason", ["Not now.", "100 % of the seats are taken."])
def test_the_applicant_alone_hears_the_decision(
    received: Application, staff: Person, reason: str
) -> None:
    screening.reject(actor=staff, application=received, reason=reason)

    event = Event.objects.get(kind="application_decided")
    contents = contents_of([event], viewer_for(received.applicant.pk))
    assert hears(event) == {"Folake Founder"}
    assert contents[event.pk].detail == reason
    assert title_for(event, staff) == ""


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
    assert title_for(for_persons, member) == "“Conduct” has a new version"
    assert title_for(for_members, member) == ""


def test_the_desk_says_what_is_to_be_signed_and_accepted(
    founder: Person, staff: Person, member: Person, texts: list[AgreementVersion]
) -> None:
    application = steps.drafted(founder, signatory_email=founder.email)
    steps.approved(steps.settled(steps.sent(application), staff), staff)

    founders = my_work(founder, viewer_for(founder.pk)).needs
    members = my_work(member, viewer_for(member.pk)).needs

    assert [need.title for need in founders] == ["Sign the agreements for Lagos Institute"]
    assert [need.title for need in members] == ["Accept “Conduct”"]


def test_a_representative_reads_on_whose_signature_the_membership_waits(
    founder: Person, staff: Person, texts: list[AgreementVersion]
) -> None:
    application = steps.drafted(founder, representative_email=founder.email)
    approved = steps.approved(steps.settled(steps.sent(application), staff), staff)

    desk = my_work(founder, viewer_for(founder.pk))

    assert (desk.needs, desk.is_empty) == ([], False)
    (awaited,) = desk.awaited
    assert awaited.title == "Lagos Institute becomes a member once its agreements are signed"
    assert awaited.detail.startswith("Waiting for Dean Signs. We sent the agreements on")
    assert approved.organization is not None
    steps.signed(factories.person("Dean Signs", email="dean@lilt.example"))
    assert my_work(founder, viewer_for(founder.pk)).awaited == []


def test_an_applicant_reads_that_the_application_is_with_staff(
    received: Application, founder: Person, staff: Person
) -> None:
    (awaited,) = my_work(founder, viewer_for(founder.pk)).awaited

    assert awaited.title == "The application of Lagos Institute is with staff"
    assert my_work(staff, viewer_for(staff.pk)).awaited == []


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
