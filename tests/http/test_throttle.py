"""Rate limits: counted for everybody apart, and what happens when the cache is away."""

from typing import Any

import pytest
from redis.exceptions import ConnectionError as ValkeyAway

from common.errors import TooMany
from common.http.throttling import CLOSED_WITHOUT_CACHE, check


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The second it is now; a test moves it by assigning to `clock[0]`."""
    now = [1_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    return now


def test_limit_is_the_last_that_passes() -> None:
    for _ in range(3):
        check("search", "ada", 3, 60)

    with pytest.raises(TooMany) as refusal:
        check("search", "ada", 3, 60)

    assert 0 < refusal.value.retry_after <= 60


def test_others_and_other_scopes_are_counted_apart() -> None:
    check("search", "ada", 1, 60)

    check("search", "bob", 1, 60)
    check("export", "ada", 1, 60)
    with pytest.raises(TooMany):
        check("search", "ada", 1, 60)


def test_window_opens_again_when_it_was_said(clock: list[float]) -> None:
    check("search", "ada", 1, 60)
    with pytest.raises(TooMany) as refusal:
        check("search", "ada", 1, 60)

    clock[0] += refusal.value.retry_after

    check("search", "ada", 1, 60)


@pytest.mark.parametrize("key", ["", "a b\n", "é\ud800", "x" * 5000, ("a", 1), None])
def test_any_key_can_be_counted(key: object) -> None:
    check("search", key, 1, 60)
    with pytest.raises(TooMany):
        check("search", key, 1, 60)


@pytest.fixture
def no_cache(settings: Any) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }


def test_reads_go_on_without_the_cache(no_cache: None) -> None:
    for _ in range(3):
        check("search", "ada", 1, 60)


@pytest.mark.parametrize("scope", sorted(CLOSED_WITHOUT_CACHE))
def test_guessing_and_mailing_stop_without_the_cache(no_cache: None, scope: str) -> None:
    with pytest.raises(ValkeyAway):
        check(scope, "ada", 100, 60)
