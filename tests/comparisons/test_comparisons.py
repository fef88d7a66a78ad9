"""Comparisons of sealed texts: made once, the same at every load."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from common.comparisons import actions
from common.comparisons.models import Comparison
from common.text.rendered_diff import rendered_diff_html
from tests import factories
from tests.browser import signed_in

pytestmark = pytest.mark.django_db

LONG = "We agreed on the next step and on who takes it.\n\n" * 4200


@pytest.fixture
def notes(group):
    meeting = factories.past_meeting(group)

    def make(*sources):
        made = [
            factories.notes(meeting, source, number=number)
            for number, source in enumerate(sources, 1)
        ]
        meeting.notes_count = len(made)
        meeting.save(update_fields=["notes_count"])
        return made

    return make


def test_a_short_comparison_is_made_at_once_and_stored(notes):
    old, new = notes("We met.", "We meet.")

    first = actions.compare_sealed(old, new)

    assert first == rendered_diff_html(old.html, new.html)
    assert Comparison.objects.get().html == first
    assert actions.compare_sealed(old, new) == first
    assert Comparison.objects.count() == 1


def test_a_long_comparison_is_made_by_a_worker(notes):
    old, new = notes(LONG, LONG + "The end.")

    assert actions.compare_sealed(old, new) is None
    assert actions.compare_sealed(old, new) is None
    assert actions.make_comparisons() == 1
    assert actions.compare_sealed(old, new) == rendered_diff_html(old.html, new.html)


def test_a_comparison_that_no_worker_makes_is_made_for_its_reader(notes):
    old, new = notes(LONG, LONG + "The end.")
    actions.compare_sealed(old, new)
    Comparison.objects.update(asked_at=timezone.now() - timedelta(minutes=1))

    assert actions.compare_sealed(old, new) == Comparison.objects.get().html


def test_a_text_rendered_again_is_compared_again(notes):
    old, new = notes("We met.", "We meet.")
    actions.compare_sealed(old, new)
    new.html = new.html.replace("<p>", '<p class="x">')

    assert 'class="x"' in actions.compare_sealed(old, new)


def test_a_text_rendered_again_while_it_waits_leaves_nothing_behind(notes):
    old, new = notes(LONG, LONG + "The end.")
    actions.compare_sealed(old, new)
    Comparison.objects.update(old_id=new.pk)

    actions.make_comparisons()

    assert not Comparison.objects.exists()


def test_outdated_and_old_comparisons_are_swept(notes):
    texts = notes("a", "b", "c", "d")
    for old, new in pairwise(texts):
        actions.compare_sealed(old, new)
    first, second, third = Comparison.objects.order_by("old_id")
    Comparison.objects.filter(pk=first.pk).update(comparison_version=0)
    Comparison.objects.filter(pk=second.pk).update(asked_at=timezone.now() - timedelta(days=91))

    assert actions.sweep_comparisons() == 2
    assert Comparison.objects.get() == third


def test_the_page_says_that_it_is_being_prepared_and_refreshes_itself(notes, group, chair):
    _old, new = notes(LONG, LONG + "The end.")
    address = reverse("notes-revision", args=[group.slug, new.meeting.number, new.number])

    waiting = signed_in(chair).get(address).content.decode()
    actions.make_comparisons()
    made = signed_in(chair).get(address).content.decode()

    assert "We are preparing this comparison." in waiting
    assert '<meta http-equiv="refresh" content="2">' in waiting
    assert "http-equiv" not in made
    assert "The end." in made
