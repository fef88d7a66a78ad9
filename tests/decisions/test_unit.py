"""Counts say what they count; who recorded a decision by hand, and where it was taken, is said."""

import pytest

from tests import factories
from tests.factories.works import decision, publication
from workinggroups.decisions.models import Decision
from workinggroups.decisions.queries.decisions import usual_unit
from workinggroups.decisions.tally import Tally

ASKED = "What do these numbers count?"
UNSAID = "It is not on record whether these numbers count organizations or people."


def words(response):
    return " ".join(response.content.decode().split())


def url(group, rest=""):
    return f"/groups/{group.slug}/decisions/{rest}"


def form(**more):
    return {
        "title": "Meet on Mondays",
        "method": "majority",
        "votes_for": "12",
        "votes_against": "3",
        "unit": "people",
        "decided_on": "2025-03-04",
        **more,
    }


def test_the_form_asks_with_what_the_group_counted_last(client_of, chair, group):
    client = client_of(chair)
    page = client.get(url(group, "new/"))
    assert ASKED in words(page)
    assert page.context["form"]["unit"].value() == "organizations"

    client.post(url(group, "new/"), form())

    assert Decision.objects.get().unit == usual_unit(group) == "people"
    assert client.get(url(group, "new/")).context["form"]["unit"].value() == "people"


def test_counts_without_a_unit_are_asked_for_it(client_of, chair, group):
    response = client_of(chair).post(url(group, "new/"), form(unit=""))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["unit"]


def test_a_decision_without_counts_has_no_unit(client_of, chair, group):
    data = form(method="consensus", votes_for="", votes_against="")

    assert client_of(chair).post(url(group, "new/"), data).status_code == 302

    assert Decision.objects.get().unit == ""


@pytest.mark.parametrize(
    ("unit", "said", "is_unsaid"),
    [
        ("organizations", "12 organizations for, 3 against", False),
        ("people", "12 people for, 3 against", False),
        ("", "12 for, 3 against", True),
    ],
)
def test_the_page_says_the_unit_or_that_nobody_said_it(
    client_of, chair, group, unit, said, is_unsaid
):
    made = decision(chair, group, method="majority", counts=Tally(12, 3, 0, unit))

    page = words(client_of(chair).get(made.get_absolute_url()))

    assert said in page
    assert (UNSAID in page) == is_unsaid


def test_nothing_is_said_of_a_unit_where_nothing_was_counted(client_of, chair, group):
    made = decision(chair, group)

    assert UNSAID not in words(client_of(chair).get(made.get_absolute_url()))


def test_the_page_says_who_recorded_it_by_hand_and_where_it_was_taken(client_of, chair, group):
    held = factories.past_meeting(group, "Evaluations call")
    alone, taken = decision(chair, group), decision(chair, group, "Meet", meeting=held)

    pages = [words(client_of(chair).get(one.get_absolute_url())) for one in (alone, taken)]

    assert f'Recorded by hand by <span class="person">{chair.name}</span>.' in pages[0]
    assert (
        f'Taken at the meeting <a href="{held.get_absolute_url()}">Evaluations call</a>' in pages[1]
    )


def test_what_was_counted_here_is_not_called_recorded_by_hand(client_of, chair, group):
    made = decision(chair, group, is_by_hand=False)

    page = words(client_of(chair).get(made.get_absolute_url()))
    listed = client_of(chair).get(f"/api/v1/decisions/{made.uuid}/").json()

    assert "by hand" not in page
    assert listed["is_by_hand"] is False


@pytest.mark.parametrize(
    ("counts", "dissent", "said"),
    [
        (Tally(12, 3, 0), "", "3 voted against; no reason is on record."),
        (Tally(12, 1, 0, "people"), "", "1 person voted against; no reason is on record."),
        (
            Tally(12, 3, 0, "organizations"),
            "Too early.",
            "3 organizations voted against. What is on record of their reasons:",
        ),
    ],
)
def test_the_public_page_says_how_many_were_against_and_whether_reasons_are_known(
    client, client_of, chair, group, counts, dissent, said
):
    made = publication(
        chair, group, result={"method": "majority", "counts": counts, "dissent": dissent}
    )

    for page in (
        client.get(made.get_absolute_url()),
        client_of(chair).get(made.approval.get_absolute_url()),
    ):
        text = words(page)
        assert said in text
        assert (dissent in text) if dissent else ("No disagreement" not in text)


def test_the_public_page_says_the_unit(client, chair, group):
    counts = Tally(12, 3, 1, "organizations")
    made = publication(chair, group, result={"method": "majority", "counts": counts})

    text = words(client.get(made.get_absolute_url()))

    assert text.count("12 organizations for, 3 against, 1 abstained") == 2


def test_the_preview_of_a_publication_says_what_becomes_public_of_the_votes(
    client_of, chair, group
):
    from tests.factories.works import approve, in_review

    work = in_review(chair, group)
    approve(chair, work, method="majority", counts=Tally(12, 3, 0, "organizations"))

    text = words(client_of(chair).get(f"{work.get_absolute_url()}publish/"))

    assert "3 organizations voted against; no reason is on record." in text
