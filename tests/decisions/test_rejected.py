"""A proposal that the group rejected is a decision: on record, never in force, and without effect."""

import json

import pytest
from django.db import IntegrityError, connection, transaction

from alliance.portal.provenance import provenance_of
from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.links.models import Link
from common.record.models import Record
from common.search.models import SearchEntry
from notifications.content import contents_of
from notifications.models import Event
from tests import factories
from tests.factories.works import decision
from workinggroups.decisions.minutes import printed_decisions
from workinggroups.decisions.models import Decision
from workinggroups.decisions.tally import Tally
from workinggroups.meetings import actions as meetings

COUNTS = Tally(3, 12, 1, "organizations")


def rejected(chair, group, title="Meet on Sundays", **more):
    how = {"method": "majority", "outcome": "rejected", "counts": COUNTS, **more}
    return decision(chair, group, title, **how)


def words(response):
    return " ".join(response.content.decode().split())


def form(**more):
    return {
        "title": "Meet on Sundays",
        "outcome": "rejected",
        "method": "majority",
        "votes_for": "3",
        "votes_against": "12",
        "abstentions": "1",
        "unit": "organizations",
        "dissent": "",
        "decided_on": "2025-03-04",
        "meeting": "",
        **more,
    }


def url(group, rest=""):
    return f"/groups/{group.slug}/decisions/{rest}"


def test_it_is_on_record_and_never_in_force(chair, group):
    made = rejected(chair, group)

    assert (made.number, made.outcome, made.state, made.unit) == (
        1, "rejected", "rejected", "organizations",
    )  # fmt: skip
    assert not Decision.objects.standing().exists()
    facts = json.loads(Record.objects.get(kind="decision").facts)
    assert (facts["outcome"], facts["unit"], facts["by_hand"]) == (
        "rejected",
        "organizations",
        True,
    )


def test_all_of_before_was_adopted_by_hand(chair, group):
    made = decision(chair, group)

    assert (made.outcome, made.state, made.is_by_hand, made.unit) == (
        "adopted",
        "standing",
        True,
        "",
    )


def test_it_adopts_no_charter(chair, group):
    draft = factories.charter(group, state="draft")

    with pytest.raises(Invalid) as refusal:
        rejected(chair, group, charter_version=draft)

    draft.refresh_from_db()
    assert refusal.value.field == "charter_version"
    assert draft.state == "draft"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("rescinds", [False, True])
def test_it_replaces_nothing(chair, group, rescinds):
    older = decision(chair, group)

    with pytest.raises(Invalid, match="replaces nothing, so D-1 stays") as refusal:
        rejected(chair, group, replaces=older, rescinds=rescinds)

    older.refresh_from_db()
    assert refusal.value.field == "outcome"
    assert older.state == "standing"


def test_what_was_rejected_cannot_be_replaced(chair, group):
    older = rejected(chair, group)

    with pytest.raises(WrongState, match="D-1 was rejected, so it was never in force"):
        decision(chair, group, replaces=older)


@pytest.mark.parametrize(
    "change",
    [
        "outcome = 'adopted'",
        "outcome = 'adopted', state = 'standing'",
        "state = 'standing'",
        "unit = 'people'",
        "is_by_hand = false",
        "early_until = now(), early_reason = 'x'",
    ],
)
def test_the_database_keeps_it_as_it_is(chair, group, change):
    made = rejected(chair, group)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE decisions_decision SET {change} WHERE id = %s", [made.pk])


def test_the_database_lets_nothing_be_replaced_by_it(chair, group):
    older, newer = decision(chair, group), rejected(chair, group)

    with pytest.raises(IntegrityError, match="replaces nothing"), transaction.atomic():
        Decision.objects.filter(pk=older.pk).update(state="superseded", replaced_by=newer)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "standing"},
        {"outcome": "adopted"},
        {"votes_for": None, "votes_against": None, "method": "consensus"},
        {"early_until": "2026-12-12", "early_reason": "x"},
    ],
)
def test_the_database_inserts_no_contradiction(chair, group, broken):
    made = rejected(chair, group)
    made.pk, made.number, made._state.adding = None, 2, True
    made.uuid = decision(chair, group).uuid.__class__(int=7)
    for name, value in broken.items():
        setattr(made, name, value)

    with pytest.raises(IntegrityError, match="decision_"), transaction.atomic():
        made.save(force_insert=True)


def test_the_form_records_it_and_its_page_says_so(client_of, chair, group):
    response = client_of(chair).post(url(group, "new/"), form(), follow=True)

    page = words(response)
    assert Decision.objects.get().outcome == "rejected"
    assert "Rejected." in page
    assert "x-circle" in page
    assert "In force" not in page.split("<main", 1)[1]
    assert "3 organizations for, 12 against" in page
    assert "12 organizations voted against; no reason is on record." in page
    assert "supersede/" not in page


def test_the_form_says_what_carried(client_of, chair, group):
    response = client_of(chair).post(url(group, "new/"), form(votes_for="12", votes_against="3"))

    assert response.status_code == 422
    assert "12 for and 3 against is a majority. Record it as adopted" in words(response)
    assert not Decision.objects.exists()


