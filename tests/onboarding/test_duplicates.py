"""Which organizations an application is held beside, and in which words."""

import pytest

from members.onboarding.actions import checklist, screening
from members.onboarding.duplicates import alike, bare_name, candidates
from members.onboarding.models import Application
from members.organizations.models import Organization
from members.people.models import Person
from tests import factories
from tests.onboarding import steps


def matched(application: Application) -> dict[str, set[str]]:
    return {one.organization.name: one.fields for one in candidates(application)}


def other_name(organization: Organization, name: str) -> None:
    organization.other_names.model(organization=organization, name=name).save()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nordlys Data GmbH", "NORDLYS DATA"),
        ("École Générale S.A.", "Ecole generale"),
        ("The Halifax Press Co., Ltd.", "Halifax Press"),
    ],
)
def test_accents_case_and_legal_form_make_no_difference(one: str, other: str) -> None:
    assert alike(bare_name(one), bare_name(other)) == 1


def test_a_name_of_nothing_but_legal_forms_stays_a_name() -> None:
    assert bare_name("Group Holding AG") != ""


def test_another_name_of_a_member_is_found(draft: Application) -> None:
    known = factories.organization("LILT")
    other_name(known, "Lagos Institute for Language Technologies")

    assert matched(draft) == {"LILT": {"name"}}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("lilt.example", "lilt.example"),
        ("lilt.example", "nlp.lilt.example"),
        ("nlp.lilt.example", "lilt.example"),
    ],
)
def test_a_domain_counts_with_its_subdomains(founder: Person, theirs: str, ours: str) -> None:
    known = factories.organization("Something Else")
    known.domains.create(domain=theirs)

    assert matched(steps.drafted(founder, domains=ours)) == {"Something Else": {"domains"}}


def test_a_domain_that_only_ends_alike_does_not_count(draft: Application) -> None:
    factories.organization("Something Else").domains.create(domain="notlilt.example")

    assert candidates(draft) == []


def test_the_named_parent_and_the_website_count(founder: Person) -> None:
    factories.organization("Ministry of Works")
    factories.organization("Unlike", website="http://lilt.example/about")
    application = steps.drafted(founder, parent="Ministry of Works", domains="")

    assert matched(application) == {"Ministry of Works": {"parent"}, "Unlike": {"website"}}


def test_the_likeliest_comes_first(draft: Application) -> None:
    factories.organization("Lagos Institute of Trade")
    same = factories.organization("Lagos Institute")
    same.domains.create(domain="lilt.example")

    assert candidates(draft)[0].organization.name == "Lagos Institute"


def test_nothing_alike_finds_nothing(draft: Application) -> None:
    factories.organization("Reykjavik Weather Office")

    assert candidates(draft) == []


def test_settling_the_last_likeness_settles_its_line(
    received: Application, staff: Person, organization: Organization
) -> None:
    one = factories.organization("Lagos Institute of Trade")
    two = factories.organization("Lagos Institute")
    check = received.checks.get(code="duplicates")

    screening.compare(actor=staff, application=received, organization=one, outcome="unrelated")
    check.refresh_from_db()
    after_one = check.state
    screening.compare(actor=staff, application=received, organization=two, outcome="related")
    check.refresh_from_db()

    assert (after_one, check.state) == ("open", "done")


def test_staff_notes_and_owners_are_kept(received: Application, staff: Person) -> None:
    checklist.add_note(actor=staff, application=received, text="They have their own budget.")
    check = received.checks.get(code="board")

    checklist.assign(actor=staff, check=check, owner=staff, due_on=None)

    assert received.notes.get().author == staff
    check.refresh_from_db()
    assert check.owner == staff
