"""Two clicks at once on the same offers."""

from tests import factories
from tests.committed import together
from workinggroups.meetings import actions
from workinggroups.meetings.carrying import last_meeting_before, offers_for
from workinggroups.meetings.models import AgendaItem


def test_two_clicks_at_once_add_each_item_once(committed_db: str) -> None:
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Chiara Chair")
    group = factories.group("Trust Benchmarks", chair=chair)
    last, meeting = factories.past_meeting(group), factories.meeting(group)
    for number in range(5):
        factories.agenda_item(last, f"Item {number}")
    chosen = [offer.key for offer in offers_for(meeting, last_meeting_before(meeting))]

    outcomes = together(
        *[lambda: actions.carry_over(actor=chair, meeting=meeting, chosen=chosen)] * 3
    )

    assert sorted(len(outcome) for outcome in outcomes) == [0, 0, 5]
    agenda = AgendaItem.objects.filter(meeting=meeting)
    assert [item.title for item in agenda] == [f"Item {number}" for number in range(5)]
