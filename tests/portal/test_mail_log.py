"""The staff's log of mails: what waits, what failed and why, and sending it again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from alliance.portal.mail_kinds import WORDS, mail_kind_words
from common.mail.actions import Queued, queue_many
from common.mail.choices import State
from common.mail.models import Message
from members.people.mails import CODE
from members.people.models import Person
from tests.raw_words import raw_words

ClientOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def mails(db: None) -> None:
    """One that waits and two that failed."""
    queue_many(
        Queued(dedupe_key=f"k{n}", to_address=f"p{n}@example.org", kind="test", ref={})
        for n in range(3)
    )
    Message.objects.exclude(dedupe_key="k0").update(
        state=State.FAILED, attempts=13, last_error="550 No such person"
    )


def test_log_names_address_and_reason(client_of: ClientOf, staff: Person) -> None:
    page = client_of(staff).get("/staff/mail/?state=failed").content.decode()

    assert "p1@example.org" in page
    assert "550 No such person" in page
    assert "p0@example.org" not in page
    assert 'Failed <span class="count">2</span>' in " ".join(page.split())


def test_one_failed_mail_is_sent_again(client_of: ClientOf, staff: Person) -> None:
    failed = Message.objects.get(dedupe_key="k1")

    assert client_of(staff).post(f"/staff/mail/{failed.uuid}/").status_code == 302

    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (State.QUEUED, 0)
    assert Message.objects.failed().count() == 1


def test_mail_that_did_not_fail_is_not_sent_again(client_of: ClientOf, staff: Person) -> None:
    waiting = Message.objects.get(dedupe_key="k0")

    assert client_of(staff).post(f"/staff/mail/{waiting.uuid}/").status_code == 409


def test_all_failed_mails_are_sent_again(client_of: ClientOf, staff: Person) -> None:
    assert client_of(staff).post("/staff/mail/retry/").status_code == 302

    assert not Message.objects.failed().exists()
    assert "Send all failed again" not in client_of(staff).get("/staff/mail/").content.decode()


@pytest.mark.parametrize("path", ["/staff/mail/", "/staff/mail/retry/"])
def test_log_does_not_exist_for_members(client_of: ClientOf, chair: Person, path: str) -> None:
    client = client_of(chair)
    method = client.post if path.endswith("retry/") else client.get

    assert method(path).status_code == 404
    assert Message.objects.failed().count() == 2


def test_every_kind_of_mail_is_named_in_words(client_of: ClientOf, staff: Person) -> None:
    folders = (Path(settings.BASE_DIR) / "templates" / "emails").glob("[!_]*")
    assert {folder.name for folder in folders} == set(WORDS)
    assert mail_kind_words("not_known_yet") == "Not known yet"

    queue_many([Queued(dedupe_key="code", to_address="p@example.org", kind=CODE, ref={})])
    page = client_of(staff).get("/staff/mail/").content.decode()

    assert "sign_in_code" not in page
    assert raw_words(page) == []