def test_a_form_that_was_open_before_there_was_a_choice_means_adopted(client_of, chair, group):
    data = form(method="consensus", votes_for="", votes_against="", abstentions="")
    del data["outcome"], data["unit"]

    assert client_of(chair).post(url(group, "new/"), data).status_code == 302

    assert Decision.objects.get().outcome == "adopted"


def test_the_form_of_a_replacement_does_not_offer_it_and_refuses_it(client_of, chair, group):
    decision(chair, group)

    page = client_of(chair).get(url(group, "1/supersede/"))
    refused = client_of(chair).post(url(group, "1/supersede/"), form())

    assert 'type="radio" name="outcome"' not in page.content.decode()
    assert "record a decision of its own" in words(page)
    assert refused.status_code == 422
    assert "A rejected proposal replaces nothing" in words(refused)
    assert Decision.objects.count() == 1


def test_the_register_is_filtered_by_it(client_of, chair, group):
    decision(chair, group, "Meet on Tuesdays")
    rejected(chair, group, "Meet on Sundays")
    client = client_of(chair)

    def listed(query=""):
        page = client.get(url(group) + query)
        return [row.title for row in page.context["page"].rows]

    assert listed() == ["Meet on Tuesdays"]
    assert listed("?show=rejected") == ["Meet on Sundays"]
    assert set(listed("?show=all")) == {"Meet on Tuesdays", "Meet on Sundays"}
    assert listed("?show=nonsense") == ["Meet on Tuesdays"]
    rows = words(client.get(url(group) + "?show=all")).split("rows--numbered", 1)[1]
    assert rows.split("</ul>", 1)[0].count("Rejected") == 1


def test_every_list_with_decisions_says_it(client_of, chair, group):
    held = factories.past_meeting(group)
    rejected(chair, group, meeting=held)
    client = client_of(chair)

    for page in (group.get_absolute_url(), held.get_absolute_url(), "/my/"):
        text = words(client.get(page))
        assert "Meet on Sundays" in text, page
        assert "Rejected" in text.split("Meet on Sundays", 1)[1][:700], page


def test_search_finds_it_as_rejected(chair, group):
    made = rejected(chair, group)

    entry = SearchEntry.objects.get(kind="decision", uuid=made.uuid)
    assert entry.title == "D-1 Meet on Sundays (rejected)"
    assert "Rejected" in entry.about.split("\n")


def test_the_mail_says_rejected_and_not_decided(chair, member, group):
    rejected(chair, group)
    event = Event.objects.get(kind="decision_recorded")

    content = contents_of([event], viewer_for(member.pk))[event.pk]

    assert content.title == "Rejected: Meet on Sundays"
    assert content.detail == (
        "D-1, majority of votes cast: 3 organizations for, 12 against, 1 abstained"
    )


def test_the_api_says_it_and_filters_by_it(client_of, chair, group):
    decision(chair, group)
    rejected(chair, group)
    client = client_of(chair)

    def numbers(**query):
        rows = client.get("/api/v1/decisions/", query).json()["results"]
        return [(row["number"], row["outcome"], row["state"], row["unit"]) for row in rows]

    assert numbers(outcome="rejected") == [(2, "rejected", "rejected", "organizations")]
    assert numbers(state="standing") == [(1, "adopted", "standing", "")]
    assert client.get("/api/v1/decisions/", {"outcome": "lost"}).status_code == 400


def test_printed_and_sealed_minutes_say_it(chair, secretary, group):
    held = factories.past_meeting(group)
    factories.notes(held, "We met.", author=chair)
    rejected(chair, group, meeting=held)
    decision(chair, group, "Meet on Tuesdays", meeting=held)
    held.refresh_from_db()

    assert printed_decisions(held) == [
        "D-1: Meet on Sundays. Rejected. Majority of votes cast: 3 organizations for, 12 against, "
        "1 abstained.",
        "D-2: Meet on Tuesdays. Consensus.",
    ]
    meetings.offer_minutes(actor=chair, meeting=held, correction_days=0)
    held.refresh_from_db()
    meetings.approve_minutes(actor=chair, meeting=held, seen=held.notes_count)
    sealed = json.loads(held.sealed_minutes.get().content)["decisions"]
    assert [(one["outcome"], one["unit"], one["for"]) for one in sealed] == [
        ("rejected", "organizations", 3),
        ("adopted", None, None),
    ]


def test_its_provenance_says_it_with_an_icon(client_of, chair, group):
    held = factories.past_meeting(group)
    made = rejected(chair, group, meeting=held)

    story = provenance_of("decision", made.uuid, viewer_for(chair.pk))
    page = words(client_of(chair).get(f"/why/decision/{made.uuid}/"))

    assert story is not None
    assert [step.is_rejected for step in story.steps] == [True]
    assert "x-circle" in page
    assert "Rejected" in page
    assert {link.relation for link in Link.objects.filter(from_uuid=made.uuid)} == {"taken_at"}


def test_the_register_asks_as_often_for_20_rejected_as_for_2(client_of, chair, group):
    from tests.browser import queries_of

    client = client_of(chair)
    for place in range(2):
        rejected(chair, group, f"Point {place}")
    few = queries_of(client, url(group) + "?show=all")

    for place in range(18):
        rejected(chair, group, f"More {place}")

    assert queries_of(client, url(group) + "?show=all") == few <= 15
