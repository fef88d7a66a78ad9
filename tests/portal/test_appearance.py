"""Light or dark: a choice that holds with and without signing in."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_choice_is_kept_in_a_cookie_and_written_into_the_page(client: Client, theme: str) -> None:
    client.post("/appearance/", {"theme": theme})

    assert f'<html lang="en" data-theme="{theme}">' in client.get("/").content.decode()


def test_following_the_system_again_forgets_the_choice(client: Client) -> None:
    client.post("/appearance/", {"theme": "dark"})

    client.post("/appearance/", {"theme": ""})

    assert "data-theme" not in client.get("/").content.decode()


def test_theme_that_does_not_exist_is_refused_with_a_word(client: Client) -> None:
    response = client.post("/appearance/", {"theme": "sepia"})

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert "theme" not in response.cookies


def test_forged_cookie_writes_nothing_into_the_page(client: Client) -> None:
    client.cookies["theme"] = 'dark" onload="x'

    assert "data-theme" not in client.get("/").content.decode()


def test_a_chosen_theme_holds_before_any_style_sheet_is_read(client: Client) -> None:
    client.cookies["theme"] = "dark"

    page = client.get("/").content.decode()

    assert '<meta name="color-scheme" content="dark">' in page
    assert '<meta name="theme-color" content="#161410">' in page
    assert "#fbf9f4" not in page
