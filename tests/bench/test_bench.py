"""The bench is run by hand, so its parts are tried here: small, and without measuring."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from bench import load, measuring, world, yardsticks

SMALL = world.Sizes(
    organizations=6,
    people=20,
    groups=7,
    many_seats=8,
    seats=6,
    many_meetings=6,
    meetings=5,
    agenda_items=3,
    many_items=6,
    attendees=5,
    occurrences=40,
    notes_bytes=400,
    revisions=24,
    many_revisions=6,
    decisions=4,
    action_items=8,
    topics=2,
    many_posts=4,
    notifications=4,
)


@pytest.fixture
def small(db: None) -> Iterator[world.World]:
    yardsticks.first_group_id.cache_clear()
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        yield world.build(SMALL)


def test_every_page_of_the_bench_answers_as_it_should(small: world.World) -> None:
    rows = measuring.pages(small, world.sign_in(small.member))
    for row in rows:
        if row.path.startswith("/bench/"):
            continue  # only under the bench's own settings
        measuring.look(row)
        assert row.answered == row.status, row.name
        # Its goals for queries and bytes do not depend on the machine, so they hold here too.
        assert row.queries > 0, row.name
        assert measuring.exact_misses(row) == []


def test_the_floor_reads_the_session_of_the_member(small: world.World) -> None:
    bare = yardsticks.Yardsticks(lambda request: pytest.fail("reached the product"))
    client = measuring.browser(world.sign_in(small.member))
    for path in (yardsticks.ONE_SELECT, yardsticks.FLOOR):
        request = client.get("/healthz").wsgi_request
        request.path_info = path
        answer = bare(request)
        assert answer.status_code == 200
        assert small.usual.name in answer.content.decode()


def test_the_report_of_wrk_is_read_in_milliseconds() -> None:
    pace = load.parsed("Running …\nREPORT 1000 2000000 4000 6500 1\n")

    assert (pace.rate, pace.p50, pace.p95, pace.failed) == (500, 4.0, 6.5, 1)


def test_a_missed_goal_is_said_in_words() -> None:
    assert measuring.short("group", "of the floor", 0.2, 0.25) == [
        "group: 20% of the floor, goal 25%"
    ]
    assert measuring.short("group", "of the floor", 0.25, 0.25) == []
