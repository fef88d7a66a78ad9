"""The scenario's clock replaces the time of everything in the process, until the scenario ends."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from common.times import since
from demo.clock import Clock, set_back
from members.people.models import Person

NEW_YEAR = datetime(2025, 1, 1, 12, tzinfo=UTC)


def test_code_and_defaults_of_fields_follow_the_clock() -> None:
    with set_back(Clock(NEW_YEAR)) as clock:
        assert since().lower == NEW_YEAR
        clock.now = NEW_YEAR.replace(hour=13)
        assert Person().joined_at == NEW_YEAR.replace(hour=13)

    assert timezone.now() > NEW_YEAR.replace(year=2026)


def test_templates_go_on_showing_moments_in_the_zone_of_the_reader() -> None:
    with set_back(Clock(NEW_YEAR)), timezone.override(ZoneInfo("Asia/Tokyo")):
        shown = timezone.template_localtime(NEW_YEAR)

    assert shown.hour == 21
