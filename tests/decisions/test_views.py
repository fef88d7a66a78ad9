from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from common.errors import Invalid
from common.ui.date_format import day_words
from tests import factories
from tests.browser import queries_of
from tests.factories.works import decision
from tests.groups.test_creating import edit
from workinggroups.decisions.choices import WAITING_SHOWN
from workinggroups.decisions.models import Decision
from workinggroups.decisions.tally import Tally


def form(**more):
    return {
        "title": "Name who pays for a test",
        "source": "In **every** result.",
        "method": "two_thirds",
        "votes_for": "20",
        "votes_against": "10",
        "abstentions": "4",
        "unit": "organizations",
        "dissent": "Two labs were against.",
        "decided_on": "2025-03-04",
        "meeting": "",
        **more,
    }


def url(group, rest=""):
    return f"/groups/{group.slug}/decisions/{rest}"


def test_the_chair_records_a_decision(client_of, chair, group):
    response = client_of(chair).post(url(group, "new/"), form(), follow=True)

    made = Decision.objects.get()
    assert response.redirect_chain[-1][0] == made.get_absolute_url()
    page = response.content.decode()
    assert "<strong>every</strong>" in page
    assert "20 organizations for, 10 against" in page
    assert "Two labs were against." in page


def test_the_form_offers_no_day_to_come(client_of, chair, group):
    planned = factories.meeting(group)

    response = client_of(chair).get(url(group, "new/"), {"meeting": planned.number})

    offered = response.context["form"].initial
    assert offered["meeting"] == planned
    assert offered["decided_on"] == timezone.now().date()


def test_a_line_of_early_notes_is_recorded_before_the_hour_of_the_meeting(client_of, chair, group):
    planned = factories.meeting(group)
    factories.notes(planned, "decision: Begin early.", author=chair)

    client_of(chair).post(
        url(group, "new/"),
        form(title="Begin early", decided_on=timezone.now().date(), meeting=planned.number)
        | {"source_line": "1:1"},
    )

    assert Decision.objects.get().meeting == planned


def test_a_decision_was_taken_at_a_meeting_that_was_held_or_is_running(client_of, chair, group):
    """By number and day, since fourteen meetings can have one title."""
    now = timezone.now()
    held = factories.past_meeting(group, "Evaluations call", starts_at=now - timedelta(days=14))
    running = factories.past_meeting(
        group, "Evaluations call", starts_at=now - timedelta(minutes=9)
    )
    ahead = factories.meeting(group, "Evaluations call")
    factories.notes(ahead, "decision: Begin early.", author=chair)
    cancelled = factories.past_meeting(group, "Evaluations call", state="cancelled")

    def offered(**query):
        page = client_of(chair).get(url(group, "new/"), query)
        return [str(label) for _value, label in page.context["form"].fields["meeting"].choices]

    assert offered() == [
        "Not at a meeting",
        f"2. Evaluations call, {day_words(running.local_date)}",
        f"1. Evaluations call, {day_words(held.local_date)}",
    ]
    early = f"3. Evaluations call, {day_words(ahead.local_date)}"
    assert early in offered(meeting=ahead.number)
    assert len(offered(meeting=cancelled.number)) == 3
    refused = client_of(chair).post(url(group, "new/"), form(meeting=cancelled.number))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["meeting"])


def test_the_page_of_a_meeting_offers_the_first_lines_and_counts_the_others(
    client_of, chair, group
):
    held = factories.past_meeting(group)
    lines = "\n\n".join(f"decision: Number {number}" for number in range(WAITING_SHOWN + 3))
    factories.notes(held, lines, author=chair)

    page = client_of(chair).get(held.get_absolute_url()).content.decode()

    assert page.count("Record this decision") == WAITING_SHOWN
    assert "Record these to see 3 more decisions from the notes." in page


def test_what_does_not_carry_is_said_beside_the_figure_and_nothing_typed_is_lost(
    client_of, chair, group
):
    response = client_of(chair).post(url(group, "new/"), form(votes_for="19"))

    assert response.status_code == 422
    page = response.content.decode()
    assert "Two thirds of 29 votes cast are 20, but only 19 were for." in page
    assert "In **every** result." in page
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("decided_on", "2999-01-01"),
        ("decided_on", "no day"),
        ("votes_for", "-1"),
        ("votes_for", "9" * 40),
        ("method", "coin"),
        ("title", ""),
        ("title", "t" * 201),
        ("meeting", "999999"),
        ("meeting", "x"),
        ("source_line", "l" * 33),
    ],
)
def test_bad_input_names_its_field(client_of, chair, group, field, value):
    response = client_of(chair).post(url(group, "new/"), form(**{field: value}))

    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_a_member_reads_the_register_and_records_nothing(client_of, chair, member, group):
    decision(chair, group)
    client = client_of(member)

    assert "Meet on Tuesdays" in client.get(url(group)).content.decode()
    assert url(group, "new/") not in client.get(url(group)).content.decode()
    assert client.get(url(group, "new/")).status_code == 403
    assert client.post(url(group, "new/"), form()).status_code == 403


