"""What is open when a group concludes: listed before, settled with it, told in one mail."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.access import viewer_for
from common.errors import Invalid
from common.record.models import Record
from members.people.models import Person
from notifications.content import contents_of
from notifications.fan_out import fan_out_waiting
from notifications.models import Event
from tests import factories
from tests.factories import works
from tests.groups.concluding import KEEP
from workinggroups.deliverables.models import Deliverable
from workinggroups.groups import actions
from workinggroups.groups.models import ActionItem, AdmissionRequest, Group, GroupInvitation
from workinggroups.groups.open_work import open_work
from workinggroups.meetings.models import AgendaProposal, Meeting, MeetingSeries, TimePoll

pytestmark = pytest.mark.django_db

REASON = "Its charter is done"
DROP = {"action_items": "drop", "deliverables": "drop"}


def fill(group: Group, chair: Person, member: Person, outsider: Person) -> None:
    """Open one of each kind."""
    factories.action_item(group, owner=member)
    single = factories.meeting(group, "Single meeting")
    factories.meeting_series(group)
    factories.agenda_proposal(single, member)
    factories.time_poll(group)
    factories.past_meeting(group)
    factories.admission_request(group, outsider)
    factories.group_invitation(group, "new@else.example", chair)
    factories.charter(group, state="draft", number=2)
    works.deliverable(chair, group, "Draft of a guide")
    works.in_review(chair, group, title="Guide in review", reviewers="alliance")


def targets(page: str, home: str) -> set[str]:
    """Return what links and forms of the page lead to inside the group."""
    found = re.findall(r'(?:href|action)="([^"#?]+)', page)
    return {target for target in found if target.startswith(home)}


def states_of(model: Any) -> list[str]:
    return sorted(model.objects.values_list("state", flat=True))


def test_the_page_counts_each_kind_and_names_what_the_reader_can_read(
    client_of: Callable[..., Client],
    group: Group,
    chair: Person,
    member: Person,
    outsider: Person,
    staff: Person,
) -> None:
    fill(group, chair, member, outsider)

    page = client_of(staff).get(f"/staff/groups/{group.uuid}/conclude/").content.decode()

    counts = {work.kind.name: work.count for work in open_work(group, viewer_for(staff.pk))}
    assert counts == {
        "action_items": 1,
        "requests": 1,
        "invitations": 1,
        "charter_drafts": 1,
        "proposals": 1,
        "polls": 1,
        "meetings": 2,
        "series": 1,
        "minutes": 1,
        "reviews": 1,
        "deliverables": 2,
    }
    for words in ("Open action items: 1", "Coming meetings: 2", "Deliverables in review: 1"):
        assert words in page
    hidden = "Single meeting", "Fortnightly call", "Licences", "Kick-off", "new@else", "Draft of a"
    assert [words for words in (*hidden, outsider.name) if words in page] == []
    readable = {work.kind.name: len(work.listed) for work in open_work(group, viewer_for(chair.pk))}
    counted = {"requests", "invitations", "charter_drafts"}
    assert readable == {**counts, **dict.fromkeys(counted, 0)}


def test_all_is_settled_with_the_conclusion(
    group: Group, chair: Person, member: Person, outsider: Person, staff: Person
) -> None:
    fill(group, chair, member, outsider)
    before = Record.objects.count()

    actions.conclude_group(actor=staff, group=group, reason=REASON, choices=DROP)

    assert states_of(ActionItem) == ["dropped"]
    assert states_of(AdmissionRequest) == ["declined"]
    assert AdmissionRequest.objects.get().reason == REASON
    assert states_of(GroupInvitation) == ["withdrawn"]
    assert AgendaProposal.objects.values_list("state", "reason").get() == ("declined", REASON)
    assert TimePoll.objects.values_list("state", "cancelled_reason").get() == ("cancelled", REASON)
    coming = Meeting.objects.coming().values_list("state", "cancelled_reason")
    assert list(coming) == [("cancelled", REASON)] * 2
    assert MeetingSeries.objects.values_list("state", "ended_reason").get() == ("ended", REASON)
    assert Deliverable.objects.get(title="Guide in review").review_until is None
    assert states_of(Deliverable) == ["dropped", "dropped"]
    assert open_work(group, viewer_for(chair.pk))[0].kind.name == "charter_drafts"
    assert {work.kind.name for work in open_work(group, viewer_for(chair.pk))} == {
        "charter_drafts",
        "minutes",
    }
    verbs = sorted(Record.objects.order_by("pk")[before:].values_list("verb", flat=True))
    assert verbs == [
        "cancelled", "concluded", "declined", "dropped", "dropped", "dropped", "ended",
        "proposal_declined", "review_ended", "withdrawn",
    ]  # fmt: skip


def test_what_is_kept_stays_as_it_was_and_the_review_ends(
    group: Group, chair: Person, member: Person, outsider: Person, staff: Person
) -> None:
    fill(group, chair, member, outsider)

    actions.conclude_group(actor=staff, group=group, reason=REASON, choices=KEEP)

    assert states_of(ActionItem) == ["open"]
    assert states_of(Deliverable) == ["draft", "draft"]
    reviewed = Deliverable.objects.get(title="Guide in review")
    assert (reviewed.review_until, reviewed.level) == (None, group.content_level)


def test_the_group_gets_one_mail_that_says_what_became_of_all(
    group: Group, chair: Person, member: Person, outsider: Person, staff: Person
) -> None:
    fill(group, chair, member, outsider)
    before = set(Event.objects.values_list("pk", flat=True))

    actions.conclude_group(actor=staff, group=group, reason=REASON, choices=DROP)

    events = Event.objects.exclude(pk__in=before).order_by("kind")
    assert [event.kind for event in events] == ["admission_decided", "group_access_changed"]
    fan_out_waiting()
    [content] = contents_of([events[1]], viewer_for(member.pk)).values()
    assert content is not None
    assert content.title == f"Sade Staff concluded {group}"
    assert content.detail == (
        "Its charter is done. 1 action item dropped. 1 request to join declined. "
        "1 invitation withdrawn. 1 draft of the charter was not adopted. "
        "1 proposed item declined. 1 poll for a time closed. 2 meetings cancelled. "
        "1 series of meetings ended. The minutes of 1 meeting can still be approved. "
        "1 review ended without approval. 2 deliverables dropped. "
        "You can read its pages but not change them."
    )


def test_what_was_opened_after_the_page_was_read_is_settled_too(
    client_of: Callable[..., Client], group: Group, member: Person, staff: Person
) -> None:
    browser, address = client_of(staff), f"/staff/groups/{group.uuid}/conclude/"
    browser.get(address)
    factories.time_poll(group)

    answer = browser.post(address, {"reason": REASON})

    assert answer.status_code == 302
    assert states_of(TimePoll) == ["cancelled"]
    group.refresh_from_db()
    assert (group.state, group.concluded_reason) == ("concluded", REASON)


def test_the_page_comes_back_where_something_new_leaves_a_choice(
    client_of: Callable[..., Client], group: Group, member: Person, staff: Person
) -> None:
    browser, address = client_of(staff), f"/staff/groups/{group.uuid}/conclude/"
    browser.get(address)
    factories.action_item(group, owner=member)

    answer = browser.post(address, {"reason": REASON})

    assert answer.status_code == 422
    assert "Choose what becomes of these." in answer.content.decode()
    group.refresh_from_db()
    assert group.state == "active"
    assert states_of(ActionItem) == ["open"]


def test_nothing_is_settled_without_a_reason_or_with_an_unknown_choice(
    group: Group, member: Person, staff: Person
) -> None:
    factories.action_item(group, owner=member)

    for reason, choices, field in (
        (" ", KEEP, "reason"),
        (REASON, {"action_items": "x"}, "action_items"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.conclude_group(actor=staff, group=group, reason=reason, choices=choices)
        assert refused.value.field == field
    group.refresh_from_db()
    assert group.state == "active"


@pytest.mark.parametrize("count", [2, 7])
def test_the_page_takes_the_same_queries_however_much_is_open(
    group: Group,
    chair: Person,
    member: Person,
    count: int,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for number in range(count):
        factories.action_item(group, owner=member)
        meeting = factories.meeting(group)
        factories.agenda_proposal(meeting, member)
        factories.time_poll(group)
        factories.past_meeting(group)
        factories.meeting_series(group)
        works.deliverable(chair, group, f"Draft {number}", text="")
    viewer = viewer_for(chair.pk)

    with django_assert_num_queries(18):
        for work in open_work(group, viewer):
            assert [each.title for each in work.listed]


def test_no_button_is_left_that_would_be_refused(
    client_of: Callable[..., Client],
    group: Group,
    chair: Person,
    member: Person,
    outsider: Person,
    staff: Person,
) -> None:
    fill(group, chair, member, outsider)
    actions.conclude_group(actor=staff, group=group, reason=REASON, choices=KEEP)
    browser = client_of(chair)
    home = group.get_absolute_url()
    poll, series = TimePoll.objects.get(), MeetingSeries.objects.get()
    pages = [
        home, f"{home}people/", f"{home}actions/", f"{home}meetings/", f"{home}deliverables/",
        f"{home}milestones/", f"{home}charter/", poll.get_absolute_url(), series.get_absolute_url(),
        *(meeting.get_absolute_url() for meeting in Meeting.objects.all()),
        *(work.get_absolute_url() for work in Deliverable.objects.all()),
        *(item.get_absolute_url() for item in ActionItem.objects.all()),
    ]  # fmt: skip

    refused = []
    for page in pages:
        shown = browser.get(page)
        assert shown.status_code == 200, page
        for target in targets(shown.content.decode(), home):
            answer = browser.get(target)
            if answer.status_code in {403, 409}:
                refused.append((page, target, answer.status_code))

    assert refused == []
    assert REASON in browser.get(home).content.decode()
