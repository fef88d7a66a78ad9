"""What groups promise: their charters and milestones; and who asks to come in."""

from datetime import datetime, timedelta

from bench.large import texts
from bench.large.chronicle import Chronicle, Circle
from common.text.rendered import html_fields
from common.times import between, since
from members.people.models import Person
from workinggroups.groups.actions.charter import adoption_facts
from workinggroups.groups.choices import (
    Admission,
    AdmissionRequestAct,
    CharterAct,
    CharterState,
    GroupState,
    MilestoneAct,
    MilestoneState,
    RequestState,
)
from workinggroups.groups.models import AdmissionRequest, CharterVersion, Milestone

# The share of groups that adopted a second charter, and of those that draft the next one.
SECOND = 0.2
DRAFTED = 0.1


def add(chronicle: Chronicle) -> None:
    charters: list[CharterVersion] = []
    for circle in chronicle.circles:
        circle.charters = _charters(chronicle, circle)
        charters += circle.charters
    chronicle.save(charters, 0.4)
    running = [one for one in chronicle.circles if one.group.state == GroupState.ACTIVE]
    chronicle.save([one for circle in running for one in _requests(chronicle, circle)], 0.6)
    chronicle.save([one for circle in chronicle.circles for one in _milestones(chronicle, circle)])


def _charters(chronicle: Chronicle, circle: Circle) -> list[CharterVersion]:
    """The first by staff, a second by a decision (`decisions.py` makes it), maybe a draft."""
    first = _charter(chronicle, circle, 1, chronicle.staff, circle.began)
    if circle.group.state == GroupState.FORMING:
        return [first]
    first.state, first.adopted_by = CharterState.ADOPTED, chronicle.staff
    first.during = since(circle.began)
    facts = adoption_facts(circle.group, first, None)
    chronicle.act(CharterAct.ADOPTED, first, circle.began, chronicle.staff, **facts)
    made = [first]
    if (circle.until - circle.began).days > 200 and chronicle.happens(SECOND):
        adopted = chronicle.between(circle.began + timedelta(days=100), circle.until)
        second = _charter(chronicle, circle, 2, circle.chair, adopted - timedelta(days=20))
        second.state, second.adopted_by = CharterState.ADOPTED, circle.chair
        first.during, second.during = between(circle.began, adopted), since(adopted)
        second.expires_on = (chronicle.now + timedelta(days=chronicle.dice.randint(20, 700))).date()
        made.append(second)
    if circle.group.state == GroupState.ACTIVE and chronicle.happens(DRAFTED):
        at = chronicle.between(max(made[-1].during.lower, chronicle.ago(30)), chronicle.now)
        made.append(_charter(chronicle, circle, len(made) + 1, circle.chair, at))
    return made


def _charter(
    chronicle: Chronicle, circle: Circle, number: int, author: Person, at: datetime
) -> CharterVersion:
    source = "\n\n".join(
        [f"## Purpose\n\n{circle.group.purpose}", *texts.sections(chronicle.dice, 3 + number)]
    )
    return CharterVersion(
        uuid=chronicle.uuid(at),
        group=circle.group,
        number=number,
        source=source,
        **html_fields(texts.rendered(source).html),
        author=author,
        created_at=at,
        edited_at=at,
    )


def _requests(chronicle: Chronicle, circle: Circle) -> list[AdmissionRequest]:
    """Where one asks to come in: some wait, some were declined."""
    if circle.group.admission != Admission.REQUEST:
        return []
    inside = {place.person.pk for place in circle.places}
    made: list[AdmissionRequest] = []
    for colleague in chronicle.some(chronicle.colleagues[1:], 3):
        if colleague.person.pk in inside:
            continue
        at = chronicle.between(max(colleague.since, chronicle.ago(40)), chronicle.now)
        asked = AdmissionRequest(
            uuid=chronicle.uuid(at),
            group=circle.group,
            person=colleague.person,
            organization=colleague.organization,
            note="We work on the same questions and would like to compare results.",
            created_at=at,
        )
        facts = {"group": circle.group.uuid, "person": colleague.person.uuid}
        chronicle.act(AdmissionRequestAct.REQUESTED, asked, at, colleague.person, **facts)
        if chronicle.happens(0.4):
            asked.state, asked.decided_by = RequestState.DECLINED, circle.chair
            asked.decided_at = chronicle.soon_after(at, 9)
            asked.reason = "The group is full until the autumn; please ask again."
            chronicle.act(
                AdmissionRequestAct.DECLINED, asked, asked.decided_at, circle.chair, **facts
            )
        made.append(asked)
    return made


def _milestones(chronicle: Chronicle, circle: Circle) -> list[Milestone]:
    made: list[Milestone] = []
    for number in range(1, chronicle.dice.randint(1, 5)):
        due = chronicle.between(circle.began, circle.until + timedelta(days=200))
        made.append(_milestone(chronicle, circle, number, due))
    return made


def _milestone(chronicle: Chronicle, circle: Circle, number: int, due: datetime) -> Milestone:
    milestone = Milestone(
        level=circle.group.content_level,
        uuid=chronicle.uuid(circle.began),
        group=circle.group,
        title=f"{chronicle.dice.choice(texts.WORKS)}, step {number}",
        due_on=due.date(),
    )
    facts = {"group": circle.group.uuid, "due_on": milestone.due_on}
    chronicle.act(MilestoneAct.PLANNED, milestone, circle.began, circle.chair, **facts)
    if due < circle.until and chronicle.happens(0.8):
        milestone.state = (
            MilestoneState.REACHED if chronicle.happens(0.9) else MilestoneState.DROPPED
        )
        at = chronicle.between(circle.began, due)
        if milestone.state == MilestoneState.REACHED:
            milestone.reached_on = at.date()
        chronicle.act(MilestoneAct(milestone.state.value), milestone, at, circle.chair, **facts)
    return milestone
