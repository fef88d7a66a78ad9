"""The parts of a mail, as calendar and mail programs read them."""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.mail.compose import Unsendable, compose, message_id
from common.mail.models import Message
from common.mail.registry import Attachment, Mail

CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"


def composed(mail: Mail, to_address: str = "ada@example.org") -> EmailMessage:
    message = Message(dedupe_key="key", to_address=to_address, kind="test", ref={})
    parsed = BytesParser(policy=default).parsebytes(compose(message, mail).message().as_bytes())
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_calendar_part_is_a_file_with_its_method() -> None:
    calendar = Attachment(
        filename="meeting.ics", content=CALENDAR, media_type="text/calendar", method="PUBLISH"
    )

    mail = composed(Mail(subject="s", text="t", html="<p>h</p>", attachments=(calendar,)))

    words, attached = mail.iter_parts()
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_filename() == "meeting.ics"
    assert attached.get_payload(decode=True) == CALENDAR


def test_what_is_a_readers_own_stands_where_the_mark_is() -> None:
    mail = composed(
        Mail(
            subject="s",
            text="Stop: qqqq\nAnswer: wwww.\n",
            html='<a href="qqqq">é</a>',
            own={"qqqq": f"https://x.example/{'=a' * 90}/", "wwww": "yes"},
        )
    )

    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.splitlines() == [f"Stop: https://x.example/{'=a' * 90}/", "Answer: yes."]
    assert html == f'<a href="https://x.example/{"=a" * 90}/">é</a>'


def test_message_id_is_the_keys_own() -> None:
    assert message_id("a") == message_id("a") != message_id("b")
    assert message_id("a").endswith("@testserver>")


def test_long_lines_are_folded_for_the_way() -> None:
    mail = compose(
        Message(dedupe_key="k", to_address="a@example.org"),
        Mail(subject="é" * 400, text="x" * 5000, html=f"<p>{'y' * 5000}</p>"),
    )

    assert max(len(line) for line in mail.message().as_bytes().splitlines()) <= 998


headers = st.text(max_size=60)


@given(subject=headers, list_id=headers, url=headers, reply_to=headers, name=headers)
def test_no_text_adds_a_header(
    subject: str, list_id: str, url: str, reply_to: str, name: str
) -> None:
    """Whatever a header is made of, it is that header's value or the mail is refused."""
    mail = Mail(
        subject=subject,
        text="t",
        html="h",
        list_id=list_id or None,
        unsubscribe_url=url or None,
        reply_to=reply_to or None,
        attachments=(Attachment(filename=name, content=b"x", media_type="text/plain"),),
    )
    allowed = {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Reply-To", "Date", "Message-ID",
        "Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "List-Unsubscribe",
        "List-Unsubscribe-Post",
    }  # fmt: skip

    try:
        raw = compose(Message(dedupe_key="k", to_address="a@example.org"), mail).message()
    except (Unsendable, ValueError):
        return

    assert set(BytesParser(policy=default).parsebytes(raw.as_bytes()).keys()) <= allowed


def test_the_relay_is_told_the_address_in_ascii() -> None:
    mail = Mail(subject="s", text="t", html="h")
    message = Message(dedupe_key="key", to_address="a.b@bücher.example", kind="test", ref={})

    assert compose(message, mail).envelope_to == "a.b@xn--bcher-kva.example"


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: c@d.example", "a\x00@b.example"])
def test_address_with_a_line_break_is_refused(address: str) -> None:
    with pytest.raises(Unsendable):
        composed(Mail(subject="s", text="t", html="h"), to_address=address)
