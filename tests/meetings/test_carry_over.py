"""Carrying over to an agenda what earlier meetings left open."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.access import Level
from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.people.models import Person
from tests import factories
from tests.browser import queries_of
from tests.factories import works
from workinggroups.deliverables import actions as deliverables
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.carrying import Offer, last_meeting_before, offers_for
from workinggroups.meetings.choices import AGENDA_MAX_ITEMS, CARRIED_ACTION_ITEMS
from workinggroups.meetings.models import AgendaItem, Meeting, Paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def last(group: Group) -> Meeting:
    return factories.past_meeting(group)


@pytest.fixture
def meeting(group: Group, last: Meeting) -> Meeting:
    return factories.meeting(group)


def offers(meeting: Meeting) -> list[Offer]:
    return offers_for(meeting, last_meeting_before(meeting))


def titles(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.agenda.all()]


def carry_all(actor: Person, meeting: Meeting) -> list[AgendaItem]:
    return actions.carry_over(
        actor=actor, meeting=meeting, chosen=[offer.key for offer in offers(meeting)]
    )


def begun(meeting: Meeting, title: str, *, ended: bool) -> AgendaItem:
    at = meeting.starts_at
    end = at + timedelta(minutes=5) if ended else None
    return factories.agenda_item(meeting, title, begun_at=at, ended_at=end)


def assigned(group: Group, source: Meeting, **fields: Any) -> Any:
    line = f"1.{group.pk}.{source.pk}.{fields.get('text', '')}"[:32]
    return factories.action_item(
        group,
        **{
            "source_kind": "meeting",
            "source_uuid": source.uuid,
            "source_line": line,
            **fields,
        },
    )


# --- unfinished items ----------------------------------------------------------------------------


def test_items_that_did_not_end_are_carried_over_in_order(
    chair: Person, member: Person, last: Meeting, meeting: Meeting
) -> None:
    begun(last, "Done", ended=True)
    begun(last, "Cut short", ended=False)
    left = factories.agenda_item(
        last, "Not reached", goal="decide", minutes=20, presenter=member, text="*Why*"
    )
    factories.agenda_item(meeting, "First")

    added = carry_all(chair, meeting)

    assert titles(meeting) == ["First", "Cut short", "Not reached"]
    assert [item.carried_kind for item in added] == ["item", "item"]
    copy = added[1]
    assert (copy.goal, copy.minutes, copy.presenter) == ("decide", 20, member)
    assert (copy.source, copy.html) == ("*Why*", left.html)
    assert (copy.begun_at, copy.ended_at) == (None, None)


def test_the_preview_says_why_an_item_is_offered(last: Meeting, meeting: Meeting) -> None:
    factories.agenda_item(last, "Somewhere on it")
    assert [offer.note for offer in offers(meeting)] == [
        "On the last agenda; nobody noted which items were finished"
    ]

    begun(last, "Cut short", ended=False)
    assert [offer.note for offer in offers(meeting)] == [
        "Not reached at the last meeting",
        "Begun and not ended at the last meeting",
    ]


def test_items_of_the_template_come_again_by_themselves(last: Meeting, meeting: Meeting) -> None:
    factories.agenda_item(last, "Welcome", is_from_template=True)

    assert offers(meeting) == []


def test_what_was_collected_for_the_last_meeting_is_not_carried_over_as_an_item(
    group: Group, last: Meeting, meeting: Meeting
) -> None:
    factories.agenda_item(
        last, "Open action items", carried_kind="action_items", carried_uuid=group.uuid
    )

    assert offers(meeting) == []


def test_an_item_carried_over_and_left_again_is_carried_over_again(
    chair: Person, group: Group, last: Meeting
) -> None:
    earlier = factories.past_meeting(group, starts_at=last.starts_at - timedelta(days=7))
    item = factories.agenda_item(earlier, "Long story")
    factories.agenda_item(last, "Long story", carried_kind="item", carried_uuid=item.uuid)
    meeting = factories.meeting(group)

    carry_all(chair, meeting)

    assert titles(meeting) == ["Long story"]


def test_a_presenter_who_left_the_group_is_not_carried_over(
    chair: Person, outsider: Person, last: Meeting, meeting: Meeting
) -> None:
    factories.agenda_item(last, "Talk", presenter=outsider)

    assert carry_all(chair, meeting)[0].presenter is None


def test_papers_are_carried_over_with_their_item(
    chair: Person, group: Group, last: Meeting, meeting: Meeting
) -> None:
    item = factories.agenda_item(last, "Draft")
    work = works.deliverable(chair, group)
    actions.add_web_paper(actor=chair, item=item, url="https://a.example/", title="Sheet")
    actions.add_paper(actor=chair, item=item, ref=("deliverable", work.uuid))

    added = carry_all(chair, meeting)[0]

    assert [(one.kind, one.title) for one in added.papers.all()] == [
        ("", "Sheet"),
        ("deliverable", ""),
    ]


# --- action items --------------------------------------------------------------------------------


def test_open_action_items_of_earlier_meetings_become_one_item(
    chair: Person, member: Person, group: Group, last: Meeting, meeting: Meeting
) -> None:
    assigned(group, last, text="Ask [them] *now*", owner=member, due_on=date(2030, 3, 4))
    assigned(group, last, text="Write it")
    assigned(group, last, text="Done", state="done", closed_at=timezone.now(), closed_by=chair)
    assigned(group, meeting, text="Not yet")
    factories.action_item(group, text="Of no meeting")

    added = carry_all(chair, meeting)

    assert titles(meeting) == ["Open action items"]
    html = added[0].html
    assert f'<a href="/groups/{group.slug}/actions/1/"' in html
    assert "Ask [them] *now* (Mira Member, due 4 Mar 2030)" in html
    assert "Write it (unassigned)" in html
    assert "Done" not in html
    assert "Not yet" not in html
    assert "Of no meeting" not in html


@pytest.mark.parametrize(("words", "listed"), [("Do it", CARRIED_ACTION_ITEMS), ("<_*" * 90, 33)])
def test_a_long_list_of_action_items_ends_with_a_link_to_all(
    chair: Person, group: Group, last: Meeting, meeting: Meeting, words: str, listed: int
) -> None:
    for number in range(CARRIED_ACTION_ITEMS + 2):
        assigned(group, last, text=f"{number} {words}")

    source = carry_all(chair, meeting)[0].source

    assert f"\n{source}".count("\n- ") == listed
    assert source.endswith(f"[All action items](/groups/{group.slug}/actions/)")


# --- comments ------------------------------------------------------------------------------------


def test_unresolved_comments_become_an_item_for_each_deliverable(
    chair: Person, member: Person, group: Group, meeting: Meeting
) -> None:
    work = works.in_review(chair, group, title="Evaluation Stack")
    for words in ("Why?", "How?", "When?"):
        comment = deliverables.add_comment(actor=member, deliverable=work, source=words)
    deliverables.answer_comment(
        actor=chair, comment=comment, disposition="accepted", answer="Soon."
    )
    works.in_review(chair, group, title="Without comments")

    added = carry_all(chair, meeting)

    assert titles(meeting) == ["Evaluation Stack: 2 unresolved comments"]
    assert [(one.kind, one.object_uuid) for one in added[0].papers.all()] == [
        ("deliverable", work.uuid)
    ]


def test_a_long_title_is_shortened(
    chair: Person, member: Person, group: Group, meeting: Meeting
) -> None:
    work = works.in_review(chair, group, title="T" * 200)
    deliverables.add_comment(actor=member, deliverable=work, source="Why?")

    carry_all(chair, meeting)

    (title,) = titles(meeting)
    assert len(title) == 160
    assert title.endswith("…: 1 unresolved comment")


# --- which meeting -------------------------------------------------------------------------------


def test_the_last_meeting_is_that_of_the_series_else_of_the_group(group: Group) -> None:
    series = factories.meeting_series(group)
    coming = series.meetings.get()
    assert last_meeting_before(coming) is None

    other = factories.past_meeting(group)
    assert last_meeting_before(coming) == other

    own = factories.past_meeting(
        group,
        starts_at=other.starts_at - timedelta(days=7),
        series=series,
        in_series="extra",
    )
    assert last_meeting_before(coming) == own


def test_meetings_to_come_and_cancelled_ones_are_not_the_last(group: Group, last: Meeting) -> None:
    factories.past_meeting(group, starts_at=last.starts_at + timedelta(hours=2), state="cancelled")
    factories.meeting(group, starts_at=timezone.now() + timedelta(days=1))

    assert last_meeting_before(factories.meeting(group)) == last


def test_nothing_narrower_than_the_meeting_is_offered(
    chair: Person, member: Person, group: Group, last: Meeting
) -> None:
    open_meeting = factories.meeting(group, level=Level.ALLIANCE)
    factories.agenda_item(last, "For members")
    assigned(group, last, text="For members")
    work = works.in_review(chair, group)
    deliverables.add_comment(actor=member, deliverable=work, source="Why?")

    assert last_meeting_before(open_meeting) is None
    # A last meeting that all can read: what else came of meetings stays with the members.
    wide = factories.past_meeting(group, level=Level.ALLIANCE)
    assigned(group, wide, text="For members")
    assert last_meeting_before(open_meeting) == wide
    assert offers(open_meeting) == []
    assert len(offers(factories.meeting(group))) == 2


# --- the act -------------------------------------------------------------------------------------


def test_twice_adds_nothing_twice(
    chair: Person, group: Group, last: Meeting, meeting: Meeting
) -> None:
    factories.agenda_item(last, "Draft")
    assigned(group, last)
    chosen = [offer.key for offer in offers(meeting)]

    first = actions.carry_over(actor=chair, meeting=meeting, chosen=chosen)
    second = actions.carry_over(actor=chair, meeting=meeting, chosen=chosen)

    assert (len(first), second) == (2, [])
    assert titles(meeting) == ["Draft", "Open action items"]
    assert offers(meeting) == []


def test_the_database_refuses_to_carry_over_twice(last: Meeting, meeting: Meeting) -> None:
    item = factories.agenda_item(last, "Draft")
    carried = {"carried_kind": "item", "carried_uuid": item.uuid}
    factories.agenda_item(meeting, "Draft", **carried)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.agenda_item(meeting, "Draft", **carried)


def test_a_removed_item_is_offered_again(chair: Person, last: Meeting, meeting: Meeting) -> None:
    factories.agenda_item(last, "Draft")
    (item,) = carry_all(chair, meeting)

    actions.remove_agenda_item(actor=chair, item=item)

    assert [offer.title for offer in offers(meeting)] == ["Draft"]


def test_only_what_was_chosen_is_added(chair: Person, last: Meeting, meeting: Meeting) -> None:
    for title in ("a", "b", "c"):
        factories.agenda_item(last, title)
    keys = [offer.key for offer in offers(meeting)]

    actions.carry_over(actor=chair, meeting=meeting, chosen=[keys[2], keys[0], "item:nonsense"])

    assert titles(meeting) == ["a", "c"]


def test_it_is_recorded_of_the_meeting(chair: Person, last: Meeting, meeting: Meeting) -> None:
    factories.agenda_item(last, "Draft")

    carry_all(chair, meeting)

    row = Record.objects.about("meeting", meeting.uuid).get(verb="carried_over")
    assert f'"from":"{last.uuid}"' in row.facts.replace(" ", "")
    assert '"items":1' in row.facts.replace(" ", "")


def test_the_agenda_begins_with_the_template_of_the_series(
    chair: Person, group: Group, last: Meeting
) -> None:
    series = factories.meeting_series(group)
    factories.template_item(series, "Welcome")
    factories.agenda_item(last, "Draft")

    carry_all(chair, series.meetings.get())

    assert titles(series.meetings.get()) == ["Welcome", "Draft"]


def test_members_do_not_carry_over(member: Person, last: Meeting, meeting: Meeting) -> None:
    factories.agenda_item(last, "Draft")

    with pytest.raises(NotAllowed):
        carry_all(member, meeting)


def test_nothing_is_carried_over_to_closed_meetings(chair: Person, group: Group) -> None:
    earlier = factories.past_meeting(group, starts_at=timezone.now() - timedelta(days=9))
    factories.agenda_item(earlier, "Draft")
    for closed in (factories.past_meeting(group), factories.meeting(group, state="cancelled")):
        with pytest.raises(WrongState):
            carry_all(chair, closed)


def test_nothing_chosen_and_a_full_agenda_are_refused(
    chair: Person, last: Meeting, meeting: Meeting
) -> None:
    factories.agenda_item(last, "Draft")
    with pytest.raises(Invalid):
        actions.carry_over(actor=chair, meeting=meeting, chosen=[])

    for number in range(AGENDA_MAX_ITEMS):
        factories.agenda_item(meeting, f"Item {number}")
    with pytest.raises(Invalid):
        carry_all(chair, meeting)


# --- the page ------------------------------------------------------------------------------------


def test_the_agenda_page_offers_everything_chosen_and_one_click_adds_it(
    client_of: Callable[..., Client], chair: Person, last: Meeting, meeting: Meeting
) -> None:
    for title in ("Draft", "Budget"):
        factories.agenda_item(last, title)
    client = client_of(chair)
    page_address = reverse("meeting-agenda", args=[meeting.group.slug, meeting.address])
    address = reverse("agenda-carry-over", args=[meeting.group.slug, meeting.address])

    page = client.get(page_address).content.decode()
    chosen = [offer.key for offer, _chosen in client.get(page_address).context["offers"]]
    answer = client.post(address, {"offer": chosen}, follow=True)

    assert f"Carry over from {last.title}" in page
    assert page.count('name="offer"') == page.count("checked") == 2
    assert "2 items added." in answer.content.decode()
    assert titles(meeting) == ["Draft", "Budget"]
    assert "Carry over from" not in answer.content.decode()
    again = client.post(address, {"offer": chosen}, follow=True)
    assert "on the agenda already" in again.content.decode()


def test_an_item_that_is_on_the_agenda_by_its_title_is_offered_but_not_chosen(
    chair: Person, last: Meeting, meeting: Meeting, client_of: Callable[..., Client]
) -> None:
    for title in ("Licences", "Results"):
        factories.agenda_item(last, title)
    factories.agenda_item(meeting, "Licences")

    page = client_of(chair).get(
        reverse("meeting-agenda", args=[meeting.group.slug, meeting.address])
    )

    assert [(offer.title, is_chosen) for offer, is_chosen in page.context["offers"]] == [
        ("Licences", False),
        ("Results", True),
    ]


def test_a_refusal_keeps_what_was_chosen(
    client_of: Callable[..., Client], chair: Person, last: Meeting, meeting: Meeting
) -> None:
    factories.agenda_item(last, "Draft")
    factories.agenda_item(last, "Budget")
    address = reverse("agenda-carry-over", args=[meeting.group.slug, meeting.address])

    answer = client_of(chair).post(address, {})

    assert answer.status_code == 422
    assert "Choose at least one item." in answer.content.decode()
    assert [is_chosen for _offer, is_chosen in answer.context["offers"]] == [False, False]


def test_readers_are_offered_nothing(
    client_of: Callable[..., Client], member: Person, last: Meeting, meeting: Meeting
) -> None:
    factories.agenda_item(last, "Draft")
    address = reverse("meeting-agenda", args=[meeting.group.slug, meeting.address])

    assert "Carry over" not in client_of(member).get(address).content.decode()


def test_the_page_costs_the_same_however_much_is_offered(
    client_of: Callable[..., Client],
    chair: Person,
    member: Person,
    group: Group,
    last: Meeting,
    meeting: Meeting,
) -> None:
    def one_more(number: int) -> None:
        item = factories.agenda_item(last, f"Item {number}", presenter=member)
        work = works.in_review(chair, group, title=f"Work {number}")
        deliverables.add_comment(actor=member, deliverable=work, source="Why?")
        actions.add_paper(actor=chair, item=item, ref=("deliverable", work.uuid))
        assigned(group, last, text=f"Do {number}", owner=member)

    client = client_of(chair)
    address = reverse("meeting-agenda", args=[group.slug, meeting.address])
    one_more(1)
    few = queries_of(client, address)
    for number in range(2, 6):
        one_more(number)

    assert queries_of(client, address) == few
    assert Paper.objects.count() == 5
