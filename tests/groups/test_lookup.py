import pytest
from django.http import Http404, HttpRequest

from common.access import ANONYMOUS, viewer_for
from common.http.requests import Request
from members.people.models import Person
from tests import factories
from workinggroups.groups.lookup import group_of_member_space, visible_group
from workinggroups.groups.models import Group


def request_of(person: Person) -> Request:
    request = HttpRequest()
    request.viewer = viewer_for(person.pk)  # type: ignore[attr-defined]
    return request  # type: ignore[return-value]


@pytest.mark.django_db
@pytest.mark.parametrize("preset", ["closed", "secret"])
def test_stranger_finds_no_group_that_is_not_public(preset: str) -> None:
    group = factories.group(preset=preset)

    with pytest.raises(Http404):
        visible_group(ANONYMOUS, group.slug)


def test_outsider_finds_the_card_and_not_the_content(outsider: Person) -> None:
    group = factories.group(preset="closed")

    assert visible_group(viewer_for(outsider.pk), group.slug) == group
    with pytest.raises(Http404):
        group_of_member_space(request_of(outsider), group.slug)


def test_alliance_reads_what_an_open_group_writes(outsider: Person, applicant: Person) -> None:
    group = factories.group(preset="open")

    assert group_of_member_space(request_of(outsider), group.slug) == group
    with pytest.raises(Http404):
        group_of_member_space(request_of(applicant), group.slug)


def test_member_finds_a_secret_group(chair: Person, staff: Person) -> None:
    group: Group = factories.group(preset="secret", chair=chair)

    assert group_of_member_space(request_of(chair), group.slug) == group
    with pytest.raises(Http404):
        visible_group(viewer_for(staff.pk), group.slug)


def test_break_glass_opens_a_secret_group(chair: Person, staff: Person) -> None:
    group = factories.group(preset="secret", chair=chair)
    factories.break_glass(group, staff)

    assert group_of_member_space(request_of(staff), group.slug) == group
