import pytest

from members.people.templatetags.browsers import browser_words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/128.0 Safari/537.36 Edg/128.0",
            "Edge on Windows",
        ),
        ("alliance-cli/1.0", "alliance-cli/1.0"),
        ("", "Unknown"),
    ],
)
def test_browser_is_named_as_its_owner_knows_it(said: str, words: str) -> None:
    assert browser_words(said) == words
