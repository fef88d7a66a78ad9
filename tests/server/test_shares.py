"""Whether a process may take the next connection follows from what the others say they hold."""

import os
from collections.abc import Iterator

import pytest

from alliance.server.shares import (
    NUMBERS_PER_PROCESS,
    SILENT_MILLISECONDS,
    TAKES_NONE,
    Share,
    make_page,
)


@pytest.fixture
def page() -> Iterator[int]:
    made = make_page(3)
    yield made
    os.close(made)


@pytest.fixture
def shares(page: int) -> list[Share]:
    return [Share(page, index) for index in range(3)]


@pytest.mark.parametrize(
    ("held", "others", "has_room"),
    [
        (0, (0, 0), True),
        (1, (0, 5), True),
        (2, (0, 5), False),
        (2, (1, 1), True),
        (45, (40, 90), True),
        (46, (40, 90), False),
        (7, (TAKES_NONE, TAKES_NONE), True),
        (7, (TAKES_NONE, 3), False),
    ],
)
def test_a_process_stays_near_the_least_loaded(
    shares: list[Share], held: int, others: tuple[int, int], has_room: bool
) -> None:
    for share, number in zip(shares[1:], others, strict=True):
        share.publish(number)

    assert shares[0].can_accept(held) is has_room


def test_nobody_waits_for_a_silent_process(shares: list[Share]) -> None:
    shares[1].publish(0)
    shares[2].publish(5)
    shares[1].numbers[1 * NUMBERS_PER_PROCESS + 1] -= SILENT_MILLISECONDS + 1

    assert shares[0].can_accept(6)
    assert not shares[0].can_accept(7)


def test_a_process_that_starts_again_is_not_waited_for(page: int, shares: list[Share]) -> None:
    shares[1].publish(0)
    assert not shares[0].can_accept(2)

    Share(page, 1)

    assert shares[0].can_accept(2)
