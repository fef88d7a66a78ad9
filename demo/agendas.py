"""What agendas hold besides their items: papers, and what was carried over; and how one was run."""

from datetime import timedelta
from functools import partial

from common.access import Level
from demo.scenario import Scenario
from members.people.models import Person
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable
from workinggroups.meetings import actions
from workinggroups.meetings.carrying import last_meeting_before, offers_for
from workinggroups.meetings.choices import CarriedKind
from workinggroups.meetings.models import Meeting

WEB_PAGE = ("https://www.rfc-editor.org/rfc/rfc7282", "RFC 7282: On consensus and humming")


def add_papers(keeper: Person, meeting: Meeting) -> None:
    """Give the first items the group's latest deliverable and decision, and a web page."""
    items = list(meeting.agenda.all()[:3])
    works = Deliverable.objects.within(meeting.group_id, Level(meeting.level))
    work = works.exclude(state=DeliverableState.DROPPED).latest_first().first()
    decision = (
        Decision.objects.within(meeting.group_id, Level(meeting.level)).latest_first().first()
    )
    if items and decision:
        actions.add_paper(actor=keeper, item=items[0], ref=("decision", decision.uuid))
    if len(items) > 1 and work:
        actions.add_paper(actor=keeper, item=items[1], ref=("deliverable", work.uuid))
        url, title = WEB_PAGE
        actions.add_web_paper(actor=keeper, item=items[1], url=url, title=title)


def carry_over(keeper: Person, meeting: Meeting) -> None:
    """Carry over the open action items and what was not settled in reviews, if there is any."""
    offers = offers_for(meeting, last_meeting_before(meeting))
    chosen = [offer.key for offer in offers if offer.kind != CarriedKind.ITEM]
    if chosen:
        actions.carry_over(actor=keeper, meeting=meeting, chosen=chosen)


def plan_run(scenario: Scenario, keeper: Person, meeting: Meeting) -> None:
    """Begin one item after the other; the meeting is over before the last one ends."""
    items = list(meeting.agenda.all())
    share = (meeting.ends_at - meeting.starts_at - timedelta(minutes=4)) / max(len(items), 1)
    for place, item in enumerate(items):
        moment = meeting.starts_at + timedelta(minutes=2) + place * share
        scenario.at(moment, partial(actions.begin_item, actor=keeper, item=item))
