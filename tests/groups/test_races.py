"""Two at once, each with a connection of its own: the database ends up as if one came first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from common.access import Level, viewer_for
from common.errors import DomainError, WrongState
from common.times import ended
from members.organizations.models import Membership, Organization
from members.people.models import Person
from tests import factories
from tests.committed import together
from tests.factories import works
from tests.factories.works import decision
from tests.groups.concluding import conclude
from tests.groups.test_creating import edit
from workinggroups.deliverables.actions import open_review
from workinggroups.discussion.actions import add_post, start_topic
from workinggroups.discussion.models import Post
from workinggroups.groups import actions
from workinggroups.groups.models import (
    ActionItem,
    AdmissionRequest,
    CharterVersion,
    Group,
    Milestone,
    Office,
    Participation,
)
from workinggroups.groups.open_work import open_work
from workinggroups.groups.rules import DEFAULT
from workinggroups.meetings.actions import propose_item


class Cast:
    """A group with a chair, a co-chair and somebody of the alliance who is not in it."""

    def __init__(self, preset: str = "listed") -> None:
        self.organization: Organization = factories.organization("Aurora Labs")
        self.chair: Person = factories.member_of(self.organization, "Chiara Chair")
        self.group: Group = factories.group("Races", preset=preset, chair=self.chair)
        self.co_chair = self.seated("Cora Cochair", office="co_chair")
        self.other: Organization = factories.organization("Borealis University")
        self.outsider: Person = factories.member_of(self.other, "Odo Outsider")

    def seated(self, name: str, **seat: Any) -> Person:
        person: Person = factories.member_of(self.organization, name)
        factories.seat(self.group, person, **seat)
        return person

    def chairs(self) -> list[Person]:
        offices = Office.objects.current().filter(group=self.group, office="chair")
        return [office.person for office in offices.select_related("person")]


def done(outcomes: list[Any]) -> list[Any]:
    """What succeeded; every other outcome must be a refusal in words, never a broken constraint."""
    assert all(
        isinstance(one, DomainError) for one in outcomes if isinstance(one, BaseException)
    ), outcomes
    return [one for one in outcomes if not isinstance(one, BaseException)]


def test_two_chairs_approve_one_request_once(committed_db: str) -> None:
    cast = Cast()
    request = factories.admission_request(cast.group, cast.outsider)

    outcomes = together(
        *(
            lambda actor=actor: actions.approve_request(actor=actor, request=request)
            for actor in (cast.chair, cast.co_chair) * 4
        )
    )

    assert len(done(outcomes)) == 1
    assert Participation.objects.filter(person=cast.outsider).count() == 1
    assert AdmissionRequest.objects.get().state == "approved"


def test_a_request_is_approved_or_declined_or_withdrawn(committed_db: str) -> None:
    cast = Cast()
    request = factories.admission_request(cast.group, cast.outsider)

    outcomes = together(
        lambda: actions.approve_request(actor=cast.chair, request=request),
        lambda: actions.decline_request(actor=cast.co_chair, request=request),
        lambda: actions.withdraw_request(actor=cast.outsider, request=request),
    )

    assert len(done(outcomes)) == 1
    is_in = viewer_for(cast.outsider.pk).is_member(cast.group.pk)
    assert is_in == (AdmissionRequest.objects.get().state == "approved")


def test_joining_twice_at_once_makes_one_place(committed_db: str) -> None:
    cast = Cast("open")

    outcomes = together(
        *[lambda: actions.join(actor=cast.outsider, group=cast.group, organization=cast.other)] * 8
    )

    assert len(done(outcomes)) == 1
    assert Participation.objects.filter(person=cast.outsider).count() == 1


def test_asking_twice_at_once_is_one_request(committed_db: str) -> None:
    cast = Cast()

    outcomes = together(
        *[
            lambda: actions.ask_to_join(
                actor=cast.outsider, group=cast.group, organization=cast.other
            )
        ]
        * 8
    )

    assert len(done(outcomes)) == 8
    assert AdmissionRequest.objects.count() == 1


def test_a_member_is_added_once_by_two_chairs(committed_db: str) -> None:
    cast = Cast()

    outcomes = together(
        *(
            lambda actor=actor: actions.add_member(
                actor=actor, group=cast.group, person=cast.outsider, organization=cast.other
            )
            for actor in (cast.chair, cast.co_chair)
        )
    )

    assert len(done(outcomes)) == 1
    assert Participation.objects.filter(person=cast.outsider).count() == 1


def test_of_two_decisions_that_adopt_a_draft_one_stands(committed_db: str) -> None:
    cast = Cast()
    factories.charter(cast.group)
    draft = factories.charter(cast.group, state="draft")

    outcomes = together(
        *(
            lambda actor=actor: decision(
                actor, cast.group, "Adopt the charter", charter_version=draft
            )
            for actor in (cast.chair, cast.co_chair) * 2
        )
    )

    assert len(done(outcomes)) == 1
    in_force = CharterVersion.objects.in_force().filter(group=cast.group)
    assert [version.number for version in in_force] == [2]


def test_two_drafts_begun_at_once_are_one(committed_db: str) -> None:
    cast = Cast()

    outcomes = together(
        *(
            lambda actor=actor: actions.draft_charter(
                actor=actor, group=cast.group, source="# Scope"
            )
            for actor in (cast.chair, cast.co_chair)
        )
    )

    assert len(done(outcomes)) == 1
    assert CharterVersion.objects.filter(group=cast.group).count() == 1


def test_of_two_who_save_the_draft_one_is_told_of_the_other(committed_db: str) -> None:
    cast = Cast()
    draft = factories.charter(cast.group, state="draft")
    read_at = draft.edited_at.isoformat()

    outcomes = together(
        *(
            lambda actor=actor: actions.edit_charter(
                actor=actor,
                charter=draft,
                source=f"By {actor}",
                rules=DEFAULT,
                expires_on=None,
                read_at=read_at,
            )
            for actor in (cast.chair, cast.co_chair)
        )
    )

    [saved] = done(outcomes)
    assert CharterVersion.objects.get().source == saved.source


def test_a_hand_over_and_the_new_chairs_leaving_leave_one_chair(committed_db: str) -> None:
    cast = Cast()
    heir = cast.seated("Hal Heir")

    outcomes = together(
        lambda: actions.hand_over(actor=cast.chair, group=cast.group, person=heir),
        lambda: actions.leave(actor=heir, group=cast.group),
        lambda: actions.leave(actor=cast.chair, group=cast.group),
    )

    done(outcomes)
    [chair] = cast.chairs()
    assert viewer_for(chair.pk).is_chair(cast.group.pk)


def test_two_hand_overs_at_once_have_one_effect(committed_db: str) -> None:
    cast = Cast()
    heirs = [cast.seated(f"Heir {number}") for number in range(4)]

    outcomes = together(
        *(
            lambda heir=heir: actions.hand_over(actor=cast.chair, group=cast.group, person=heir)
            for heir in heirs
        )
    )

    [office] = done(outcomes)
    assert cast.chairs() == [office.person]


def test_staff_and_the_chair_seat_one_successor(committed_db: str) -> None:
    cast = Cast()
    staff = factories.person("Sade Staff", staff=True)
    first, second = cast.seated("First Heir"), cast.seated("Second Heir")

    outcomes = together(
        lambda: actions.set_chair(actor=staff, group=cast.group, person=first),
        lambda: actions.hand_over(actor=cast.chair, group=cast.group, person=second),
    )

    done(outcomes)
    assert len(cast.chairs()) == 1


def test_whoever_loses_the_chair_meanwhile_gives_no_office(committed_db: str) -> None:
    cast = Cast()
    heir, friend = cast.seated("Hal Heir"), cast.seated("Fay Friend")

    _handed, appointed = together(
        lambda: actions.hand_over(actor=cast.chair, group=cast.group, person=heir),
        lambda: actions.appoint(
            actor=cast.chair, group=cast.group, person=friend, office="co_chair"
        ),
    )

    # Either order is right; a refusal is one in words.
    done([appointed])
    held = Office.objects.current().filter(person=friend).exists()
    assert held == (not isinstance(appointed, Exception))


def test_two_chairs_give_one_office_once(committed_db: str) -> None:
    cast = Cast()
    friend = cast.seated("Fay Friend")

    outcomes = together(
        *(
            lambda actor=actor: actions.appoint(
                actor=actor, group=cast.group, person=friend, office="secretary"
            )
            for actor in (cast.chair, cast.co_chair) * 4
        )
    )

    assert len(done(outcomes)) == 8
    assert Office.objects.current().filter(person=friend).count() == 1


def test_nobody_is_in_who_was_approved_while_the_organization_left(committed_db: str) -> None:
    cast = Cast()
    request = factories.admission_request(cast.group, cast.outsider)
    membership = Membership.objects.get(organization=cast.other)

    def leave() -> None:
        membership.status, membership.during = "ended", ended(membership.during)
        membership.save()

    outcomes = together(lambda: actions.approve_request(actor=cast.chair, request=request), leave)

    done(outcomes)
    assert not viewer_for(cast.outsider.pk).is_member(cast.group.pk)


Close = Callable[..., ActionItem]


@pytest.mark.parametrize("other", [actions.close_action_item, actions.drop_action_item])
def test_an_action_item_is_closed_once(committed_db: str, other: Close) -> None:
    cast = Cast()
    item = factories.action_item(cast.group, owner=cast.co_chair)

    outcomes = together(
        lambda: actions.close_action_item(actor=cast.co_chair, item=item),
        lambda: other(actor=cast.chair, item=item),
    )

    [closed] = done(outcomes)
    found = ActionItem.objects.get()
    assert (found.state, found.closed_by, found.version) == (closed.state, closed.closed_by, 2)


def test_action_items_noted_at_once_have_numbers_without_gap_or_double(committed_db: str) -> None:
    cast = Cast()

    together(
        *(
            lambda text=text: actions.create_action_item(
                actor=cast.chair, group=cast.group, text=f"Do {text}"
            )
            for text in range(8)
        )
    )

    numbers = ActionItem.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 9))


def test_a_milestone_is_reached_or_dropped(committed_db: str) -> None:
    cast = Cast()
    milestone = factories.milestone(cast.group)

    outcomes = together(
        lambda: actions.reach_milestone(actor=cast.chair, milestone=milestone),
        lambda: actions.drop_milestone(actor=cast.co_chair, milestone=milestone),
    )

    [closed] = done(outcomes)
    assert Milestone.objects.get().state == closed.state


def test_of_two_who_save_the_settings_one_is_told_of_the_other(committed_db: str) -> None:
    cast = Cast()

    outcomes = together(
        *(
            lambda actor=actor: edit(actor, cast.group, name=f"Named by {actor}")
            for actor in (cast.chair, cast.co_chair)
        )
    )

    [saved] = done(outcomes)
    assert Group.objects.get().name == saved.name


def test_a_group_is_concluded_once(committed_db: str) -> None:
    cast = Cast()
    staff = factories.person("Sade Staff", staff=True)

    outcomes = together(*[lambda: conclude(staff, cast.group)] * 4)

    assert len(done(outcomes)) == 1


def test_a_group_is_opened_once_by_the_same_person(committed_db: str) -> None:
    cast = Cast()
    staff = factories.person("Sade Staff", staff=True)

    outcomes = together(
        *[
            lambda: actions.break_glass(
                actor=staff, group=cast.group, reason="A complaint.", minutes=5
            )
        ]
        * 4
    )

    assert len(done(outcomes)) == 1
    assert sum(isinstance(one, WrongState) for one in outcomes) == 3


def test_a_group_closes_its_content_while_people_write(committed_db: str) -> None:
    cast = Cast("open")
    topics = [
        start_topic(actor=cast.chair, group=cast.group, title=f"Topic {place}", source="Well?")
        for place in range(6)
    ]

    outcomes = together(
        lambda: edit(cast.chair, cast.group, content="members"),
        *(
            lambda topic=topic: add_post(actor=cast.co_chair, topic=topic, source="Yes.")
            for topic in topics
        ),
    )

    assert len(done(outcomes)) == 7
    assert set(Post.objects.values_list("level", flat=True)) == {Level.MEMBERS}


def test_what_is_opened_while_a_group_concludes_is_settled_or_refused(committed_db: str) -> None:
    cast = Cast()
    staff = factories.person("Sade Staff", staff=True)
    meeting = factories.meeting(cast.group)
    work = works.deliverable(cast.chair, cast.group)
    soon = timezone.now().date() + timedelta(days=9)

    outcomes = together(
        lambda: conclude(staff, cast.group),
        *[lambda: propose_item(actor=cast.chair, meeting=meeting, title="Late")] * 3,
        lambda: open_review(actor=cast.chair, deliverable=work, until=soon),
        lambda: actions.ask_to_join(actor=cast.outsider, group=cast.group, organization=cast.other),
    )

    done(outcomes)
    cast.group.refresh_from_db()
    left = {each.kind.name for each in open_work(cast.group, viewer_for(cast.chair.pk))}
    assert left == {"deliverables"}
