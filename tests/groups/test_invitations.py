"""Inviting by address: everybody is answered alike, and the invited person decides."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.mail.models import Message
from members.people.models import Person
from notifications.content import contents_of
from notifications.deliver import hand_over
from notifications.fan_out import fan_out_waiting
from notifications.models import Event, Notification
from tests import factories
from tests.people.mailbox import mails_to
from workinggroups.groups import actions
from workinggroups.groups.models import Group, GroupInvitation, Seat

Clients = Callable[..., Client]


@pytest.fixture
def invite(chair: Person, group: Group) -> Callable[..., GroupInvitation]:
    def invited(address: str, **fields: Any) -> GroupInvitation:
        return actions.invite(**{"actor": chair, "group": group, "address": address, **fields})

    return invited


def suspended() -> Person:
    person = factories.person("Sus Pended")
    Person.objects.filter(pk=person.pk).update(is_active=False)
    return person


def organization_of(person: Person) -> Any:
    return person.affiliations.get().organization


def deliver() -> None:
    fan_out_waiting()
    hand_over()


# --- one answer --------------------------------------------------------------------------------


def test_every_address_is_answered_and_listed_alike(
    chair: Person,
    member: Person,
    outsider: Person,
    stranger: Person,
    group: Group,
    client_of: Clients,
) -> None:
    browser, path = client_of(chair), f"/groups/{group.slug}/people/add/"
    cases = {
        "unknown": "nobody@people.example",
        "can be seated": outsider.email,
        "in no member organization": stranger.email,
        "suspended": suspended().email,
        "takes part already": member.email,
    }
    browser.get(f"/groups/{group.slug}/people/")

    def answer(address: str) -> tuple[int, str, int]:
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            response = browser.post(path, {"address": address, "level": "participant"})
            code, asked = response.status_code, len(queries)
            page = browser.get(response["Location"]).content.decode()
            transaction.set_rollback(True)
        assert f"Invitation sent to {address}" in page
        page = page.replace(address, "ADDRESS")
        page = re.sub(r"people/invitations/[0-9a-f-]{36}|<time.*?</time>", "", page)
        return code, re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page), asked

    answers = {name: answer(address) for name, address in cases.items()}

    assert answers["unknown"][0] == 302
    assert set(answers.values()) == {answers["unknown"]}


def test_a_known_person_is_told_and_an_unknown_address_mailed_the_same_words(
    outsider: Person, stranger: Person, group: Group, invite: Any
) -> None:
    gone = suspended()
    for address in ("Nobody@people.example", outsider.email, stranger.email, gone.email):
        invite(address)
    deliver()

    mails = {
        address: mails_to(address)
        for address in ("nobody@people.example", outsider.email, stranger.email, gone.email)
    }

    assert [len(found) for found in mails.values()] == [1, 1, 1, 0]
    title = f"[{group}] Chiara Chair invites you to take part in {group}"
    assert {mail.subject for found in mails.values() for mail in found} == {title}
    assert all("ccept or decline until" in mail.text for found in mails.values() for mail in found)
    assert "because Chiara Chair invited this address" in mails["nobody@people.example"][0].text
    notified = Notification.objects.filter(event__kind="group_invited", channel="inbox")
    assert {notification.person for notification in notified} == {outsider, stranger}
    assert f"/signup/?next={GroupInvitation.objects.last().get_absolute_url()[:20]}" in (  # type: ignore[union-attr]
        mails["nobody@people.example"][0].text
    )


def test_a_chair_may_invite_thirty_addresses_an_hour(
    chair: Person, group: Group, client_of: Clients
) -> None:
    browser, path = client_of(chair), f"/groups/{group.slug}/people/add/"

    codes = [
        browser.post(path, {"address": f"n{number}@people.example", "level": "expert"}).status_code
        for number in range(31)
    ]

    assert codes == [302] * 30 + [429]


def test_one_address_is_invited_once_until_that_lapses(invite: Any, chair: Person) -> None:
    first = invite("nobody@people.example")

    with pytest.raises(Invalid, match="already been invited"):
        invite(" NOBODY@people.example")
    with pytest.raises(Invalid, match="your own address"):
        invite(chair.email.upper())

    GroupInvitation.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    assert invite("nobody@people.example").pk != first.pk


# --- the answer of the invited -------------------------------------------------------------------


def test_the_invited_accepts_with_one_click_and_the_chairs_are_told(
    outsider: Person, chair: Person, group: Group, invite: Any, client_of: Clients
) -> None:
    invitation, browser = invite(outsider.email), client_of(outsider)
    assert "Answer" in browser.get("/my/").content.decode()
    assert not Seat.objects.filter(group=group, person=outsider).exists()

    response = browser.post(invitation.get_absolute_url())
    deliver()

    assert response["Location"] == group.get_absolute_url()
    seat = Seat.objects.get(group=group, person=outsider)
    assert (seat.organization, seat.level) == (organization_of(outsider), "participant")
    notified = Notification.objects.filter(event__kind="member_joined", channel="inbox")
    assert [notification.person for notification in notified] == [chair]


def test_whoever_signs_up_with_the_address_later_finds_the_invitation(
    group: Group, invite: Any, client_of: Clients
) -> None:
    invitation = invite("new@people.example", level="expert")
    newcomer = factories.person(email="New@people.example")
    browser = client_of(newcomer)
    assert browser.get(invitation.get_absolute_url()).status_code == 200

    browser.post(invitation.get_absolute_url())

    assert Seat.objects.get(group=group, person=newcomer).level == "expert"


def test_who_belongs_to_no_member_organization_can_accept_once_they_do(
    stranger: Person, group: Group, invite: Any, client_of: Clients
) -> None:
    invitation, browser = invite(stranger.email), client_of(stranger)
    page = browser.get(invitation.get_absolute_url()).content.decode()
    assert "you do not belong to one yet" in page
    assert browser.post(invitation.get_absolute_url()).status_code == 422
    with pytest.raises(Invalid):
        actions.accept_invitation(actor=stranger, invitation=invitation)

    factories.affiliate(stranger, factories.organization("Third Lab"))
    browser.post(invitation.get_absolute_url())

    assert Seat.objects.filter(group=group, person=stranger).exists()


def test_nobody_else_sees_or_answers_an_invitation(
    outsider: Person, stranger: Person, chair: Person, invite: Any, client_of: Clients
) -> None:
    invitation = invite(outsider.email)
    path = invitation.get_absolute_url()

    for person in (stranger, chair):
        assert client_of(person).get(path).status_code == 404
        assert client_of(person).post(f"{path}decline/").status_code == 404
        with pytest.raises(NotAllowed):
            actions.accept_invitation(actor=person, invitation=invitation)


def test_an_address_confirmed_later_seats_nobody_whom_its_owner_invited(
    staff: Person, chair: Person
) -> None:
    opened = factories.group(preset="open", chair=chair)
    invitation = actions.invite(
        actor=staff, group=opened, address="alias@people.example", level="expert"
    )
    EmailAddress.objects.create(user=staff, email="alias@people.example", verified=True)

    with pytest.raises(NotAllowed, match="own place"):
        actions.accept_invitation(actor=staff, invitation=invitation)


@pytest.mark.parametrize("end", ["withdrawn", "lapsed", "declined", "no chair any more"])
def test_an_invitation_that_is_over_seats_nobody(
    end: str, chair: Person, co_chair: Person, outsider: Person, group: Group, invite: Any
) -> None:
    invitation = invite(outsider.email, actor=co_chair)
    event = Event.objects.get(kind="group_invited")
    assert contents_of([event], viewer_for(outsider.pk))
    if end == "withdrawn":
        actions.withdraw_invitation(actor=chair, invitation=invitation)
    elif end == "lapsed":
        GroupInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "declined":
        actions.decline_invitation(actor=outsider, invitation=invitation)
    else:
        actions.release(actor=chair, group=group, person=co_chair, office="co_chair")

    with pytest.raises(WrongState):
        actions.accept_invitation(
            actor=outsider, invitation=invitation, organization=organization_of(outsider)
        )

    still_shown = end == "no chair any more"
    assert bool(contents_of([event], viewer_for(outsider.pk))) == still_shown
    assert [mail.subject for mail in mails_to(outsider.email)] == []


def test_a_suspended_person_is_not_seated(invite: Any) -> None:
    gone = suspended()
    invitation = invite(gone.email, level="expert")
    gone.refresh_from_db()

    with pytest.raises(NotAllowed):
        actions.accept_invitation(actor=gone, invitation=invitation)

    assert not GroupInvitation.objects.to_answer(gone.pk).exists()


# --- groups that few know of ---------------------------------------------------------------------


def test_a_secret_group_is_named_to_the_invited_alone_and_only_while_invited(
    chair: Person, outsider: Person, stranger: Person, client_of: Clients
) -> None:
    secret = factories.group("Incident Response", preset="secret", chair=chair)
    invitation = actions.invite(actor=chair, group=secret, address=outsider.email)
    deliver()
    browser = client_of(outsider)

    assert "Incident Response" in browser.get(invitation.get_absolute_url()).content.decode()
    assert browser.get(secret.get_absolute_url()).status_code == 404
    assert "Incident Response" not in client_of(stranger).get("/my/").content.decode()

    actions.decline_invitation(actor=outsider, invitation=invitation)
    after = browser.get(invitation.get_absolute_url())
    assert after.status_code == 410
    assert b"Incident Response" not in after.content
    for page in ("/my/", "/inbox/"):
        assert b"Incident Response" not in browser.get(page).content


def test_members_hear_of_whom_staff_invited_into_a_closed_group(
    staff: Person, member: Person, outsider: Person, group: Group
) -> None:
    group.offices.all().delete()
    invitation = actions.invite(actor=staff, group=group, address=outsider.email)

    actions.accept_invitation(
        actor=outsider, invitation=invitation, organization=organization_of(outsider)
    )
    deliver()

    notified = Notification.objects.filter(event__kind="member_added", channel="inbox")
    assert member in {notification.person for notification in notified}


def test_the_mail_to_an_address_that_has_an_account_by_now_is_not_sent(invite: Any) -> None:
    invite("new@people.example")
    factories.person(email="new@people.example")

    assert Message.objects.filter(to_address="new@people.example").count() == 1
    assert mails_to("new@people.example") == []


def test_no_outsider_is_mailed_for_somebody_who_no_longer_decides(
    invite: Any, chair: Person, co_chair: Person, group: Group
) -> None:
    invite("new@people.example", actor=co_chair)
    actions.release(actor=chair, group=group, person=co_chair, office="co_chair")

    assert mails_to("new@people.example") == []
