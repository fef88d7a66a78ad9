"""Every header is read by other programs as it was meant, whatever script a name is written in."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import example, given
from hypothesis import strategies as st

from alliance import env
from common.mail.compose import compose
from common.mail.headers import Unsendable
from common.mail.models import Message
from common.mail.registry import Attachment, Mail

POLICIES = [policy.default, policy.SMTP, policy.SMTPUTF8, policy.compat32, policy.strict]
NAMES = [
    "Tomáš",
    "Dvořák, Tomáš \"Tom\" <x@y.example>",
    "安全性評価の作業部会を設立する" * 9,
    "مجموعة السلامة والتقييم " * 6,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 30,
    "Ä" * 300,
    "x" * 300,
    "plain words " * 30,
    "=?utf-8?q?no?=",
]  # fmt: skip
names = st.one_of(
    st.sampled_from(NAMES),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1),
    st.text(min_size=1, max_size=80),
)


def raw(mail: Mail, **options: Any) -> bytes:
    message = Message(dedupe_key="key", to_address="ada@example.org", kind="test", ref={})
    return compose(message, mail, **options).as_bytes()


@given(name=names)
@example(name="a\r\nBcc: eve@example.org")
@example(name="a\x00b")
def test_every_mail_is_read_as_written_under_every_policy(name: str) -> None:
    url = f"https://alliance.example/notices/stop/{'t' * 200}/"
    mail = Mail(
        subject=name,
        text=f"{name}\nmark\n",
        html="<p>h</p>",
        list_id=f"post-added.{name}" if "." not in name and " " not in name else "post-added",
        unsubscribe_url=url,
        attachments=(Attachment(filename=name, content=b"x" * 200, media_type="text/plain"),),
        own={"mark": "9" * 200},
    )
    try:
        with override_settings(MAIL_FROM_NAME=name):
            content = raw(mail, first_key="first")
    except Unsendable:
        return

    assert content.isascii()
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert b"\n" not in b"".join(lines)
    head = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(line.partition(b":")[2].strip() for line in head if line[:1] != b" "), head
    for rules in POLICIES:
        read = message_from_bytes(content, policy=rules)
        parts = list(read.walk())
        assert [part.defects for part in parts] == [[] for _ in parts]
        assert "Bcc" not in read
        if not isinstance(read, EmailMessage):
            continue
        assert [value.defects for value in read.values()] == [() for _ in read]
        subject = " ".join(f"Re: {name}".split())
        assert str(read["Subject"]) == subject
        (sender,) = read["From"].addresses
        # Python 3.11 keeps the folds between the encoded words of a phrase.
        assert "".join(sender.display_name.split()) == "".join(name.split())
        assert str(read["List-Unsubscribe"]) == f"<{url}>"
        (file,) = read.iter_attachments()
        assert (file.get_filename() or "").strip() == name.strip()
        body = read.get_body(("plain",))
        assert body is not None
        assert body.get_content().split() == [*name.split(), "9" * 200]


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("alliance@alliance.example", ("Site", "alliance@alliance.example")),
        ("Our Alliance <a@alliance.example>", ("Our Alliance", "a@alliance.example")),
        ('"Alliance, Inc." <a@alliance.example>', ("Alliance, Inc.", "a@alliance.example")),
        ("", ("Site", "mail@host.example")),
    ],
)
def test_sender_is_set_with_or_without_a_display_name(
    monkeypatch: pytest.MonkeyPatch, value: str, sender: tuple[str, str]
) -> None:
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", value)

    found = env.mailbox("DEFAULT_FROM_EMAIL", "mail@host.example", name_default="Site")

    assert found == sender
    with override_settings(MAIL_FROM_NAME=found[0], MAIL_FROM_ADDRESS=found[1]):
        read = message_from_bytes(raw(Mail(subject="s", text="t", html="h")), policy=policy.default)
    assert [(each.display_name, each.addr_spec) for each in read["From"].addresses] == [sender]


@pytest.mark.parametrize("value", ["Alliance", "Alliance <>", "a b@c.example d@e.example", "@x"])
def test_a_sender_without_an_address_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", value)

    with pytest.raises(Exception, match="is no sender"):
        env.mailbox("DEFAULT_FROM_EMAIL", "mail@host.example", name_default="Site")
