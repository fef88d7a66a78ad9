"""The pages of polls: what they show, what they refuse, and how many queries they cost."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.answers import answer_token, poll_token
from workinggroups.meetings.models import Meeting, OptionAnswer, TimePoll

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def ahead(days: int, hour: int) -> datetime:
    day = (timezone.now() + timedelta(days=days)).astimezone(UTC)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


@pytest.fixture
def poll(group: Group) -> TimePoll:
    return factories.time_poll(group, starts=[ahead(8, 20), ahead(9, 6)])


def at(poll: TimePoll, name: str = "poll") -> str:
    return reverse(name, args=[poll.group.slug, poll.uuid])


def field(poll: TimePoll, number: int) -> str:
    return f"time-{poll.options.all()[number].uuid}"


def answers(person: Person) -> list[str]:
    rows = OptionAnswer.objects.filter(person=person).order_by("option__starts_at")
    return list(rows.values_list("answer", flat=True))


def new(**details: Any) -> dict[str, Any]:
    return {
        "title": "Kick-off",
        "zone": "Europe/Paris",
        "duration_minutes": "45",
        "times": [f"{ahead(8, 0):%Y-%m-%d}T16:00", f"{ahead(9, 0):%Y-%m-%d}T09:30"],
        "answers_due_on": f"{ahead(5, 0):%Y-%m-%d}",
        **details,
    }


# --- opening -----------------------------------------------------------------------------------


def test_a_chair_opens_a_poll(client_of: Any, chair: Person, group: Group) -> None:
    answer = client_of(chair).post(reverse("poll-new", args=[group.slug]), new(note="Two hands."))

    poll = TimePoll.objects.get()
    assert answer["Location"] == poll.get_absolute_url()
    assert (poll.note, poll.duration_minutes, poll.frequency) == ("Two hands.", 45, "")
    assert [f"{option.local_time:%H:%M}" for option in poll.options.all()] == ["16:00", "09:30"]


def test_other_days_are_shown_and_what_is_typed_and_chosen_stays(
    client_of: Any, chair: Person, group: Group
) -> None:
    times = new()["times"]
    typed = new(show="on", from_day="2031-05-05", hours="all", step="30", title="Half a ti")

    page = client_of(chair).post(reverse("poll-new", args=[group.slug]), typed).content.decode()

    assert not TimePoll.objects.exists()
    assert 'value="Half a ti"' in page
    assert 'value="2031-05-11T23:30"' in page
    for value in times:
        assert f'value="{value}" checked' in page


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"times": []}, "Propose at least two times."),
        ({"times": ["2026-02-31T10:00", "x"]}, "Choose the times in the table."),
        (
            {
                "times": [
                    f"2031-01-01T{hour:02}:{minute:02}" for hour in range(7) for minute in range(60)
                ]
            },
            "too many",
        ),
        ({"times": ["0001-01-01T00:00", "9999-12-31T23:59"]}, "Enter a year"),
        ({"answers_due_on": "2020-01-01"}, "This day is in the past."),
        ({"frequency": "weekly", "interval": "99"}, "less than or equal to 12"),
        ({"from_day": "x", "hours": "y", "step": "z"}, "valid"),
        ({"zone": "Mars/Base"}, "valid choice"),
    ],
)
def test_what_cannot_be_asked_comes_back_with_what_was_typed(
    client_of: Any, chair: Person, group: Group, details: dict[str, Any], words: str
) -> None:
    answer = client_of(chair).post(reverse("poll-new", args=[group.slug]), new(**details))

    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="Kick-off"' in answer.content.decode()
    assert not TimePoll.objects.exists()


def test_the_list_of_meetings_shows_open_polls_and_who_has_answered(
    client_of: Any, chair: Person, member: Person, poll: TimePoll
) -> None:
    client = client_of(member)
    url = reverse("meetings", args=[poll.group.slug])
    assert "Not answered yet" in text(client.get(url))

    factories.option_answer(poll.options.all()[0], member)

    assert "You have answered" in text(client.get(url))
    assert "Kick-off" in text(client.get(reverse("polls", args=[poll.group.slug])))


# --- answering ---------------------------------------------------------------------------------


def test_each_reader_sees_the_times_on_their_own_day(
    client_of: Any, group: Group, poll: TimePoll
) -> None:
    tokyo = factories.member_of(factories.organization(), zone="Asia/Tokyo")
    factories.seat(group, tokyo)

    page = text(client_of(tokyo).get(at(poll)))

    local = ahead(9, 0)
    assert f"{local:%a} {local.day} {local:%b %Y} 05:00 to 06:00" in page
    assert "15:00 to 16:00" in page
    assert "times in Tokyo" in page


def test_answers_are_saved_and_shown_again(client_of: Any, member: Person, poll: TimePoll) -> None:
    client = client_of(member)

    answer = client.post(at(poll), {field(poll, 0): "yes"})

    assert answer["Location"] == poll.get_absolute_url()
    page = client.get(at(poll)).content.decode()
    assert re.search(rf'name="{field(poll, 0)}"\s+value="yes" checked', page)
    assert "1 yes, 0 if need be, 0 no" in text(client.get(at(poll)))
    assert answers(member) == ["yes"]


def test_no_to_the_rest_leaves_what_was_answered(
    client_of: Any, member: Person, group: Group
) -> None:
    poll = factories.time_poll(group, starts=[ahead(8, hour) for hour in (9, 10, 11, 12)])
    factories.option_answer(poll.options.all()[1], member, "if_needed")

    client_of(member).post(at(poll), {field(poll, 0): "yes", "rest": "on"})

    assert answers(member) == ["yes", "if_needed", "no", "no"]


@pytest.mark.parametrize("data", [{}, {"time-x": "yes"}, {"rest": ""}])
def test_nothing_answered_is_said(
    client_of: Any, member: Person, poll: TimePoll, data: dict[str, str]
) -> None:
    answer = client_of(member).post(at(poll), data)

    assert answer.status_code == 422
    assert "Answer at least one of the times." in text(answer)


def test_a_wrong_answer_is_refused(client_of: Any, member: Person, poll: TimePoll) -> None:
    answer = client_of(member).post(at(poll), {field(poll, 0): "perhaps"})

    assert answer.status_code == 422
    assert not OptionAnswer.objects.exists()


def test_a_closed_poll_answers_409_and_shows_no_form(
    client_of: Any, chair: Person, member: Person, poll: TimePoll
) -> None:
    actions.cancel_poll(actor=chair, poll=poll, reason="We meet in spring.")
    client = client_of(member)

    assert client.post(at(poll), {field(poll, 0): "yes"}).status_code == 409
    page = client.get(at(poll))
    assert "We meet in spring." in text(page)
    assert 'type="radio"' not in page.content.decode()


def test_who_can_meet_when_is_shown_with_organizations(
    client_of: Any, chair: Person, member: Person, poll: TimePoll
) -> None:
    actions.answer_poll(
        actor=member,
        poll=poll,
        answers={option.uuid: "if_needed" for option in poll.options.all()},
    )

    page = text(client_of(chair).get(at(poll, "poll-answers")))

    assert "Mira Member , Aurora Labs If need be If need be" in page
    assert "0 + 1" in page


def test_people_of_an_open_group_s_alliance_do_not_see_who_is_free(
    client_of: Any, chair: Person, outsider: Person
) -> None:
    group = factories.group("Open one", preset="open", chair=chair)
    poll = factories.time_poll(group)
    client = client_of(outsider)

    assert client.get(reverse("meetings", args=[group.slug])).status_code == 200
    assert "Kick-off" not in text(client.get(reverse("meetings", args=[group.slug])))
    for name in ("poll", "poll-answers"):
        assert client.get(at(poll, name)).status_code == 404
    assert client.get(reverse("polls", args=[group.slug])).status_code == 404


# --- by the link in a mail ---------------------------------------------------------------------


def by_link(poll: TimePoll, person: Person) -> str:
    return reverse("poll-answer-by-link", args=[poll_token(poll.uuid, person)])


def test_a_person_answers_by_the_link_without_signing_in(
    client: Client, member: Person, poll: TimePoll
) -> None:
    Person.objects.filter(pk=member.pk).update(zone="Asia/Tokyo")
    url = by_link(poll, member)
    page = text(client.get(url))
    assert "times in Tokyo" in page
    assert "0 yes" not in page  # the counts are on the page for those who are signed in
    assert not OptionAnswer.objects.exists()

    answer = client.post(url, {field(poll, 0): "no", field(poll, 1): "yes"})

    assert answer.status_code == 200
    assert "Your answers are saved." in text(answer)
    assert answers(member) == ["no", "yes"]
    assert client.post(url, {}).status_code == 422


def test_a_link_to_a_closed_poll_says_so(
    client: Client, chair: Person, member: Person, poll: TimePoll
) -> None:
    actions.decide_poll(actor=chair, poll=poll, option=poll.options.all()[0])

    assert "A time has been chosen." in text(client.get(by_link(poll, member)))
    answer = client.post(by_link(poll, member), {field(poll, 0): "yes"})
    assert answer.status_code == 422
    assert "A time has been chosen, so this poll is closed." in text(answer)


def test_a_link_of_somebody_who_left_or_of_another_kind_is_none(
    client: Client, member: Person, outsider: Person, poll: TimePoll
) -> None:
    forged = answer_token(poll.uuid, member)

    assert client.get(by_link(poll, outsider)).status_code == 404
    assert client.get(reverse("poll-answer-by-link", args=[forged])).status_code == 404
    assert (
        client.get(
            reverse("meeting-answer-by-link", args=[poll_token(poll.uuid, member)])
        ).status_code
        == 404
    )
    assert client.get(reverse("poll-answer-by-link", args=["x"])).status_code == 404


# --- choosing ----------------------------------------------------------------------------------


def test_a_chair_chooses_a_time_and_lands_at_the_meeting(
    client_of: Any, chair: Person, member: Person, poll: TimePoll
) -> None:
    factories.option_answer(poll.options.all()[1], member)
    client = client_of(chair)
    page = client.get(at(poll, "poll-decide")).content.decode()
    best = str(poll.options.all()[1].uuid)
    assert re.search(rf'value="{best}"[^>]* checked', page)
    assert "1 yes, 0 if need be, 0 no" in page

    answer = client.post(
        at(poll, "poll-decide"), {"option": best, "title": "First call", "place": "Room 4"}
    )

    meeting = Meeting.objects.get()
    assert answer["Location"] == meeting.get_absolute_url()
    assert (meeting.title, meeting.place) == ("First call", "Room 4")
    assert "A time has been chosen." in text(client.get(at(poll)))
    assert client.get(at(poll, "poll-decide")).status_code == 409


@pytest.mark.parametrize("option", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_time_that_is_none_is_refused(
    client_of: Any, chair: Person, poll: TimePoll, option: str
) -> None:
    answer = client_of(chair).post(at(poll, "poll-decide"), {"option": option, "title": "Call"})

    assert answer.status_code == 422
    assert not Meeting.objects.exists()


def test_an_officer_proposes_more_times(client_of: Any, chair: Person, poll: TimePoll) -> None:
    data = {
        "title": "First call",
        "answers_due_on": poll.answers_due_on.isoformat(),
        "note": "",
        "version": "1",
        "times": [f"{ahead(10, 0):%Y-%m-%d}T16:00"],
    }
    client = client_of(chair)

    shown = client.post(at(poll, "poll-edit"), {**data, "show": "on"}).content.decode()
    answer = client.post(at(poll, "poll-edit"), data)

    assert f'value="{data["times"][0]}" checked' in shown
    assert answer.status_code == 302
    assert poll.options.count() == 3
    assert client.post(at(poll, "poll-edit"), data).status_code == 409


# --- costs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["poll", "poll-answers", "poll-decide", "poll-edit", "link", "list"]
)
def test_sixty_times_and_two_hundred_people_cost_as_many_queries_as_two(
    client_of: Any, chair: Person, group: Group, name: str, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    small = factories.time_poll(group, "Small")
    organization = factories.organization("Large")
    large = factories.time_poll(
        group, "Large", starts=[ahead(8, 0) + timedelta(hours=h) for h in range(60)]
    )
    people = [factories.member_of(organization, f"Person {n}") for n in range(200)]
    for person in people:
        factories.seat(group, person, organization=organization)
    rows = [
        OptionAnswer(option=option, person=person, answer="yes", organization=organization)
        for option in large.options.all()
        for person in people
    ]
    OptionAnswer.objects.bulk_create(rows, batch_size=5000)
    factories.option_answer(small.options.all()[0], people[0])
    with connection.cursor() as cursor:
        # As autovacuum does within a minute: a planner that believes the tables are empty looks through
        # all answers for each person.
        cursor.execute(
            "ANALYZE meetings_optionanswer, meetings_timeoption, groups_seat, people_person"
        )

    def ask(poll: TimePoll) -> int:
        if name == "link":
            url = by_link(poll, chair)
        elif name == "list":
            url = reverse("polls", args=[group.slug])
        else:
            url = at(poll, name)
        client = client_of(chair)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    assert ask(large) == ask(small) < 20


# --- my work -----------------------------------------------------------------------------------


def test_my_work_asks_for_an_answer_and_later_for_a_choice(
    client_of: Any, chair: Person, member: Person, poll: TimePoll
) -> None:
    needs = "Say when you can meet: Kick-off"
    assert needs in text(client_of(member).get("/my/"))

    factories.option_answer(poll.options.all()[0], member)
    TimePoll.objects.update(answers_due_on=factories.ago(days=3).date())

    assert needs not in text(client_of(member).get("/my/"))
    assert "Choose a time: Kick-off" in text(client_of(chair).get("/my/"))
    assert "Choose a time: Kick-off" not in text(client_of(member).get("/my/"))
