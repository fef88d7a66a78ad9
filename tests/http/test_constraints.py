"""A refusal of the database is answered by the constraint that refused, and by no other."""

import pytest
from django.db import IntegrityError

from common.constraints import refused_by
from common.errors import WrongState
from common.vocabulary.models import FocusArea

pytestmark = pytest.mark.django_db
TAKEN = WrongState("Another one has this address.")


def create_twice(slug: str = "tools") -> None:
    FocusArea.objects.create(slug="tools", name="Tools", position=71)
    FocusArea.objects.create(slug=slug, name="Tools again", position=72)


def test_the_named_constraint_raises_its_error_and_nothing_is_kept() -> None:
    by_slug = refused_by("vocabulary_focusarea_slug_key", error=TAKEN)
    with pytest.raises(WrongState, match="has this address"), by_slug:
        create_twice()

    assert not FocusArea.objects.filter(slug="tools").exists()


def test_any_other_constraint_is_a_fault_of_ours() -> None:
    with pytest.raises(IntegrityError), refused_by("some_other_constraint", error=TAKEN):
        create_twice()


def test_what_is_not_refused_stays() -> None:
    with refused_by("vocabulary_focusarea_slug_key", error=TAKEN):
        create_twice("others")

    assert FocusArea.objects.filter(slug__in=["tools", "others"]).count() == 2
