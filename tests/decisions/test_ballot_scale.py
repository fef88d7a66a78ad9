"""A ballot of many organizations costs as many queries as one of few."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import voting
from notifications.fan_out import fan_out
from notifications.models import Event
from tests import factories
from tests.factories import ballots
from workinggroups.decisions.actions import close_due_ballots, open_ballot, state_result
from workinggroups.decisions.electorate import electorate
from workinggroups.decisions.queries.ballots import outcome_of
from workinggroups.groups.voting_rules import VOTING_DEFAULT


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    return len(captured)


@pytest.mark.parametrize("act", ["preview", "open", "notify", "close", "count", "state"])
def test_many_organizations_cost_as_many_queries_as_few(db, act):
    costs = [cost_of(act, organizations) for organizations in (3, 30)]

    assert costs[0] == costs[1] > 0


def cost_of(act: str, organizations: int) -> int:
    chair = factories.member_of(factories.organization())
    group = factories.group(chair=chair)
    voters = ballots.voters(group, organizations)
    draft = ballots.draft(chair, group)
    digest = ballots.digest(draft)
    if act == "preview":
        return queries(lambda: electorate(group, VOTING_DEFAULT))
    opening = queries(lambda: open_ballot(actor=chair, ballot=draft, previewed=digest))
    if act == "open":
        return opening
    if act == "notify":
        events = list(Event.objects.filter(scope_uuid=group.uuid))
        return queries(lambda: [fan_out(event) for event in events])
    for voter in voters:
        ballots.vote(voter, draft)
    if act == "count":
        draft.refresh_from_db()
        return queries(lambda: outcome_of(draft))
    ballots.shift(draft, days=7)
    closing = queries(close_due_ballots)
    if act == "close":
        return closing
    draft.refresh_from_db()
    return queries(lambda: state_result(actor=chair, ballot=draft, statement="Adopted."))


def test_what_the_bench_measures_is_a_whole_ballot(committed_db, django_db_blocker, monkeypatch):
    with django_db_blocker.unblock():
        factories.group()
        monkeypatch.setattr(voting, "VOTES", 12)
        monkeypatch.setattr(voting, "VOTES_SECONDS", 0.2)
        figures = voting.measure(20)

    assert 0 < figures.closed < 10
    assert figures.vote > figures.select > 0
