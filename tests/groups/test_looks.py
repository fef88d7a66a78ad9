"""Every page of the room in Chromium, at both widths and in both themes: axe and no sideways scroll."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group


def busy_group() -> tuple[Group, Person, Person]:
    """A group with something on each of its pages; its chair, and staff."""
    kinds = ["company", "company", "university", "research", "nonprofit", "company"]
    countries = ["CH", "US", "JP", "KE", "BR", "DE"]
    organizations = [
        factories.organization(f"Organization of {country}", kind=kind, country=country)
        for kind, country in zip(kinds, countries, strict=True)
    ]
    chair = factories.member_of(organizations[0], "Hélène Marchetti")
    group = factories.group("Trust Benchmarks", chair=chair)
    for number, organization in enumerate(organizations * 2):
        person = factories.member_of(organization, f"Ada Member {number}")
        office = {0: "co_chair", 1: "secretary"}.get(number, "")
        level = "observer" if number == 4 else "participant"
        factories.seat(group, person, office=office, level=level)
    for number in range(3):
        meeting = factories.past_meeting(
            group, starts_at=factories.ago(days=7 * (number + 1)), state="held"
        )
        for seat in group.seats.all()[: 9 - number]:
            factories.attendance(meeting, seat.person, organization=seat.organization)
    coming = factories.meeting(group, "Meeting 4: which tests first", created_by=chair)
    factories.agenda_item(coming)
    factories.charter(group, author=chair)
    factories.charter(group, state="draft", author=chair, source="## Scope\n\nMore tests.")
    today = timezone.localdate()
    factories.milestone(
        group, "Reference stack", state="reached", reached_on=today - timedelta(days=40)
    )
    factories.milestone(group, "Handbook", due_on=today - timedelta(days=3))
    factories.milestone(group, "Multilingual test sets")
    for days in (-2, 4, None):
        factories.action_item(
            group,
            owner=chair,
            text="Write to the authors of the test sets and ask for their terms",
            due_on=None if days is None else today + timedelta(days=days),
        )
    newcomer = factories.member_of(organizations[2], "Yuki Newcomer")
    factories.admission_request(group, newcomer, note="I wrote two of the test sets.")
    factories.group("Incident Response", preset="secret", chair=chair)
    return group, chair, factories.person("Sade Staff", staff=True)


def test_pages_have_no_fault(faults_of: Callable[..., list[str]]) -> None:
    group, chair, staff = busy_group()
    outsider = factories.member_of(factories.organization("Borealis"), "Odo Outsider")
    home = f"/groups/{group.slug}/"
    member = group.seats.exclude(person=chair).first().person
    # Whose content differs from that in tests/test_pages.py, which looks at all pages.
    pages = [
        (home, None),
        ("/groups/", chair),
        (home, chair),
        (f"{home}people/", chair),
        (f"{home}people/{member.uuid}/", chair),
        (f"{home}charter/", chair),
        (f"{home}charter/draft/", chair),
        (f"{home}milestones/", chair),
        (f"{home}actions/", chair),
        (home, outsider),
        ("/directory/", outsider),
        (f"/people/{chair.uuid}/", outsider),
        ("/staff/groups/", staff),
        (f"/staff/groups/{group.uuid}/", staff),
    ]

    faults = [(path, person and person.name, faults_of(path, person)) for path, person in pages]

    assert [fault for fault in faults if fault[-1]] == []
