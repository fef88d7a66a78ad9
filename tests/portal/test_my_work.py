"""Each line of My work leads to the very thing it speaks of."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.portal.my_work.page import my_work
from common.access import viewer_for
from common.days import first_running
from members.people.models import Person
from tests import factories
from tests.factories.works import in_review
from workinggroups.groups.models import Group

pytestmark = pytest.mark.django_db


def needs(person: Person) -> dict[str, str]:
    return {need.title: need.url for need in my_work(person, viewer_for(person.pk)).needs}


def test_an_action_item_leads_to_itself(group: Group, chair: Person) -> None:
    item = factories.action_item(group, owner=chair, text="Call them", due_on=timezone.localdate())

    assert needs(chair) == {"Call them": item.get_absolute_url()}


def test_whoever_asks_to_join_is_answered_where_the_line_leads(
    group: Group, chair: Person, outsider: Person, client_of
) -> None:
    asked = factories.admission_request(group, outsider)

    (url,) = needs(chair).values()

    path, _hash, anchor = url.partition("#")
    assert f'id="{anchor}"' in client_of(chair).get(path).text
    assert anchor == f"asks-{asked.uuid}"


def test_a_review_past_its_last_day_asks_only_the_chairs_to_end_it(
    group: Group, chair: Person, member: Person
) -> None:
    work = in_review(chair, group, title="Stack")
    assert list(needs(member)) == ["Review Stack"]

    until = first_running() - timedelta(days=1)
    work.review_until = until
    work.save(update_fields=["review_until"])

    assert needs(member) == {}
    (need,) = my_work(chair, viewer_for(chair.pk)).needs
    assert (need.title, need.is_late, need.days_late) == (
        "End the review of Stack",
        True,
        (timezone.now().date() - until).days,
    )


def test_items_of_a_concluded_group_wait_for_nobody(
    group: Group, chair: Person, member: Person
) -> None:
    today = timezone.now().date()
    factories.action_item(group, owner=member, due_on=today - timedelta(days=20))
    assert len(needs(member)) == len(needs(chair)) == 1

    Group.objects.filter(pk=group.pk).update(state="concluded")

    assert needs(member) == needs(chair) == {}
