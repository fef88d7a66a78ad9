"""Two people at once in a running meeting."""

from members.people.models import Person
from tests import factories
from tests.committed import together
from workinggroups.meetings import actions
from workinggroups.meetings.models import Attendance, AttendanceClaim, Meeting, SpeakerRequest


def scene() -> tuple[Meeting, list[Person], list[Person]]:
    """A running meeting with two officers, and three present participants who raise their hands."""
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Chiara Chair")
    group = factories.group("Trust Benchmarks", chair=chair)
    other = factories.member_of(organization, "Cora Cochair")
    factories.seat(group, other, office="co_chair")
    meeting = factories.running_meeting(group)
    people = []
    for name in ("Bo", "Cy", "Di"):
        person = factories.member_of(factories.organization(f"Org of {name}"), name)
        factories.seat(group, person)
        actions.check_in(actor=person, meeting=meeting)
        actions.raise_hand(actor=person, meeting=meeting)
        people.append(person)
    return meeting, [chair, other], people


def test_two_officers_who_press_next_call_one_speaker(committed_db: str) -> None:
    meeting, officers, _people = scene()
    after = None

    for _round in range(3):
        outcomes = together(
            *(
                lambda actor=actor, after=after: actions.call_next(
                    actor=actor, meeting=meeting, after=after
                )
                for actor in officers
            )
        )
        assert outcomes[0] == outcomes[1]
        assert meeting.speakers.speaking().count() == 1
        after = outcomes[0].uuid

    assert meeting.speakers.waiting().count() == 0


def test_a_hand_raised_twice_at_once_is_one(committed_db: str) -> None:
    meeting, officers, _people = scene()
    actions.check_in(actor=officers[0], meeting=meeting)

    outcomes = together(
        *[lambda: actions.raise_hand(actor=officers[0], meeting=meeting)] * 4,
    )

    assert len({outcome.pk for outcome in outcomes}) == 1
    assert SpeakerRequest.objects.filter(person=officers[0]).count() == 1


def test_a_check_in_twice_at_once_is_one(committed_db: str) -> None:
    meeting, officers, _people = scene()

    outcomes = together(*[lambda: actions.check_in(actor=officers[0], meeting=meeting)] * 4)

    assert len({outcome.pk for outcome in outcomes}) == 1
    assert Attendance.objects.filter(person=officers[0]).count() == 1


def test_a_claim_answered_twice_at_once_has_one_answer(committed_db: str) -> None:
    meeting, officers, _people = scene()
    late = factories.member_of(factories.organization("Late Labs"), "Lena Late")
    factories.seat(meeting.group, late)
    past = factories.past_meeting(meeting.group)
    claim = actions.claim_attendance(actor=late, meeting=past)

    outcomes = together(
        lambda: actions.answer_claim(actor=officers[0], claim=claim, is_confirmed=True),
        lambda: actions.answer_claim(
            actor=officers[1], claim=claim, is_confirmed=False, note="No."
        ),
    )

    assert sum(isinstance(outcome, AttendanceClaim) for outcome in outcomes) == 1
    claim.refresh_from_db()
    is_present = Attendance.objects.filter(meeting=past, state="present").exists()
    assert is_present == (claim.state == "confirmed")
