"""The settings page offers the notifications that can reach its reader."""

import pytest
from django.test import Client
from django.urls import reverse

from members.people.models import Person
from notifications.choices import Category, Frequency
from notifications.models import Preference
from notifications.registry import notification_types
from tests import factories
from tests.browser import signed_in

FOR_STAFF = [each for each in notification_types() if each.category == Category.ADMINISTRATION]


def rows_of(client: Client) -> dict[str, bool]:
    """Each type by its name, and whether the page has its row."""
    shown = client.get(reverse("notices-settings")).content.decode()
    return {each.name: f'id="id_{each.name}"' in shown for each in notification_types()}


def test_types_of_administration_are_offered_to_staff_alone(
    member: Person, stranger: Person, staff: Person
) -> None:
    assert FOR_STAFF

    everything = {each.name: each.is_in_use for each in notification_types()}
    without = everything | {each.name: False for each in FOR_STAFF}
    assert rows_of(signed_in(member)) == without
    assert rows_of(signed_in(stranger)) == without
    assert rows_of(signed_in(staff)) == everything
    assert Category.ADMINISTRATION.label.encode() not in (
        signed_in(member).get(reverse("notices-settings")).content
    )


@pytest.mark.django_db
def test_settings_are_saved_without_the_types_of_administration() -> None:
    person = factories.person("Alma Arrow")
    offered = [
        each for each in notification_types() if not each.mandatory and each not in FOR_STAFF
    ]
    choices = {each.name: each.default_frequency for each in offered}
    choices["post_added"] = Frequency.OFF
    choices[FOR_STAFF[0].name] = Frequency.OFF

    answer = signed_in(person).post(reverse("notices-settings"), choices)

    assert answer.status_code == 302
    assert [*Preference.objects.filter(person=person).values_list("kind", "rhythm")] == [
        ("post_added", "off")
    ]
