"""A day that a person names: accepted when it is today for them, shown to everybody as typed."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.actions import edit_entry
from common import days
from common.access import viewer_for
from common.errors import Invalid
from common.record.models import Record
from common.search.queries import query
from members.organizations.actions import importing
from members.organizations.models import Membership
from tests import factories
from tests.browser import signed_in
from tests.days.conftest import SetHour, mail_to
from tests.factories.works import approve, decision, deliverable, in_review, outside_entry
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.actions import open_review, publish
from workinggroups.groups import actions as group_actions

HOURS = [0.01, 9.99, 10.01, 11.5, 12.01, 23.99]
FAR = ["Pacific/Kiritimati", "Pacific/Auckland", "UTC", "Pacific/Honolulu", "Pacific/Niue"]


def lives_in(person, zone):
    person.zone = zone
    person.save(update_fields=["zone"])
    return person


def typed(day, **more):
    return {
        "title": "Name who pays",
        "source": "",
        "method": "consensus",
        "dissent": "",
        "decided_on": day.isoformat(),
        "meeting": "",
        **more,
    }


# --- accepted ----------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", FAR)
def test_today_of_the_writer_is_accepted_wherever_a_day_may_be_today(
    chair, staff, group, at_hour: SetHour, zone
):
    lives_in(chair, zone)
    lives_in(staff, zone)
    work = deliverable(chair, group)
    for number, hour in enumerate(HOURS):
        at_hour(hour)
        today = days.today_in(zone)

        made = decision(chair, group, decided_on=today)
        outside = outside_entry(staff, url=f"https://e.example/{number}", published_on=today)
        heading = "name,kind,member_since\n"
        imported = importing.import_members(
            actor=staff, text=f"{heading}Lab {number},company,{today}\n"
        )

        assert (made.decided_on, outside.published_on) == (today, today)
        assert days.today_in(zone, made.decided_at) == today
        joined = Membership.objects.get(organization=imported[0])
        assert (joined.joined_on, days.today_in(zone, joined.during.lower)) == (today, today)
        assert joined.during.lower <= timezone.now()
    open_review(actor=chair, deliverable=work, until=days.today_in(zone))


@pytest.mark.parametrize("zone", FAR)
@pytest.mark.parametrize("hour", [0.01, 11.5, 23.99])
def test_tomorrow_of_the_writer_is_refused(chair, staff, group, at_hour: SetHour, zone, hour):
    lives_in(chair, zone)
    lives_in(staff, zone)
    at_hour(hour)
    tomorrow = days.today_in(zone) + timedelta(days=1)

    for act in (
        lambda: decision(chair, group, decided_on=tomorrow),
        lambda: outside_entry(staff, published_on=tomorrow),
        lambda: importing.import_members(
            actor=staff, text=f"name,kind,member_since\nLab,company,{tomorrow}\n"
        ),
    ):
        with pytest.raises(Invalid):
            act()


def test_the_local_day_of_a_meeting_is_accepted_from_a_writer_who_is_a_day_behind(
    client_of, chair, group, at_hour: SetHour
):
    lives_in(chair, "Pacific/Honolulu")
    now = at_hour(20)
    held = factories.meeting(
        group, zone="Pacific/Auckland", starts_at=now - timedelta(hours=2), state="held"
    )
    page = client_of(chair).get(f"/groups/{group.slug}/decisions/new/", {"meeting": held.number})

    answer = client_of(chair).post(
        f"/groups/{group.slug}/decisions/new/", typed(held.local_date, meeting=held.number)
    )

    assert page.context["form"].initial["decided_on"] == held.local_date
    assert answer.status_code == 302
    made = Decision.objects.get()
    assert made.decided_on == held.local_date == days.today_in("Pacific/Auckland", made.decided_at)


def test_a_decision_without_a_day_is_of_the_meetings_local_day(chair, group, at_hour: SetHour):
    now = at_hour(20)
    held = factories.meeting(
        group, zone="Pacific/Auckland", starts_at=now - timedelta(hours=2), state="held"
    )

    assert decision(chair, group, meeting=held).decided_on == held.local_date
    assert decision(chair, group).decided_on == now.date()


def test_the_form_proposes_and_explains_the_writers_own_day(
    client_of, chair, group, at_hour: SetHour
):
    lives_in(chair, "Pacific/Kiritimati")
    now = at_hour(23)

    page = client_of(chair).get(f"/groups/{group.slug}/decisions/new/")

    tomorrow = now.date() + timedelta(days=1)
    assert page.context["form"].initial["decided_on"] == tomorrow
    assert f"{tomorrow:%a} {tomorrow.day} {tomorrow:%b %Y} in Kiritimati, UTC+14." in page.text


def test_a_day_to_come_is_said_beside_the_field_and_nothing_typed_is_lost(client_of, chair, group):
    tomorrow = timezone.now().date() + timedelta(days=1)

    answer = client_of(chair).post(f"/groups/{group.slug}/decisions/new/", typed(tomorrow))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["decided_on"]
    assert 'value="Name who pays"' in answer.text


def test_an_entry_of_a_writer_a_day_ahead_can_be_corrected_by_one_behind(staff, at_hour: SetHour):
    lives_in(staff, "Pacific/Kiritimati")
    at_hour(23)
    ahead = days.today_in(staff.zone)
    entry = outside_entry(staff, published_on=ahead)
    lives_in(staff, "Pacific/Honolulu")
    said = {name: getattr(entry, name) for name in ("summary", "url", "kind", "focus_area")}
    said |= {"publisher": entry.publisher, "title": "Corrected"}

    edited = edit_entry(actor=staff, entry=entry, version=1, published_on=ahead, **said)

    assert (edited.title, edited.published_on) == ("Corrected", ahead)


def test_a_milestone_is_reached_on_the_day_it_is_for_whoever_says_so(
    chair, group, at_hour: SetHour
):
    lives_in(chair, "Pacific/Auckland")
    now = at_hour(22)
    planned = group_actions.add_milestone(
        actor=chair, group=group, title="First release", due_on=now.date()
    )

    reached = group_actions.reach_milestone(actor=chair, milestone=planned)

    assert reached.reached_on == now.date() + timedelta(days=1)


# --- shown -------------------------------------------------------------------------------------


@pytest.fixture
def pages(chair, group):
    """Pages that name the day of one decision, which approved a publication."""
    work = in_review(chair, group)
    approval = approve(chair, work, decided_on=date(2025, 11, 27))
    made = publish(actor=chair, deliverable=work, number="1.0")
    return [
        approval.get_absolute_url(),
        f"/groups/{group.slug}/decisions/",
        f"/groups/{group.slug}/",
        f"/why/decision/{approval.uuid}/",
        made.get_absolute_url(),
    ]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Auckland", "Pacific/Niue"])
def test_the_day_of_a_decision_is_the_same_on_every_page_for_every_reader(
    pages, member, client, zone
):
    browser = signed_in(lives_in(member, zone))

    for page in pages:
        text = browser.get(page).text
        assert "27 Nov 2025" in text, page
        assert "26 Nov 2025" not in text, page
        assert "28 Nov 2025" not in text, page


def test_search_and_the_api_name_the_day_that_was_typed(chair, group):
    lives_in(chair, "Pacific/Auckland")
    made = decision(chair, group, "Unmistakable", decided_on=date(2025, 11, 27))

    (hit,) = query(viewer_for(chair.pk), "Unmistakable").hits
    shown = signed_in(chair).get("/search/", {"q": "Unmistakable"}).text
    notified = signed_in(chair).get(f"/api/v1/decisions/{made.uuid}/").json()

    assert hit.day == date(2025, 11, 27)
    assert "27 Nov 2025" in shown
    assert (notified["decided_on"], notified["decided_at"]) == (
        "2025-11-27",
        "2025-11-26T23:00:00Z",
    )


def test_a_member_has_joined_on_the_day_of_the_file_for_every_reader(staff, chair, at_hour):
    lives_in(staff, "Pacific/Kiritimati")
    text = "name,kind,member_since\nNordlys,company,2023-12-05\n"
    (made,) = importing.import_members(actor=staff, text=text)

    for zone in ("Pacific/Kiritimati", "UTC", "Pacific/Niue"):
        for reader in (lives_in(staff, zone), lives_in(chair, zone)):
            shown = signed_in(reader).get(made.get_absolute_url()).text
            assert "5 Dec 2023" in shown
            assert "4 Dec 2023" not in shown
            assert "6 Dec 2023" not in shown


def test_decisions_are_listed_by_their_day(chair, group):
    lives_in(chair, "Pacific/Kiritimati")
    late = decision(chair, group, "Later day", decided_on=date(2025, 11, 28))
    lives_in(chair, "Pacific/Niue")
    early = decision(chair, group, "Earlier day", decided_on=date(2025, 11, 27))

    assert late.decided_at < early.decided_at
    assert list(Decision.objects.latest_first()) == [late, early]


def test_the_record_holds_the_day_and_the_database_refuses_another(chair, group):
    made = decision(chair, group, decided_on=date(2025, 11, 27))

    facts = Record.objects.get(verb="recorded", object_uuid=made.uuid).facts
    assert '"decided_on":"2025-11-27"' in facts
    for change in ({"decided_on": date(2025, 11, 28)}, {"decided_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=made.pk).update(**change)


# --- until a day -------------------------------------------------------------------------------


def test_a_review_ends_for_everybody_when_its_day_has_ended_everywhere(
    chair, group, at_hour: SetHour
):
    work = in_review(chair, group)
    now = at_hour(11.99)
    work.review_until = now.date() - timedelta(days=1)

    assert not work.review_is_over
    at_hour(12)
    assert work.review_is_over
    assert work.review_ends_at == timezone.now()


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Pacific/Honolulu", "Tue 1 Dec 2037, 02:00 HST (UTC-10)"),
        ("Pacific/Auckland", "Wed 2 Dec 2037, 01:00 NZDT (UTC+13)"),
        ("UTC", "Tue 1 Dec 2037, 12:00 UTC"),
    ],
)
def test_page_mail_and_api_say_when_a_review_ends_on_the_readers_clock(
    chair, member, group, zone, words
):
    work = in_review(chair, group)
    work.review_until = date(2037, 11, 30)
    work.save(update_fields=["review_until"])
    browser = signed_in(lives_in(member, zone))

    page = browser.get(work.get_absolute_url()).text
    mail = mail_to(member)
    notified = browser.get(f"/api/v1/deliverables/{work.uuid}/").json()

    assert words in page
    assert "30 Nov 2037" in page
    assert f"Mon 30 Nov 2037 anywhere on Earth: {words} your time" in mail.text
    assert f"{words} your time" in mail.html
    assert notified["review_until"] == "2037-11-30"
    assert notified["review_ends_at"] == "2037-12-01T12:00:00Z"


def test_a_review_that_begins_after_its_day_or_years_before_is_refused(chair, group):
    lives_in(chair, "Pacific/Auckland")
    work = deliverable(chair, group)
    today = days.today_in("Pacific/Auckland")

    for until in (today - timedelta(days=1), date(9999, 12, 31)):
        with pytest.raises(Invalid) as refusal:
            open_review(actor=chair, deliverable=work, until=until)
        assert refusal.value.field == "until"


@pytest.mark.parametrize(("hour", "is_late"), [(11.99, False), (12, True)])
def test_what_is_due_is_late_on_every_page_at_the_same_moment(
    chair, group, at_hour: SetHour, hour, is_late
):
    lives_in(chair, "Pacific/Auckland")
    yesterday = at_hour(hour).date() - timedelta(days=1)
    item = factories.action_item(group, owner=chair, due_on=yesterday)
    milestone = group_actions.add_milestone(
        actor=chair, group=group, title="First release", due_on=yesterday
    )
    browser = signed_in(chair)

    (need,) = browser.get("/my/").context["work"].needs
    listed = browser.get(f"/groups/{group.slug}/actions/").text
    (promised,) = browser.get(f"/groups/{group.slug}/").context["home"].milestones

    assert (item.is_late, milestone.is_late, need.is_late) == (is_late,) * 3
    assert ("is-wait" in listed or "is-stop" in listed) or not is_late
    assert (promised.state == "late") == is_late
