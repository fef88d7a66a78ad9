"""An address is proved by the code that was mailed to it, and by nothing else."""

import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.utils import timezone

from common.errors import Invalid, WrongState
from common.mail.models import Message
from common.mail.registry import renderer
from members.onboarding.actions import addresses
from members.onboarding.models import AddressProof
from members.people.models import Person
from tests import factories
from tests.committed import together


def code_of(proof: AddressProof) -> str:
    message = Message.objects.filter(to_address=proof.address).latest("due_at")
    render = renderer(message.kind)
    assert render is not None
    mail = render(message)
    assert mail is not None
    found = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.text)
    assert found is not None
    return found.group()


def wrong(code: str) -> str:
    return f"{'C' if code[0] == 'B' else 'B'}{code[1:]}"


def test_the_mailed_code_proves_the_address_once(db: None) -> None:
    proof = addresses.mail_code(address="Ada@Example.org", name="Ada  Advocate")
    code = code_of(proof)

    proved = addresses.prove_address(uuid=proof.uuid, code=f" {code[:3].lower()} {code[3:]}")

    assert proved.address == "ada@example.org"
    with pytest.raises(WrongState):
        addresses.prove_address(uuid=proof.uuid, code=code)


def test_after_three_wrong_codes_the_right_one_is_refused(db: None) -> None:
    proof = addresses.mail_code(address="ada@example.org")
    code = code_of(proof)
    for _ in range(3):
        with pytest.raises(Invalid):
            addresses.prove_address(uuid=proof.uuid, code=wrong(code))

    with pytest.raises(WrongState):
        addresses.prove_address(uuid=proof.uuid, code=code)


def test_no_code_proves_an_address_that_was_not_mailed(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = get_adapter()
    monkeypatch.setattr(type(adapter), "generate_email_verification_code", lambda _self: "BB-BB")
    proof = addresses.mail_code(address="ada@example.org", is_mailed=False)

    for typed in ("BB-BB", "unsent BB-BB", "unsent bbbb"):
        with pytest.raises(Invalid):
            addresses.prove_address(uuid=proof.uuid, code=typed)
    assert not Message.objects.exists()


def test_a_code_runs_out(db: None) -> None:
    proof = addresses.mail_code(address="ada@example.org")
    code = code_of(proof)
    AddressProof.objects.update(expires_at=timezone.now())

    with pytest.raises(WrongState):
        addresses.prove_address(uuid=proof.uuid, code=code)


def test_the_code_of_one_proof_opens_no_other(db: None) -> None:
    first = addresses.mail_code(address="ada@example.org")
    code = code_of(first)
    second = addresses.mail_code(address="victim@example.org")
    AddressProof.objects.filter(pk=second.pk).update(code_digest=first.code_digest)

    with pytest.raises(Invalid):
        addresses.prove_address(uuid=second.uuid, code=code)


def test_a_new_address_becomes_a_person_without_password(db: None) -> None:
    proof = addresses.mail_code(address="ada@example.org", name="Ada Advocate")

    person, is_new = addresses.person_behind(proof=proof)

    assert is_new
    assert person.name == "Ada Advocate"
    assert not person.has_usable_password()
    assert addresses.confirmed_addresses(person=person) == {"ada@example.org"}


def test_a_known_address_leads_to_its_person_and_changes_nothing(member: Person) -> None:
    proof = addresses.mail_code(address=member.email, name="Somebody Else")

    person, is_new = addresses.person_behind(proof=proof)

    assert (person, is_new) == (member, False)
    assert person.has_usable_password()
    assert person.name == "Mira Member"


def test_a_second_address_of_a_person_leads_to_them(member: Person) -> None:
    EmailAddress.objects.create(user=member, email="mira@home.example", verified=True)

    person, _is_new = addresses.person_behind(
        proof=addresses.mail_code(address="mira@home.example")
    )

    assert person == member


def test_whoever_squatted_on_an_address_loses_it_to_its_owner(db: None) -> None:
    squatter = factories.person(email="ada@example.org")
    EmailAddress.objects.filter(user=squatter).update(verified=False)

    person, _is_new = addresses.person_behind(proof=addresses.mail_code(address="ada@example.org"))

    assert person == squatter
    assert not person.has_usable_password()


def test_an_address_of_another_account_is_not_added(member: Person, outsider: Person) -> None:
    proof = addresses.mail_code(address=outsider.email)

    with pytest.raises(WrongState):
        addresses.add_address(actor=member, proof=proof)


def test_old_codes_are_forgotten(db: None) -> None:
    addresses.mail_code(address="old@example.org")
    AddressProof.objects.update(expires_at=factories.ago(days=2))
    addresses.mail_code(address="new@example.org")

    addresses.forget_old_proofs()

    assert [proof.address for proof in AddressProof.objects.all()] == ["new@example.org"]


def test_guesses_at_once_count_each(committed_db: str) -> None:
    proof = addresses.mail_code(address="ada@example.org")
    guess = wrong(code_of(proof))

    outcomes = together(*[lambda: addresses.prove_address(uuid=proof.uuid, code=guess)] * 16)

    assert [type(outcome) for outcome in outcomes].count(Invalid) == 3
    assert [type(outcome) for outcome in outcomes].count(WrongState) == 13