@pytest.mark.parametrize("rest", ["", "1/", "new/", "1/supersede/", "1/rescind/"])
def test_somebody_from_another_group_finds_nothing(client_of, chair, outsider, group, rest):
    decision(chair, group)

    hidden = client_of(outsider).get(url(group, rest))
    missing = client_of(outsider).get(f"/groups/no-such-group/decisions/{rest}")

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


def test_a_former_member_finds_nothing(client_of, chair, member, group):
    decision(chair, group)
    member.participations.all().delete()

    assert client_of(member).get(url(group, "1/")).status_code == 404


@pytest.mark.parametrize("slug", ["trust-benchmarks", "no-such-group"])
def test_a_stranger_is_asked_to_sign_in_either_way(client, group, slug):
    path = f"/groups/{slug}/decisions/"

    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path.replace('/', '%2F')}"


def test_no_page_says_that_nobody_disagreed_where_some_voted_against(client_of, chair, group):
    agreed = decision(chair, group)
    split = decision(chair, group, "Meet on Mondays", method="majority", counts=Tally(12, 3, 0))

    pages = [client_of(chair).get(one.get_absolute_url()) for one in (agreed, split)]

    said = [" ".join(page.content.decode().split()) for page in pages]
    assert "No disagreement is on record." in said[0]
    assert "3 voted against; no reason is on record." in said[1]
    assert "No disagreement is on record" not in said[1]


def test_an_older_decision_shows_what_took_its_place(client_of, chair, group):
    decision(chair, group)

    client_of(chair).post(url(group, "1/supersede/"), form(title="Meet on Fridays"))

    page = client_of(chair).get(url(group, "1/")).content.decode()
    assert "The group replaced this decision with" in page
    assert url(group, "2/") in page


def test_taking_back_offers_the_sentence(client_of, chair, group):
    decision(chair, group)

    page = client_of(chair).get(url(group, "1/rescind/")).content.decode()

    assert "Rescind: Meet on Tuesdays" in page


def test_the_register_shows_what_stands_unless_all_is_asked_for(client_of, chair, group):
    older = decision(chair, group)
    decision(chair, group, "Meet on Fridays", replaces=older)
    client = client_of(chair)

    assert "Meet on Tuesdays" not in client.get(url(group)).content.decode()
    assert "superseded by D-2" in client.get(url(group) + "?show=all").content.decode()


def test_the_register_asks_as_often_for_20_rows_as_for_2(client_of, chair, group):
    client = client_of(chair)
    for place in range(2):
        decision(chair, group, f"Point {place}")
    few = queries_of(client, url(group))

    for place in range(18):
        decision(chair, group, f"More {place}")

    assert queries_of(client, url(group)) == few <= 15


def test_names_typed_by_people_are_escaped(client_of, chair, group):
    decision(chair, group, "<script>alert(1)</script>", dissent="<img src=x onerror=y>")

    for path in (url(group), url(group, "1/")):
        page = client_of(chair).get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_form_of_a_charter_adopts_it(client_of, chair, group):
    draft = factories.charter(group, state="draft")

    client_of(chair).post(url(group, "new/"), form(charter_version=str(draft.uuid)))

    draft.refresh_from_db()
    assert draft.state == "adopted"


def test_other_methods_are_refused_whoever_asks(client, group):
    assert client.delete(url(group)).status_code == 405
    assert client.put(url(group, "new/")).status_code == 405


def test_what_the_group_kept_for_itself_is_not_named_by_a_later_decision(
    client_of, chair, outsider
):
    group = factories.group("Trust", preset="listed", chair=chair)
    meeting = factories.past_meeting(group, "Whom we sue")
    older = decision(chair, group, "Sue Lumen")
    edit(chair, group, content="alliance")
    group.refresh_from_db()
    newer = decision(chair, group, "Write a letter", replaces=older, meeting=meeting)

    page = client_of(outsider).get(url(group, f"{newer.number}/")).content.decode()
    listed = client_of(outsider).get(f"/api/v1/decisions/{newer.uuid}/").json()
    own = client_of(chair).get(f"/api/v1/decisions/{newer.uuid}/").json()

    assert "Write a letter" in page
    assert "Sue Lumen" not in page
    assert "Whom we sue" not in page
    assert listed["meeting"] is None
    assert own["meeting"] == str(meeting.uuid)


def test_a_day_that_no_zone_can_show_is_refused_by_name(client_of, chair, group):
    response = client_of(chair).post(url(group, "new/"), form(decided_on="0001-01-01"))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["decided_on"]
    with pytest.raises(Invalid) as refusal:
        decision(chair, group, decided_at=datetime(1, 1, 1, 12, tzinfo=UTC))
    assert refusal.value.field == "decided_on"


def test_a_decision_in_the_notes_of_a_meeting_without_number_is_recorded(
    client_of, chair, group
) -> None:
    series = factories.meeting_series(group)
    meeting = series.meetings.get()
    factories.notes(meeting, "decision: Meet again.", author=chair)
    url = f"/groups/{group.slug}/decisions/new/"

    page = client_of(chair).get(url, {"meeting": meeting.address})
    assert page.context["form"]["meeting"].value() == meeting.address

    answer = client_of(chair).post(
        url,
        {
            "title": "Meet again.",
            "method": "consensus",
            "decided_on": timezone.now().date().isoformat(),
            "meeting": meeting.address,
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    assert Decision.objects.get().meeting == meeting
