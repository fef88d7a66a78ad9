"""The pages: what they show, what they refuse, and how many queries a list costs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from workinggroups.groups.models import ActionItem
from workinggroups.meetings import actions, competition
from workinggroups.meetings.models import Meeting, NotesConflict

pytestmark = pytest.mark.django_db

SOON = {
    "title": "Guardrail interface",
    "local_date": "2030-11-26",
    "local_time": "18:00",
    "zone": "Europe/Zurich",
    "duration_minutes": "60",
}
NOTICE = str(competition.NOTICE)[:60]


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- the list ----------------------------------------------------------------------------------


def test_the_list_shows_what_comes_and_what_was(client_of, member, group):
    coming = factories.meeting(group, "To come")
    past = factories.past_meeting(group, "Has been")
    factories.meeting(group, "Off", state="cancelled", cancelled_reason="Nobody can")

    page = text(client_of(member).get(reverse("meetings", args=[group.slug])))

    assert coming.title in page
    assert past.title in page
    assert "Nobody can" in page


def test_the_list_leads_on_to_older_ones_without_gap_or_repetition(client_of, member, group):
    now = timezone.now()
    for days in range(1, 46):
        factories.meeting(group, f"Meeting of day {days}", starts_at=now - timedelta(days=days))
    client, found, url = client_of(member), [], reverse("meetings", args=[group.slug])

    while url:
        page = client.get(url).content.decode()
        found += re.findall(r"Meeting of day \d+", page)
        older = re.search(r'href="(\?before=\d+)" rel="next"', page)
        url = reverse("meetings", args=[group.slug]) + older[1] if older else ""

    assert found == [f"Meeting of day {days}" for days in range(1, 46)]


@pytest.mark.parametrize("cursor", ["x", "-1", "999999999999999999", "99", "\u0663"])
def test_a_cursor_that_names_nothing_begins_at_the_start(client_of, member, group, cursor):
    factories.past_meeting(group, "Has been")

    page = client_of(member).get(reverse("meetings", args=[group.slug]), {"before": cursor})

    assert "Has been" in text(page)


@pytest.fixture
def queries_of(client_of, member, django_assert_max_num_queries):
    """The queries of a page as the member asks for it, after everything cached is there."""

    def ask(url: str) -> list[str]:
        client = client_of(member)
        client.get(url)
        with django_assert_max_num_queries(40) as asked:
            assert client.get(url).status_code == 200
        return [query["sql"] for query in asked.captured_queries]

    return ask


@pytest.mark.parametrize("name", ["meetings", "calendar"])
def test_lists_cost_the_same_at_two_and_at_twenty(queries_of, group, name):
    url = reverse(name, args=[group.slug] if name == "meetings" else [])
    if name == "calendar":
        url += f"?month={factories.ahead(days=7):%Y-%m}"
    for _number in range(2):
        factories.meeting(group)
        factories.past_meeting(group)
    at_two = queries_of(url)
    for _number in range(18):
        factories.meeting(group)
        factories.past_meeting(group)

    at_twenty = queries_of(url)

    assert len(at_twenty) == len(at_two) <= 16


def test_a_meeting_costs_the_same_with_two_and_with_twenty_of_everything(
    queries_of, group, chair, organization
):
    meeting = factories.past_meeting(group)
    factories.past_meeting(group)
    factories.meeting(group)

    def more(count: int) -> None:
        for _number in range(count):
            person = factories.member_of(factories.organization())
            factories.seat(group, person)
            factories.agenda_item(meeting, presenter=person)
            factories.attendance(
                meeting, person, organization=person.affiliations.get().organization
            )
            factories.action_item(
                group, owner=person, source_uuid=meeting.uuid, source_line=str(person.pk)
            )
        factories.notes(meeting, "action: @Nobody writes\n" * count)

    more(2)
    at_two = queries_of(meeting.get_absolute_url())
    more(18)
    at_twenty = queries_of(meeting.get_absolute_url())

    assert len(at_twenty) == len(at_two) <= 16


# --- one meeting -------------------------------------------------------------------------------


def test_a_meeting_is_there_for_its_readers_only(client_of, member, outsider, group, client):
    meeting = factories.meeting(group, "Private matter", join_url="https://join.example/1")
    url = meeting.get_absolute_url()

    hidden = client_of(outsider).get(url)
    missing = client_of(outsider).get(url.replace("/1/", "/999/"))

    assert "https://join.example/1" in client_of(member).get(url).content.decode()
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert client.get(url).status_code == client.get("/groups/none/meetings/1/").status_code == 302


def test_the_alliance_reads_the_meetings_of_an_open_group(client_of, outsider, chair):
    meeting = factories.meeting(factories.group("Open one", preset="open", chair=chair))

    response = client_of(outsider).get(meeting.get_absolute_url())

    assert response.status_code == 200
    assert reverse("notes-edit", args=["open-one", 1]) not in response.content.decode()


@pytest.mark.parametrize("name", ["meeting", "meeting-agenda", "notes-edit"])
def test_the_competition_law_notice_stands_on_every_page_one_meets_on(
    client_of, member, group, name
):
    factories.meeting(group)

    page = client_of(member).get(reverse(name, args=[group.slug, 1]))

    assert NOTICE in text(page)


def test_the_page_leads_to_the_meetings_before_and_after(client_of, member, group):
    before = factories.past_meeting(group, "Before")
    meeting = factories.meeting(group, starts_at=timezone.now() + timedelta(days=1))
    after = factories.meeting(group, "After", starts_at=timezone.now() + timedelta(days=2))

    page = client_of(member).get(meeting.get_absolute_url()).content.decode()

    assert f'href="{before.get_absolute_url()}" rel="prev"' in page
    assert f'href="{after.get_absolute_url()}" rel="next"' in page


def test_a_cancelled_meeting_says_so_and_why(client_of, member, chair, group):
    meeting = factories.meeting(group)
    actions.cancel_meeting(actor=chair, meeting=meeting, reason="Nobody can")

    page = text(client_of(member).get(meeting.get_absolute_url()))

    assert "This meeting was cancelled. Nobody can" in page


def test_late_minutes_are_shown_as_late(client_of, member, group):
    meeting = factories.meeting(group, starts_at=timezone.now() - timedelta(days=30))

    page = text(client_of(member).get(meeting.get_absolute_url()))

    assert "The minutes are late." in page


def test_hostile_text_is_shown_as_text(client_of, member, chair, group):
    bad = "<script>alert(1)</script>"
    meeting = factories.meeting(group, bad, place=bad)
    factories.agenda_item(meeting, bad, text=bad)
    actions.save_notes(
        actor=chair, meeting=meeting, base=0, source=f"{bad}\ndecision: {bad}\naction: @x {bad}"
    )

    page = client_of(member).get(meeting.get_absolute_url()).content.decode()

    assert "<script>alert" not in page


# --- planning by form --------------------------------------------------------------------------


def test_a_chair_plans_a_meeting_by_form(client_of, chair, group):
    response = client_of(chair).post(reverse("meeting-plan", args=[group.slug]), SOON)

    meeting = Meeting.objects.get()
    assert response.headers["Location"] == meeting.get_absolute_url()
    assert meeting.starts_at == datetime(2030, 11, 26, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"local_time": "02:30", "local_date": "2030-03-31"}, "because clocks go forward"),
        ({"local_time": "02:30", "local_date": "2030-10-27"}, "occurs twice on this day"),
        ({"local_date": "2020-01-01"}, "This is in the past"),
        ({"local_date": "2020-13-01"}, "Enter a valid date"),
        ({"duration_minutes": "9" * 60}, "less than or equal to 1440"),
        ({"zone": "Mars/Base"}, "Select a valid choice"),
        ({"title": ""}, "This field is required"),
        ({"join_url": "javascript:alert(1)"}, "Enter a web address that begins with https"),
        ({"join_url": "https://bank.example@evil.example/"}, "Remove the name before “@”"),
    ],
)
def test_a_form_that_does_not_fit_says_why_and_keeps_what_was_typed(
    client_of, chair, group, changes, words
):
    response = client_of(chair).post(
        reverse("meeting-plan", args=[group.slug]), {**SOON, "place": "Room 4", **changes}
    )

    assert response.status_code == 422
    assert words in text(response)
    assert "Room 4" in response.content.decode()
    assert not Meeting.objects.exists()


def test_an_hour_that_comes_twice_can_be_chosen(client_of, chair, group):
    twice = {**SOON, "local_date": "2030-10-27", "local_time": "02:30"}
    client, url = client_of(chair), reverse("meeting-plan", args=[group.slug])

    assert 'name="fold"' in client.post(url, twice).content.decode()
    client.post(url, {**twice, "fold": "1"})

    assert Meeting.objects.get().starts_at == datetime(2030, 10, 27, 1, 30, tzinfo=UTC)


def test_an_empty_post_is_an_error_and_no_page(client_of, chair, group):
    assert client_of(chair).post(reverse("meeting-plan", args=[group.slug])).status_code == 422


def test_the_next_meeting_is_proposed_a_week_after_the_last(client_of, chair, group):
    last = factories.meeting(group, "Weekly", zone="Asia/Tokyo")

    page = client_of(chair).get(reverse("meeting-plan", args=[group.slug])).content.decode()

    assert f'value="{last.local_date + timedelta(days=7)}"' in page
    assert '<option value="Asia/Tokyo" selected>' in page


@pytest.mark.parametrize("name", ["meeting-plan"])
def test_members_are_told_that_officers_plan(client_of, member, group, name):
    response = client_of(member).get(reverse(name, args=[group.slug]))

    assert response.status_code == 403
    assert "Only the chairs and the secretary of the group can do this." in text(response)


def test_a_move_over_another_move_gives_back_what_was_typed(client_of, chair, group):
    meeting = factories.meeting(group, sequence=2)

    response = client_of(chair).post(
        reverse("meeting-edit", args=[group.slug, 1]), {**SOON, "sequence": "1", "place": "Room 4"}
    )

    meeting.refresh_from_db()
    assert response.status_code == 409
    assert "Room 4" in response.content.decode()
    assert meeting.sequence == 2


# --- agenda, attendance ------------------------------------------------------------------------


def test_an_agenda_is_written_by_plain_forms(client_of, chair, group):
    meeting = factories.meeting(group)
    client, url = client_of(chair), reverse("meeting-agenda", args=[group.slug, 1])
    for title in ("First", "Second"):
        client.post(url, {"title": title, "goal": "decide", "presenter": str(chair.uuid)})
    first, second = meeting.agenda.all()

    client.post(reverse("agenda-item-move", args=[group.slug, 1, second.uuid]), {"direction": "up"})
    client.post(reverse("agenda-item-remove", args=[group.slug, 1, first.uuid]))
    client.post(
        reverse("agenda-item", args=[group.slug, 1, second.uuid]),
        {"title": "Second, changed", "goal": "inform", "minutes": "15"},
    )

    item = meeting.agenda.get()
    assert (item.position, item.title, item.minutes) == (1, "Second, changed", 15)


def test_somebody_outside_the_group_cannot_be_named_as_presenter(client_of, chair, outsider, group):
    meeting = factories.meeting(group)

    response = client_of(chair).post(
        reverse("meeting-agenda", args=[group.slug, 1]),
        {"title": "x", "goal": "inform", "presenter": str(outsider.uuid)},
    )

    assert response.status_code == 422
    assert not meeting.agenda.exists()


def test_a_member_says_that_it_comes(client_of, member, group):
    meeting = factories.meeting(group)
    client = client_of(member)

    client.post(reverse("meeting-answer", args=[group.slug, 1]), {"answer": "coming"})

    assert meeting.attendance.get().person == member
    assert "You are coming." in text(client.get(meeting.get_absolute_url()))


def test_nobody_is_asked_to_come_once_attendance_is_recorded(client_of, chair, member, group):
    meeting = factories.meeting(group, starts_at=timezone.now() - timedelta(minutes=5))
    assert "I'm coming" in text(client_of(member).get(meeting.get_absolute_url()))

    actions.record_attendance(
        actor=chair, meeting=meeting, roster=[chair.pk, member.pk], present=[chair.pk]
    )

    for person in (chair, member):
        page = text(client_of(person).get(meeting.get_absolute_url()))
        assert "I'm coming" not in page
        assert "You said you can't come." not in page


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_an_answer_that_is_none_is_refused(client_of, member, group, answer):
    factories.meeting(group)

    response = client_of(member).post(
        reverse("meeting-answer", args=[group.slug, 1]), {"answer": answer}
    )

    assert response.status_code == 400


def test_the_roll_is_recorded_in_one_form(client_of, secretary, member, chair, group):
    meeting = factories.past_meeting(group)

    client_of(secretary).post(
        reverse("meeting-attendance", args=[group.slug, 1]),
        {"present": [str(member.uuid), str(chair.uuid)]},
    )

    states = dict(meeting.attendance.values_list("person__name", "state"))
    assert states == {member.name: "present", chair.name: "present", secretary.name: "absent"}


def test_a_stranger_on_the_roll_form_is_refused(client_of, chair, outsider, group):
    meeting = factories.past_meeting(group)

    response = client_of(chair).post(
        reverse("meeting-attendance", args=[group.slug, 1]), {"present": [str(outsider.uuid)]}
    )

    assert response.status_code == 422
    assert not meeting.attendance.exists()


# --- notes -------------------------------------------------------------------------------------


def test_notes_begin_with_a_heading_for_each_agenda_item(client_of, member, group):
    meeting = factories.meeting(group)
    factories.agenda_item(meeting, "Objection")

    page = client_of(member).get(reverse("notes-edit", args=[group.slug, 1])).content.decode()

    assert "# 1. Objection" in page


def test_saved_notes_are_shown_with_their_marked_lines(client_of, member, group):
    meeting = factories.meeting(group)
    client = client_of(member)

    client.post(
        reverse("notes-edit", args=[group.slug, 1]),
        {"base": "0", "source": f"We *met*.\naction: @{member.name} writes by 2030-12-01"},
    )

    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "We <em>met</em>." in page
    assert 'class="line-record line-record--action" id="A-1"' in page
    assert ActionItem.objects.get().owner == member


def test_the_second_to_save_is_shown_both_texts_and_keeps_both_changes(
    client_of, member, chair, group
):
    meeting = factories.meeting(group)
    url = reverse("notes-edit", args=[group.slug, 1])
    client_of(chair).post(url, {"base": "0", "source": "One.\nTwo."})
    client_of(chair).post(url, {"base": "1", "source": "One, by the chair.\nTwo."})
    mine = client_of(member)

    response = mine.post(url, {"base": "1", "source": "One.\nTwo, by a member."}, follow=True)

    page = text(response)
    kept = NotesConflict.objects.get()
    assert f"{chair.name} saved these notes while you were writing" in page
    assert "Keep both changes" in page
    assert "by a member" in page
    mine.post(
        reverse("notes-clash", args=[group.slug, 1, kept.uuid]), {"choice": "both", "seen": "2"}
    )
    latest = meeting.notes.order_by("-number")[0]
    assert latest.source == "One, by the chair.\nTwo, by a member."


def test_a_text_that_waits_is_seen_by_its_author_alone(client_of, member, chair, group):
    meeting = factories.meeting(group)
    kept = NotesConflict.objects.create(
        meeting=meeting, author=member, base_number=0, source="Mine"
    )
    factories.notes(meeting)
    url = reverse("notes-clash", args=[group.slug, 1, kept.uuid])

    assert client_of(member).get(url).status_code == 200
    assert client_of(chair).get(url).status_code == 404


def test_a_choice_that_was_overtaken_is_asked_again_with_the_text_kept(client_of, member, group):
    meeting = factories.meeting(group)
    kept = NotesConflict.objects.create(
        meeting=meeting, author=member, base_number=0, source="Mine"
    )
    factories.notes(meeting, "One.")
    factories.notes(meeting, "Two.")

    response = client_of(member).post(
        reverse("notes-clash", args=[group.slug, 1, kept.uuid]),
        {"choice": "edited", "seen": "1", "source": "Written from both"},
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "Someone saved the notes again." in page
    assert "Written from both" in page
    assert 'name="seen" value="2"' in page


def test_a_closed_text_gives_back_what_was_typed(client_of, member, chair, group):
    meeting = factories.past_meeting(group)
    factories.notes(meeting)
    actions.offer_minutes(actor=chair, meeting=meeting, correction_days=0)
    actions.approve_minutes(actor=chair, meeting=meeting, seen=1)

    response = client_of(member).post(
        reverse("notes-edit", args=[group.slug, 1]), {"base": "1", "source": "My long text"}
    )

    assert response.status_code == 409
    assert "My long text" in response.content.decode()


def test_the_history_shows_each_text_and_what_changed(client_of, member, group):
    meeting = factories.meeting(group)
    factories.notes(meeting, "The limit is 500.")
    factories.notes(meeting, "The limit is 600.")
    client = client_of(member)

    listed = client.get(reverse("notes-history", args=[group.slug, 1]))
    shown = client.get(reverse("notes-revision", args=[group.slug, 1, 2])).content.decode()

    assert reverse("notes-revision", args=[group.slug, 1, 2]) in listed.content.decode()
    assert "500</del>" in shown
    assert "600</ins>" in shown


def test_a_waiting_line_is_shown_as_a_choice(client_of, member, chair, group):
    meeting = factories.meeting(group)
    actions.save_notes(actor=chair, meeting=meeting, base=0, source="action: @Nobody writes")
    client, url = client_of(member), reverse("meeting-assign", args=[group.slug, 1])

    assert "Nobody in the group has this name." in text(client.get(url))
    client.post(url, {"text": "@Nobody writes", "number": "1", "owner": str(chair.uuid)})

    assert ActionItem.objects.get().owner == chair


@pytest.mark.parametrize(
    ("line", "said", "offered"),
    [
        ("@Mira calls on 20 December", "could not tell when this is due", "20"),
        ("@Mira calls by the next meeting", "could not tell when this is due", ""),
        ("@Mira and @Chiara call by EOD", "could not tell when this is due", ""),
        ("@Mira and others call", "may name more people than we could recognize", ""),
    ],
)
def test_a_line_in_doubt_says_why_and_offers_what_was_read(
    client_of, chair, organization, group, line, said, offered
):
    mira = factories.member_of(organization, "Mira Sandström")
    factories.seat(group, mira)
    meeting = factories.meeting(group)
    actions.save_notes(actor=chair, meeting=meeting, base=0, source=f"action: {line}")

    page = client_of(chair).get(reverse("meeting-assign", args=[group.slug, 1]))

    assert said in text(page)
    form = page.context["rows"][0]["form"]
    assert form.initial["owner"] == mira.uuid
    assert str(form.initial["due_on"] or "")[-2:] == offered
    assert not ActionItem.objects.exists()


def test_a_line_in_doubt_that_names_several_offers_them_as_owners(client_of, chair, member, group):
    meeting = factories.meeting(group)
    source = f"action: @{member} and @{chair} call by EOD\naction: @{member} calls by EOD"
    actions.save_notes(actor=chair, meeting=meeting, base=0, source=source)
    client, url = client_of(chair), reverse("meeting-assign", args=[group.slug, 1])

    both, alone = (row["form"] for row in client.get(url).context["rows"])
    assert (both.initial["owner"], both.initial["others"]) == (member.uuid, [chair.uuid])
    assert "others" not in alone.fields

    marker = {"text": both.initial["text"], "number": "1"}
    client.post(url, {**marker, "owner": member.uuid, "others": [chair.uuid]})

    assert ActionItem.objects.get().owners == [member, chair]


def test_an_action_item_is_recorded_by_form(client_of, member, group):
    factories.meeting(group)

    client_of(member).post(
        reverse("meeting-action", args=[group.slug, 1]),
        {"text": "Write the text", "owner": str(member.uuid), "due_on": "2030-12-01"},
    )

    assert ActionItem.objects.get().text == "Write the text"


# --- minutes -----------------------------------------------------------------------------------


def test_minutes_are_not_offered_for_approval_while_corrections_run(client_of, chair, group):
    meeting = factories.past_meeting(group)
    factories.notes(meeting, author=chair)
    actions.offer_minutes(actor=chair, meeting=meeting, correction_days=7)
    approve = reverse("minutes-approve", args=[group.slug, meeting.number])

    page = client_of(chair).get(approve)
    home = client_of(chair).get(meeting.get_absolute_url())

    assert "You can approve the minutes after that" in text(page)
    assert 'name="seen"' not in page.content.decode()
    assert approve not in home.content.decode()


def test_minutes_are_offered_corrected_approved_and_corrected_again(
    client_of, chair, member, group
):
    meeting = factories.past_meeting(group)
    factories.notes(meeting, "We met.")
    officer, writer = client_of(chair), client_of(member)
    at = [group.slug, 1]

    officer.post(reverse("minutes-offer", args=at), {"correction_days": "0"})
    request = {"text": "Line 1 is wrong"}
    sent = writer.post(reverse("minutes-correct", args=at), request, follow=True)
    asked = officer.get(reverse("minutes-approve", args=at))
    officer.post(reverse("minutes-approve", args=at), {"seen": "1"})
    officer.post(reverse("minutes-correct", args=at), {"text": "Line 1 reads so"})

    page = text(writer.get(meeting.get_absolute_url()))
    assert "Correction requested. The chairs and the secretary have been notified." in text(sent)
    assert "Line 1 is wrong" in text(asked)
    assert f"Approved minutes. {chair.name} approved revision 1 on" in page
    assert "Line 1 reads so" in page
