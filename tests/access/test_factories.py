"""The test ground itself: what the cast is said to be, it is."""

from collections.abc import Callable

import pytest
from django.test import Client

from common.access import viewer_for
from members.people.models import Person
from tests.matrix.loading import actors
from tests.world import GROUPS, build_world
from workinggroups.groups.models import Group


def test_cast_has_its_places_in_the_group(
    group: Group,
    chair: Person,
    co_chair: Person,
    secretary: Person,
    member: Person,
    observer: Person,
) -> None:
    assert viewer_for(chair.pk).is_chair(group.pk)
    assert viewer_for(co_chair.pk).is_chair(group.pk)
    assert viewer_for(secretary.pk).is_officer(group.pk)
    assert not viewer_for(secretary.pk).is_chair(group.pk)
    assert viewer_for(member.pk).may_write(group.pk)
    assert viewer_for(observer.pk).is_member(group.pk)
    assert not viewer_for(observer.pk).may_write(group.pk)


def test_cast_outside_the_group_is_in_or_out_of_the_alliance(
    group: Group,
    outsider: Person,
    individual: Person,
    representative: Person,
    staff: Person,
    applicant: Person,
    stranger: Person,
) -> None:
    inside = [outsider, individual, representative, staff]

    assert all(viewer_for(person.pk).in_alliance for person in inside)
    assert not viewer_for(applicant.pk).in_alliance
    assert not viewer_for(stranger.pk).in_alliance
    assert not any(viewer_for(person.pk).is_member(group.pk) for person in inside)


@pytest.mark.django_db
def test_world_has_every_actor_and_every_kind_of_group() -> None:
    world = build_world()

    assert set(world.people) == set(actors()) - {"anonymous"}
    assert set(GROUPS) <= set(world.groups)
    secret = world.groups["secret"].pk
    seated = {actor for actor, who in world.people.items() if viewer_for(who.pk).is_member(secret)}
    assert seated == {"chair", "co_chair", "secretary", "member", "editor", "observer"}


def test_client_is_signed_in_with_a_session(
    member: Person, client_of: Callable[..., Client]
) -> None:
    client = client_of(member)

    assert client.session["_auth_user_id"] == str(member.pk)
