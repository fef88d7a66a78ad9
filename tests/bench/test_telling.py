"""The part of the bench that tells many people, tried with few."""

import pytest

from bench import telling, world
from tests.bench.test_bench import small

__all__ = ["small"]
COUNTS = telling.Counts(many=12, few=2, mails=5, rounds=1)


def test_every_figure_of_telling_is_measured(small: world.World) -> None:
    session = world.sign_in(small.member)

    figures = telling.measure(COUNTS, small.member, session)

    assert all(figure > 0 for figure in figures)


def test_a_missed_goal_of_telling_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert telling.said(telling.Counts(), 0.6, 1.1, 50, 100) == []
    assert telling.said(telling.Counts(), 0.4, 1.5, 0.5, 100) == [
        "telling 10,000: 0.40 of a bare statement",
        "request that tells 10,000: 1.50 times that of 10",
        "mails: 0.01 of smtplib alone",
        "tasks to mail 10,000: 2002",
    ]

    assert (
        "mails: 50/s from one process, smtplib alone 100/s: 0.50 of it" in capsys.readouterr().out
    )
