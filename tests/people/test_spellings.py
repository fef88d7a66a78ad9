"""However somebody spells an address, it is one mailbox: one counter, one account, one invitation.

The spellings are those of `tests/mail/test_spelling.py`, which proves that mail for all of them
goes to one place.
"""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from common.errors import Conflict, Invalid, WrongState
from common.mail.models import Message
from common.mail.spelling import spell_again, spelled, spelled_domain
from members.onboarding.actions import invitations
from members.onboarding.actions.addresses import mail_code
from members.onboarding.actions.addresses import person_behind as behind
from members.onboarding.models import Invitation
from members.organizations.actions import profile
from members.organizations.models import Organization, OrganizationDomain
from members.people import actions
from members.people.models import Person
from tests import factories
from tests.mail.test_spelling import SPELLINGS
from tests.people.conftest import PASSWORD
from tests.people.mailbox import code_in, mails_to
from workinggroups.groups import actions as groups
from workinggroups.groups.models import Group, GroupInvitation
from workinggroups.groups.queries import person_with_address

ONE = "ada@bücher.example"
# Where each costs a password hash or a few pages.
SOME = SPELLINGS[1::4]


@pytest.fixture
def bookseller(db: None) -> Person:
    return actions.create_person(
        actor=None,
        email="ada@xn--bcher-kva.example",
        name="Ada Bücher",
        password=PASSWORD,
        email_confirmed=True,
    )


def test_all_spellings_of_one_mailbox_together_are_mailed_five_times_an_hour(db: None) -> None:
    doors = ("/accounts/login/code/", "/accounts/password/reset/")
    for number, spelling in enumerate(SPELLINGS):
        for path in doors:
            Client(REMOTE_ADDR=f"10.0.0.{number}").post(path, {"email": spelling})
        Client(REMOTE_ADDR=f"10.0.1.{number}").post(
            "/join/start/", {"name": "Any One", "email": spelling}
        )
    for at in range(7):
        host = "example.org"[:at] + chr(ord("example.org"[at]) + 0xFEE0) + "example.org"[at + 1 :]
        Client(REMOTE_ADDR=f"10.0.2.{at}").post(doors[0], {"email": f"victim9@{host}"})

    assert Message.objects.filter(to_address=ONE).count() == 5
    assert Message.objects.filter(to_address="victim9@example.org").count() == 5
    assert Message.objects.count() == 10


@pytest.mark.parametrize("spelling", SOME)
def test_every_spelling_signs_its_owner_in(bookseller: Person, spelling: str) -> None:
    by_password, by_code, by_reset = Client(), Client(), Client()
    by_password.post("/accounts/login/", {"login": spelling, "password": PASSWORD})
    by_code.post("/accounts/login/code/", {"email": spelling})
    code = code_in(mails_to(ONE)[-1])
    by_code.post("/accounts/login/code/confirm/", {"code": code})
    by_reset.post("/accounts/password/reset/", {"email": spelling})
    code = code_in(mails_to(ONE)[-1])
    answer = by_reset.post("/accounts/password/reset/confirm/", {"code": code})

    for browser in (by_password, by_code):
        assert browser.session["_auth_user_id"] == str(bookseller.pk)
    assert answer.status_code == 302


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_finds_the_account(bookseller: Person, spelling: str) -> None:
    proof = mail_code(address=spelling, name="Ada")

    assert Person.objects.with_address(spelling) == bookseller
    assert Person.objects.get_by_natural_key(spelling) == bookseller
    assert person_with_address(spelling) == bookseller
    assert behind(proof=proof) == (bookseller, False)
    assert bookseller in Person.objects.matching(spelling)
    assert bookseller in Person.objects.matching(spelled_domain(spelling.partition("@")[2]))
    with pytest.raises(Conflict):
        actions.create_person(actor=None, email=spelling, name="Another")


@pytest.mark.parametrize("spelling", SOME)
def test_a_sign_up_in_any_spelling_tells_the_owner_of_the_account(
    bookseller: Person, spelling: str
) -> None:
    Client().post(
        "/accounts/signup/", {"name": "Any One", "email": spelling, "password1": PASSWORD}
    )

    assert [mail.kind for mail in Message.objects.all()] == ["sign_in_known_address"]


@pytest.mark.parametrize("spelling", SOME)
def test_ones_own_address_in_another_spelling_is_not_added(
    bookseller: Person, spelling: str
) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": ONE, "password": PASSWORD})
    page = browser.post("/settings/addresses/", {"email": spelling, "action_add": "1"})

    assert "already belongs to your account" in page.content.decode()
    assert EmailAddress.objects.filter(user=bookseller).count() == 1


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_mailbox_is_invited_once_in_any_spelling(
    representative: Person, organization: Organization, chair: Person, group: Group, spelling: str
) -> None:
    invitations.invite(
        actor=representative, organization=organization, address=spelling, role="colleague"
    )
    groups.invite(actor=chair, group=group, address=spelling)
    for other in SPELLINGS:
        with pytest.raises(WrongState):
            invitations.invite(
                actor=representative, organization=organization, address=other, role="colleague"
            )
        with pytest.raises(Invalid):
            groups.invite(actor=chair, group=group, address=other)

    assert Invitation.objects.get().address == GroupInvitation.objects.get().address == ONE


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_domain_in_any_spelling_belongs_to_one_organization(
    organization: Organization, staff: Person, spelling: str
) -> None:
    other = factories.organization("Another House")
    OrganizationDomain.objects.create(organization=other, domain="bücher.example")

    with pytest.raises(Invalid, match="belongs to another organization"):
        profile._replace_domains(organization, [spelling.strip().partition("@")[2]])


def test_addresses_from_before_are_found_again_and_none_is_lost(db: None) -> None:
    people = [factories.person(f"Person {number}") for number in range(5)]
    before = [
        *("ada@xn--bcher-kva.example", "ada@bücher.example", "lin@ｅxample.org"),
        *("bo@bu\u0308cher.example", "straight@example.org"),
    ]
    for person, address in zip(people, before, strict=True):
        Person.objects.filter(pk=person.pk).update(email=address)

    left = spell_again(Person, "email")

    assert left == 1  # the first two are one mailbox: the one in the right spelling is found
    now = [Person.objects.get(pk=person.pk).email for person in people]
    assert now == [before[0], before[1], "lin@example.org", "bo@bücher.example", before[4]]
    assert Person.objects.with_address(before[0]) == people[1]
    for person in people[1:]:
        person.refresh_from_db()
        assert spelled(person.email) == person.email
