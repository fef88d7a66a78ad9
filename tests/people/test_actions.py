"""What happens to an account, and that it stands in the record."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.search.models import SearchEntry
from members.people import actions
from members.people.models import Person
from tests.people.mailbox import code_in, mails_to
from tests.people.test_sign_in import signed_in_as


def verbs(person: Person) -> list[str]:
    rows = Record.objects.filter(object_uuid=person.uuid).order_by("at", "pk")
    return [row.verb for row in rows]


@pytest.fixture
def staff(noor: Person) -> Person:
    return actions.make_staff(person=noor)


def test_create_person_is_recorded(ada: Person) -> None:
    assert verbs(ada) == ["created"]
    assert ada.sort_name == "ada ekstrom"


def test_address_belongs_to_one_account_whatever_its_capitals(ada: Person) -> None:
    with pytest.raises(Conflict):
        actions.create_person(actor=None, email="ADA@Lumen.Example", name="Twin")


def test_rename_changes_name_and_order(ada: Person) -> None:
    actions.rename(actor=ada, person=ada, name=" Zoë  Ekström ")

    ada.refresh_from_db()
    assert (ada.name, ada.sort_name) == ("Zoë Ekström", "zoe ekstrom")
    assert verbs(ada) == ["created", "renamed"]


def test_nobody_renames_anybody_else(ada: Person, staff: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.rename(actor=staff, person=ada, name="Other")


def test_empty_name_is_refused(ada: Person) -> None:
    with pytest.raises(Invalid):
        actions.rename(actor=ada, person=ada, name="  ")


def test_preferences_want_a_real_zone(ada: Person) -> None:
    with pytest.raises(Invalid) as refused:
        actions.set_preferences(
            actor=ada, person=ada, zone="Mars/Base", locale="en", in_directory=True
        )

    assert refused.value.field == "zone"


def test_listing_in_the_directory_is_recorded_once(ada: Person) -> None:
    for _ in range(2):
        actions.set_preferences(
            actor=ada, person=ada, zone="Asia/Tokyo", locale="en", in_directory=True
        )

    assert verbs(ada) == ["created", "listed"]


def test_suspension_ends_visits_and_can_be_undone(
    client: Client, ada: Person, staff: Person
) -> None:
    from tests.people.test_sign_in import sign_in_by_password

    sign_in_by_password(client, ada)

    actions.suspend(actor=staff, person=ada)

    assert signed_in_as(client).startswith("/accounts/login/")
    sign_in_by_password(client, ada)
    assert signed_in_as(client).startswith("/accounts/login/")

    actions.restore(actor=staff, person=ada)
    sign_in_by_password(client, ada)
    assert signed_in_as(client) == "Ada Ekström"
    assert verbs(ada) == ["created", "suspended", "restored"]


def test_nobody_begins_under_the_name_of_staff(staff: Person) -> None:
    for at, name in enumerate((staff.name, staff.name.upper())):
        person = actions.create_person(actor=None, email=f"new{at}@example.org", name=name)
        assert person.name == ""
        assert str(person) != staff.name


def test_only_staff_suspends_and_never_itself(ada: Person, staff: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.suspend(actor=ada, person=staff)
    with pytest.raises(NotAllowed):
        actions.suspend(actor=staff, person=staff)


def test_states_follow_the_table(ada: Person, staff: Person) -> None:
    with pytest.raises(WrongState):
        actions.restore(actor=staff, person=ada)
    actions.suspend(actor=staff, person=ada)
    with pytest.raises(WrongState):
        actions.suspend(actor=staff, person=ada)


def test_closed_account_stays_closed(ada: Person, staff: Person) -> None:
    actions.close(actor=ada, person=ada)

    with pytest.raises(WrongState):
        actions.suspend(actor=staff, person=ada)
    with pytest.raises(WrongState):
        actions.restore(actor=staff, person=ada)


def test_record_holds_no_personal_text(ada: Person) -> None:
    actions.rename(actor=ada, person=ada, name="Somebody Else")
    actions.close(actor=ada, person=ada)

    text = " ".join(row.facts for row in Record.objects.all())
    assert "Ada" not in text
    assert "lumen" not in text


def test_create_admin_makes_an_account_that_signs_in_by_code(client: Client, db: None) -> None:
    call_command("create_admin", "Root@Alliance.Example")

    person = Person.objects.get(email="root@alliance.example")
    assert person.is_staff
    client.post("/accounts/login/code/", {"email": person.email})
    code = code_in(mails_to(person.email)[-1])
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert signed_in_as(client) == "root"


@pytest.mark.parametrize("development", [True, False])
def test_create_admin_says_where_the_code_is_read_in_development(
    settings: Any, capsys: pytest.CaptureFixture[str], db: None, development: bool
) -> None:
    settings.DEVELOPMENT = development

    call_command("create_admin", "root@alliance.example")

    assert ("/mailbox/" in capsys.readouterr().out) == development


def test_create_admin_promotes_an_account_that_exists(ada: Person) -> None:
    call_command("create_admin", "ADA@lumen.example")

    ada.refresh_from_db()
    assert ada.is_staff
    assert Person.objects.count() == 1


def test_create_admin_wants_an_address(db: None) -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("create_admin", "nobody")


def test_search_finds_who_is_in_the_directory_and_nobody_else(ada: Person, staff: Person) -> None:
    def found() -> list[str]:
        return [entry.title for entry in SearchEntry.objects.filter(kind="person")]

    def prefer(in_directory: bool) -> None:
        actions.set_preferences(
            actor=ada, person=ada, zone="UTC", locale="en", in_directory=in_directory
        )

    assert found() == []
    prefer(True)
    actions.rename(actor=ada, person=ada, name="Ada Lind")
    assert found() == ["Ada Lind"]
    actions.suspend(actor=staff, person=ada)
    assert found() == []
    actions.restore(actor=staff, person=ada)
    assert found() == ["Ada Lind"]
    prefer(False)
    assert found() == []
    prefer(True)
    actions.close(actor=ada, person=ada)
    assert found() == []
