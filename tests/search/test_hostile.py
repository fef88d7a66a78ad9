"""No text and no question costs more than in proportion to its length."""

import time
from collections.abc import Callable

import pytest

from common.access import ANONYMOUS
from common.search.queries import query
from common.search.words import indexable, parts_of, words_of
from tests.search.test_search import entry
from tests.text.hostile import pathological

pytestmark = pytest.mark.django_db

SIZE = 32 * 1024
UNITS = {
    **{unit: unit for unit in ("_a", "a_", "_1", "a-b_", "a.b", "a/b", "a@", "1.", "1-", "-", "%")},
    "addresses": "https://a.example/",
    "mail": "a@b.example,",
    "digits": "1",
    "upper case": "Aß",
    "marks": "e\u0301\u0316\u0302\u0323",
    "only marks": "\u0301\u0316",
    "Thai marks": "ก\u0e38\u0e48",
    "voice marks": "\uff76\uff9e",
    "ligatures": "\ufdfa",
    "spaces": "\u00a0",
    "unseen": "\u200b",
    "Han": "評",
    "controls": "\x01\x02",
}
FAMILIES = pathological(SIZE) | {name: (unit * SIZE)[:SIZE] for name, unit in UNITS.items()}


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_indexing_takes_time_in_proportion_to_the_text() -> None:
    """Judged beside plain words of the same size, so that a busy machine makes no difference."""

    def usual() -> float:
        return seconds(lambda: entry("Plain", "plain words " * (SIZE // 12)))

    def ratio(text: str) -> float:
        return seconds(lambda: entry(text[:300], text)) / max(usual(), 0.02)

    slow = {name for name, text in FAMILIES.items() if ratio(text) > 15 and ratio(text) > 15}
    assert slow == set()


@pytest.mark.parametrize("name", ["_a", "a.b", "Thai marks", "marks", "Han", "ligatures", "-"])
def test_asking_and_showing_hostile_text_is_quick(name: str) -> None:
    text = FAMILIES[name]
    entry("Plain zebra", text)
    began = time.process_time()

    results = query(ANONYMOUS, f"zebra {text}")
    words = sum(1 for _ in words_of(text))

    assert results.total == 1
    assert words <= len(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("unit", [*UNITS.values(), "\u0301\u0e38", "a\u200d"])
def test_a_text_at_the_limit_is_cut_into_short_words(unit: str) -> None:
    text = (unit * (512 * 1024))[: 512 * 1024 // len(unit.encode()) * len(unit)]

    words = [word for part in parts_of(text) for word in indexable(part).split()]

    assert max(map(len, words), default=0) <= 64
