"""The pages of the way in, in a real browser: both widths, both themes, no violation."""

from collections.abc import Callable

from members.onboarding.actions import screening
from members.organizations.actions import importing
from members.organizations.models import Organization
from tests import factories
from tests.onboarding import steps

MEMBERS = """name,kind,country,domains
Zurich Polytechnic,university,CH,zpoly.example
Aurora Labs,company,NO,aurora.example
Lagos Press,nonprofit,NG,
"""


def test_pages_of_the_way_in(faults_of: Callable[..., list[str]]) -> None:
    staff = factories.person("Lucía Ferrer", staff=True)
    steps.in_force(staff, "membership")
    importing.import_members(actor=staff, text=MEMBERS)
    member = Organization.objects.get(slug="zurich-polytechnic")
    representative = factories.member_of(member, "Adaeze Okonkwo")
    factories.represent(representative, member)
    founder = factories.person("Urs Gantenbein", email="urs@materials.zpoly.example")
    draft = steps.drafted(founder, purpose="")
    likely = steps.drafted(
        founder, name="Zurich Polytechnic Materials", domains="materials.zpoly.example"
    )
    sent = screening.begin_screening(actor=staff, application=steps.sent(likely))
    pages = {
        "/members/": None,
        "/join/": None,
        "/join/start/": None,
        f"/join/{draft.uuid}/representative/": founder,
        f"/join/{draft.uuid}/send/": founder,
        "/staff/applications/": staff,
        f"/staff/applications/{sent.number}/": staff,
        f"/members/{member.slug}/": representative,
        f"/members/{member.slug}/people/": representative,
        f"/members/{member.slug}/invitations/": representative,
    }

    faults = {path: faults_of(path, person) for path, person in pages.items()}

    assert {path: found for path, found in faults.items() if found} == {}
