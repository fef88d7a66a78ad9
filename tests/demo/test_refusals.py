"""The demo never meets real data."""

import pytest
from django.core.management import CommandError, call_command

from members.people.models import Person
from tests import factories

# On one worker and in the order of the files: the small demo, once loaded, stays until the last.
pytestmark = pytest.mark.xdist_group("demo")


def test_refuses_a_database_that_holds_people_of_its_own(db: None) -> None:
    factories.person("Real Person")

    with pytest.raises(CommandError, match="1 people who are not of the demo"):
        call_command("demo")

    assert Person.objects.count() == 1


def test_another_size_is_refused_in_one_line_before_anything_is_touched(db: None) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("demo", size="huge")

    assert str(refusal.value) == "SIZE is small or large, not huge."
    assert not Person.objects.exists()
