"""The picture of fair times on a phone: it opens where the compared times are."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from tests import factories
from tests.chromium import Look, Visit
from tests.meetings.test_fair_times import ASKED, at, seated


@pytest.mark.parametrize(
    ("hours", "opens_at"), [("15:00, 17:00, 22:00", 14), ("00:00, 09:00, 12:00", 0)]
)
def test_a_phone_opens_it_an_hour_before_the_first_time(
    committed_db: str, visit: Callable[..., Visit], hours: str, opens_at: int
) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"), "Chiara Chair")
    group = factories.group("Trust Benchmarks", chair=chair)
    seated(group, Europe__Paris=3, America__New_York=3, Asia__Tokyo=3)
    path = f"{at(group)}?{urlencode({**ASKED, 'hours': hours})}"

    phone = visit(path, Look(390, "light"), chair)

    scrolled, width = phone.page.evaluate(
        "() => { const box = document.querySelector('[data-opens-at]');"
        " return [box.scrollLeft, box.querySelector('.day-axis').clientWidth] }"
    )
    furthest = phone.page.evaluate(
        "() => { const box = document.querySelector('[data-opens-at]');"
        " return box.scrollWidth - box.clientWidth }"
    )
    assert scrolled == pytest.approx(min(width * opens_at / 24, furthest), abs=2)
    assert (scrolled > 0) == (opens_at > 0)
