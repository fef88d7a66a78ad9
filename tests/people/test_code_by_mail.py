"""A code on its whole way: page, outbox, mail server, back into the page."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from common.mail.choices import State
from common.mail.deliver import deliver_due
from common.mail.models import Delivery, Message
from members.people.mails import queue_code
from members.people.models import Person
from tests.people.mailbox import code_in, mails_to
from tests.people.test_sign_in import signed_in_as


class Box:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@pytest.fixture
def box(settings: Settings) -> Iterator[Box]:
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield box
    controller.stop()


def test_code_from_the_mail_server_signs_in(client: Client, noor: Person, box: Box) -> None:
    client.post("/accounts/login/code/", {"email": noor.email})

    assert deliver_due() == 1

    (mail,) = box.mails
    assert mail["To"] == "noor@lumen.example"
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    code = code_in(mails_to(noor.email)[0])
    assert code in text.get_content()
    assert code in page.get_content()
    assert code not in mail["Subject"]
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert signed_in_as(client) == "نور حداد"


def test_dead_mail_server_breaks_no_page_and_loses_no_mail(
    client: Client, noor: Person, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    response = client.post("/accounts/login/code/", {"email": noor.email})
    deliver_due()

    assert response.status_code == 302
    assert Message.objects.get(to_address=noor.email).state == State.QUEUED


def test_code_that_is_too_old_is_dropped(
    noor: Person, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 16 * 60)
    queue_code(to_address=noor.email, purpose="sign_in", code="ABCD-EFGH")
    monkeypatch.undo()

    deliver_due()

    assert box.mails == []
    assert Message.objects.get(to_address=noor.email).state == State.DROPPED


def test_code_sealed_with_a_retired_key_is_still_read(noor: Person, settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the old key", []
    queue_code(to_address=noor.email, purpose="sign_in", code="ABCD-EFGH")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new key", ["the old key"]
    assert code_in(mails_to(noor.email)[0]) == "ABCD-EFGH"

    settings.SECRET_KEY_FALLBACKS = []
    assert mails_to(noor.email) == []


def test_a_code_is_tried_again_within_seconds_and_never_after_its_time(
    client: Client, noor: Person, settings: Settings, box: Box
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    client.post("/accounts/login/code/", {"email": noor.email})
    message = Message.objects.get(to_address=noor.email)
    waits = []
    while message.state == State.QUEUED:
        deliver_due()
        message.refresh_from_db()
        waits.append(round((message.due_at - timezone.now()).total_seconds()))
        # The wait is over, for the server and for the mail, whose days lie that much further back.
        wait = timedelta(seconds=waits[-1] + 1)
        Delivery.objects.all().delete()
        Message.objects.update(due_at=F("due_at") - wait, created_at=F("created_at") - wait)
        assert len(waits) < 13

    assert waits[:5] == [5, 15, 45, 60, 90]
    assert message.state == State.FAILED
    assert "ConnectionRefused" in message.last_error
    settings.EMAIL_PORT = port
    late = F("created_at") - timedelta(minutes=2)
    Message.objects.update(state=State.QUEUED, attempts=0, created_at=late)
    deliver_due()
    assert box.mails == []
    message.refresh_from_db()
    assert message.state == State.DROPPED
    assert "ConnectionRefused" in message.last_error


def test_the_page_that_waits_says_when_no_mail_goes_out_to_known_and_unknown_alike(
    noor: Person, settings: Settings, client_of: Callable[..., Client], staff: Person
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    browsers = []
    for address in (noor.email, "eve@lumen.example"):
        browsers.append(Client())
        browsers[-1].post("/accounts/login/code/", {"email": address})
    page = "/accounts/login/code/confirm/"
    trouble = "We cannot send e-mail right now."
    assert trouble not in browsers[0].get(page).content.decode()

    deliver_due()
    Message.objects.update(created_at=F("created_at") - timedelta(seconds=30))

    assert all(trouble in browser.get(page).content.decode() for browser in browsers)
    log = client_of(staff).get("/staff/mail/").content.decode()
    assert "We could not connect to our mail server." in log
    Message.objects.update(last_error="451 4.7.1 Greylisted, try again")
    assert all(trouble not in browser.get(page).content.decode() for browser in browsers)
    log = client_of(staff).get("/staff/mail/").content.decode()
    assert "The mail server asked us to try again later." in log
