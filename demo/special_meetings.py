"""Meetings outside of the table's series: a meeting of two days, and an extra call."""

from datetime import date, time, timedelta
from functools import partial

from demo.scenario import Scenario
from workinggroups.meetings import actions
from workinggroups.meetings.choices import Frequency, Goal
from workinggroups.meetings.models import MeetingSeries

GROUP, ZONE = "evaluations", "Europe/Stockholm"
# Of each day: title, goal, minutes.
AGENDAS = [
    [
        ("Where the evaluation stack stands after a year", Goal.INFORM, 60),
        ("Results from outside: what we ask of laboratories", Goal.DECIDE, 120),
        ("Two laboratories, one number: what we learned", Goal.DISCUSS, 90),
    ],
    [
        ("Spoken assistants: which harms we measure next", Goal.DISCUSS, 120),
        ("Who pays for a test: three models", Goal.DISCUSS, 90),
        ("Work plan until the summer", Goal.DECIDE, 60),
    ],
]


def plan(scenario: Scenario) -> None:
    scenario.at(scenario.ago(21, time(9)), partial(_plan_plenary, scenario))
    scenario.at(scenario.ago(9, time(11)), partial(_prepare_plenary, scenario))
    scenario.at(scenario.ago(6, time(8)), partial(_plan_extra, scenario))


def _coming(scenario: Scenario, days: int, weekday: int) -> date:
    """Return the first such weekday (Monday is 0) that is at least so many days ahead."""
    day = scenario.now.date() + timedelta(days=days)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _plan_plenary(scenario: Scenario) -> None:
    first = _coming(scenario, 38, weekday=2)
    actions.plan_series(
        actor=scenario.people["mira"],
        group=scenario.groups[GROUP],
        title="Plenary of the evaluations group",
        first_on=first,
        local_time=time(9),
        zone=ZONE,
        duration_minutes=7 * 60,
        place="Folkets hus, Stockholm",
        join_url="https://meet.example/plenary",
        frequency=Frequency.DAILY,
        until=first + timedelta(days=1),
    )


def _prepare_plenary(scenario: Scenario) -> None:
    plenary = _series(scenario, Frequency.DAILY)
    for meeting, agenda in zip(plenary.meetings.order_by("starts_at"), AGENDAS, strict=True):
        for title, goal, minutes in agenda:
            actions.add_agenda_item(
                actor=scenario.people["mira"],
                meeting=meeting,
                title=title,
                goal=goal,
                minutes=minutes,
            )
        for key, is_coming in (("radek", True), ("tomas", True), ("joost", False)):
            actions.answer_meeting(actor=scenario.people[key], meeting=meeting, is_coming=is_coming)


def _plan_extra(scenario: Scenario) -> None:
    actions.add_extra_meeting(
        actor=scenario.people["radek"],
        series=_series(scenario, Frequency.WEEKLY),
        title="Evaluations call: comments on the stack",
        local_date=_coming(scenario, 10, weekday=3),
        local_time=time(16),
        zone=ZONE,
        duration_minutes=45,
        join_url="https://meet.example/evaluations",
    )


def _series(scenario: Scenario, frequency: Frequency) -> MeetingSeries:
    series: MeetingSeries = MeetingSeries.objects.get(
        group=scenario.groups[GROUP], frequency=frequency
    )
    return series
