"""The development mailbox: a person can walk every journey that passes through a mail."""

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from tests.text.timing import assert_quick

# A page of fifty mails, however many there are and however long.
PAGE_SECONDS = 0.2
NAMES = ["1790000000000000001-1", "1790000000000000002-2"]


def caught(folder: Path, name: str, subject: str = "Your code", **parts: str) -> None:
    """What the catcher writes for one mail."""
    mail = EmailMultiAlternatives(
        subject, parts.get("text", "Code 123456"), "alliance@example.org", ["ada@example.org"]
    )
    if "html" in parts:
        mail.attach_alternative(parts["html"], "text/html")
    head = b"X-Envelope-From: alliance@example.org\r\nX-Envelope-To: ada@example.org\r\n"
    (folder / f"{name}.eml").write_bytes(head + mail.message().as_bytes().replace(b"\n", b"\r\n"))


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DEVELOPMENT = True
    settings.DATA_DIR = tmp_path
    (tmp_path / "mailbox").mkdir()
    return tmp_path / "mailbox"


def test_mails_are_listed_newest_first(folder: Path, client: Client) -> None:
    caught(folder, NAMES[0], "Older")
    caught(folder, NAMES[1], "Newer")
    (folder / ".1790000000000000003-3.eml").write_bytes(b"half written")

    page = client.get("/mailbox/").content.decode()

    assert page.index("Newer") < page.index("Older")
    assert f'href="/mailbox/{NAMES[0]}/"' in page
    assert "half" not in page


def test_links_of_a_mail_can_be_followed(folder: Path, client: Client) -> None:
    caught(folder, NAMES[0], text="Confirm: http://testserver/join/confirm/abc/ now.")

    page = client.get(f"/mailbox/{NAMES[0]}/").content.decode()

    assert 'href="http://testserver/join/confirm/abc/"' in page
    assert "ada@example.org" in page


def test_html_of_a_mail_brings_no_script_style_or_picture(folder: Path, client: Client) -> None:
    html = (
        "<style>p{color:red}</style><p style='color:red' onclick=x>Hello <b>Ada</b>"
        "<script>alert(1)</script><img src=//x/y.png><a href='javascript:x'>go</a></p>"
    )
    caught(folder, NAMES[0], "<script>alert(1)</script>", html=html)

    page = client.get(f"/mailbox/{NAMES[0]}/").content.decode()

    assert "Hello <b>Ada</b>" in page
    for hostile in ["alert(1)</script>", "onclick", "color:red", "//x/y.png", "javascript:"]:
        assert hostile not in page


@pytest.mark.parametrize("name", ["1790000000000000009-9", "nothing", "..", "1790000000000000001"])
def test_mail_that_was_not_caught_is_not_found(folder: Path, client: Client, name: str) -> None:
    assert client.get(f"/mailbox/{name}/").status_code == 404


def test_empty_mailbox_says_so(settings: Any, tmp_path: Path, client: Client) -> None:
    settings.DEVELOPMENT = True
    settings.DATA_DIR = tmp_path

    assert "No mails yet" in client.get("/mailbox/").content.decode()


@pytest.mark.parametrize("path", ["/mailbox/", f"/mailbox/{NAMES[0]}/"])
def test_mailbox_exists_only_in_development(
    folder: Path, settings: Any, client: Client, path: str
) -> None:
    caught(folder, NAMES[0])
    settings.DEVELOPMENT = False

    assert client.get(path).content == client.get("/no-such-page/").content
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("start", ["/accounts/login/code/", "/join/start/"])
@pytest.mark.parametrize("development", [True, False])
def test_page_that_asks_for_a_code_leads_to_the_mailbox_in_development(
    settings: Any, client: Client, db: None, start: str, development: bool
) -> None:
    settings.DEVELOPMENT = development
    who = {"name": "Ada Byron", "email": "ada@example.org"}

    page = client.post(start, who, follow=True).content.decode()

    assert 'name="code"' in page
    assert ("read the mail in the mailbox" in page) == development


def test_mail_that_is_broken_is_still_shown(folder: Path, client: Client) -> None:
    (folder / f"{NAMES[0]}.eml").write_bytes(
        b"Subject: =?utf-8?b?broken\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe"
    )

    assert client.get("/mailbox/").status_code == 200
    assert client.get(f"/mailbox/{NAMES[0]}/").status_code == 200


def test_a_long_list_comes_in_pages_without_reading_whole_mails(
    folder: Path, client: Client
) -> None:
    names = [f"17900000000000{index:05}-1" for index in range(240)]
    for name in names:
        caught(folder, name, f"Mail {name}", text="word " * 2000, html="<p>word</p>" * 2000)

    url, seen = "/mailbox/", []
    while url:
        page = assert_quick(partial(client.get, url), PAGE_SECONDS).content.decode()
        seen += re.findall(r'href="/mailbox/([0-9-]+)/"', page)
        older = re.search(r'href="(\?before=[0-9-]+)" rel="next"', page)
        url = f"/mailbox/{older[1]}" if older else ""

    assert seen == names[::-1]
