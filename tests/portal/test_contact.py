"""Whoever needs help finds an address: on the page Contact, in each mail, on each error page."""

from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.test import Client

from alliance import env
from common.http import errors
from common.mail.render import render_templates
from tests.rendered_pages import CONTENT

ADDRESS = "o'help+desk@alliance.example"
LINK = 'href="mailto:o%27help%2Bdesk@alliance.example"'
MAILS = [path.name for path in (site.BASE_DIR / "templates/emails").iterdir() if path.is_dir()]
ERRORS = [path.name for path in (site.BASE_DIR / "templates/errors").glob("[0-9]*.html")]


@pytest.fixture
def contact(settings: object) -> object:
    settings.CONTACT_EMAIL = ADDRESS  # type: ignore[attr-defined]
    errors._constant.cache_clear()
    yield ADDRESS
    errors._constant.cache_clear()


@pytest.mark.django_db
def test_the_page_contact_names_the_address(client: Client, contact: str) -> None:
    assert LINK in client.get("/pages/contact/").content.decode()
    assert LINK not in client.get("/pages/about/").content.decode()
    assert 'href="/pages/about/"' in client.get("/catalogue/").content.decode()
    assert LINK in client.get("/no-such-page/").content.decode()


@pytest.mark.parametrize("name", [*ERRORS, "expired.html"])
def test_each_error_page_says_where_help_is(name: str, contact: str, settings: object) -> None:
    assert LINK in render_to_string(f"errors/{name}", {"status": 500})

    settings.CONTACT_EMAIL = ""  # type: ignore[attr-defined]
    page = render_to_string(f"errors/{name}", {"status": 500})
    assert "mailto:" not in page
    assert 'href="/pages/contact/"' in page


@pytest.mark.parametrize("kind", MAILS)
def test_each_mail_says_where_help_is(kind: str, contact: str, settings: object) -> None:
    mail = render_templates(kind, {"content": CONTENT})
    assert ADDRESS in mail.text.splitlines()[-1]
    assert LINK in mail.html

    settings.CONTACT_EMAIL = ""  # type: ignore[attr-defined]
    mail = render_templates(kind, {"content": CONTENT})
    assert mail.text.splitlines()[-1].endswith("/pages/contact/")
    assert f'href="{site.SITE_URL}/pages/contact/"' in mail.html


def test_the_check_for_production_asks_for_an_address(contact: str, settings: object) -> None:
    def warned() -> bool:
        return any(each.id == "mail.W001" for each in run_checks(include_deployment_checks=True))

    assert not warned()
    settings.CONTACT_EMAIL = ""  # type: ignore[attr-defined]
    assert warned()


@pytest.mark.parametrize("value", ["help", "Help <help@example.org>", "a@example.org\nBcc: b@x.y"])
def test_what_is_no_address_is_refused_at_the_start(
    value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONTACT_EMAIL", value)
    with pytest.raises(ImproperlyConfigured, match="CONTACT_EMAIL"):
        env.address("CONTACT_EMAIL")
    monkeypatch.setenv("CONTACT_EMAIL", " help@example.org ")
    assert env.address("CONTACT_EMAIL") == "help@example.org"
