"""The answers to polls for a time, counted and by name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from common.access import Viewer
from common.prepared_statements import PreparedSql
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.models import Group, Seat
from workinggroups.meetings.models import OptionAnswer, TimeOption, TimePoll


@dataclass(slots=True)
class Tally:
    """How many people gave each answer to a proposed time."""

    yes: int = 0
    if_needed: int = 0
    no: int = 0

    @property
    def answers(self) -> int:
        return self.yes + self.if_needed + self.no

    @property
    def can(self) -> int:
        return self.yes + self.if_needed


# In an open poll, only the answers of people who take part now; in a closed one, all that counted. Who
# takes part is read once, whatever the planner knows of the tables.
answers_by_option = PreparedSql(
    "poll_answers_by_option",
    """
WITH seated AS MATERIALIZED (
    SELECT DISTINCT group_id, person_id FROM groups_seat WHERE group_id = ANY(%(groups)s)
)
SELECT a.option_id, a.answer, count(*)
  FROM meetings_timepoll p
  JOIN meetings_timeoption o ON o.poll_id = p.id
  JOIN meetings_optionanswer a ON a.option_id = o.id
  LEFT JOIN seated ON seated.group_id = p.group_id AND seated.person_id = a.person_id
 WHERE p.id = ANY(%(polls)s) AND (p.state <> 'open' OR seated.person_id IS NOT NULL)
 GROUP BY a.option_id, a.answer
""",
)


def tallies_of(polls: Iterable[TimePoll]) -> dict[int, Tally]:
    """Return the counts of these polls by option id. One query."""
    listed = list(polls)
    tallies: dict[int, Tally] = defaultdict(Tally)
    counted = answers_by_option(
        polls=[poll.pk for poll in listed], groups=[poll.group_id for poll in listed]
    )
    for option, answer, people in counted:
        setattr(tallies[option], answer, people)
    return tallies


def open_polls(group: Group, viewer: Viewer) -> list[TimePoll]:
    """Return the open polls of the group that the viewer can read; each has `is_answered`."""
    polls: list[TimePoll] = list(TimePoll.objects.visible_to(viewer).open().filter(group=group))
    answered = OptionAnswer.objects.filter(person=viewer.person_id, option__poll__in=polls)
    answered_ids = set(answered.values_list("option__poll", flat=True)) if polls else set()
    for poll in polls:
        poll.group = group
        poll.is_answered = poll.pk in answered_ids
    return polls


def own_answers(poll: TimePoll, person_id: int | None) -> dict[int, str]:
    """Return the person's answers by option id."""
    own = OptionAnswer.objects.filter(option__poll=poll, person=person_id)
    return dict(own.values_list("option", "answer"))


@dataclass(frozen=True, slots=True)
class OptionRow:
    """A proposed time with its counts; `is_best` where no other time suits more people."""

    option: TimeOption
    tally: Tally
    own: str
    is_best: bool = False


def option_rows(poll: TimePoll, person_id: int | None) -> list[OptionRow]:
    """Return the proposed times in order, with counts and the person's own answers. Three queries."""
    options = list(poll.options.all())
    tallies = tallies_of([poll])
    own = own_answers(poll, person_id)
    ranks = {option.pk: (tallies[option.pk].can, tallies[option.pk].yes) for option in options}
    best = max(ranks.values(), default=(0, 0))
    for option in options:
        option.poll = poll
    return [
        OptionRow(
            option,
            tallies[option.pk],
            own.get(option.pk, ""),
            is_best=best > (0, 0) and ranks[option.pk] == best,
        )
        for option in options
    ]


@dataclass(frozen=True, slots=True)
class Respondent:
    """A person who answered, with the organization they acted for, and answers by option id."""

    person: Person
    organization: Organization | None
    answers: dict[int, str] = field(default_factory=dict)

    def of(self, options: Iterable[TimeOption]) -> list[str]:
        """Return the answers to these times in order, "" where there is none."""
        return [self.answers.get(option.pk, "") for option in options]


def people_who_answered(poll: TimePoll) -> list[int]:
    """Return the ids of those who answered, by name; to an open poll, of those who take part now.

    Two queries. They are not one, because a planner that does not know the tables yet would look
    through all seats for each answer.
    """
    answered = (
        OptionAnswer.objects.filter(option__poll=poll)
        .order_by("person__sort_name", "person")
        .values_list("person", "person__sort_name")
        .distinct()
    )
    people = [person for person, _name in answered]
    if not poll.is_open:
        return people
    seated = set(Seat.objects.filter(group=poll.group_id).values_list("person", flat=True))
    return [person for person in people if person in seated]


def respondents_of(poll: TimePoll, people: Sequence[int]) -> list[Respondent]:
    """Return these people with their answers, in the order of their names. One query."""
    respondents: dict[int, Respondent] = {}
    rows = OptionAnswer.objects.filter(option__poll=poll, person__in=people)
    rows = rows.select_related("person", "organization")
    for row in rows.order_by("person__sort_name", "person", "option"):
        one = respondents.setdefault(row.person_id, Respondent(row.person, row.organization))
        one.answers[row.option_id] = row.answer
    return list(respondents.values())


def people_asked(poll: TimePoll) -> int:
    """Return how many people the poll asks: those with a seat in its group now."""
    return Seat.objects.filter(group=poll.group_id).values("person").distinct().count()
