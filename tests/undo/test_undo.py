"""Taking back a light act: from the message, for ten minutes, by the person, if nothing changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml.html import HtmlElement, fromstring  # type: ignore[import-untyped]

from common.record.models import Record
from common.undo import light_acts
from demo.clock import Clock, set_back
from members.people.models import Person
from notifications.actions import notify
from notifications.fan_out import fan_out_waiting
from notifications.models import Event, Notification
from tests import factories
from tests.browser import signed_in
from tests.committed import together
from workinggroups.discussion import actions as discussion
from workinggroups.discussion.models import Follow, Topic
from workinggroups.groups import actions as groups
from workinggroups.groups.models import ActionItem, Group
from workinggroups.groups.notifications import GroupCreated
from workinggroups.meetings import actions as meetings
from workinggroups.meetings.models import Attendance, Meeting
from workinggroups.meetings.queries.speakers import speakers_of

Browse = Callable[[Person], Client]

CHANGED = "This has changed in the meantime, so it was not undone."
TOO_LATE = "It is too late to undo this. Nothing has been changed."


def messages_of(page: Any) -> list[str]:
    texts = fromstring(page.content).xpath('//*[@id="toasts"]//span[not(@class)]')
    return [text.text_content().strip() for text in texts]


def form_in(page: Any) -> HtmlElement:
    (form,) = fromstring(page.content).xpath('//*[@id="toasts"]//form')
    return form


def did(client: Client, path: str, data: dict[str, str] | None = None) -> Any:
    """Do an act by its form, and return the page after it."""
    page = client.post(path, data or {}, follow=True)
    assert page.status_code == 200
    return page


def undone(client: Client, page: Any) -> Any:
    """Press the button of the message as a browser without scripts does; return the page after it."""
    form = form_in(page)
    assert form.get("action") == reverse("undo")
    after = client.post(form.get("action"), dict(form.fields), follow=True)
    assert after.status_code == 200
    return after


@pytest.fixture
def item(group: Group, member: Person) -> ActionItem:
    return factories.action_item(group, owner=member)


def act_on(item: ActionItem, name: str) -> str:
    return reverse(f"action-{name}", args=[item.group.slug, item.number])


# --- the message -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_button_is_in_a_status_and_says_what_it_takes_back(
    client_of: Browse, item: ActionItem, member: Person
) -> None:
    page = did(client_of(member), act_on(item, "close"))

    root = fromstring(page.content)
    (region,) = root.xpath('//*[@id="toasts"]')
    assert (region.get("role"), region.get("aria-live")) == ("status", "polite")
    (button,) = form_in(page).xpath(".//button")
    assert button.text_content().strip() == "Undo"
    assert button.get("type") == "submit"
    (said,) = root.xpath(f'//*[@id="{button.get("aria-describedby")}"]')
    assert said.text_content().startswith("A-1 marked as done.")
    assert form_in(page).get("hx-boost") == "true"


@pytest.mark.django_db
def test_the_answer_is_the_page_on_which_the_message_was(
    client_of: Browse, item: ActionItem, member: Person
) -> None:
    client = client_of(member)
    page = did(client, act_on(item, "close"), {"next": item.get_absolute_url()})

    after = undone(client, page)

    assert after.request["PATH_INFO"] == item.get_absolute_url()
    assert messages_of(after) == ["Undone. A-1 is open again."]
    assert not fromstring(after.content).xpath('//*[@id="toasts"]//form')


@pytest.mark.django_db
def test_a_second_sending_of_the_form_says_the_same(
    client_of: Browse, item: ActionItem, member: Person
) -> None:
    cache.clear()
    client = client_of(member)
    fields = dict(form_in(did(client, act_on(item, "close"))).fields)

    answers = [client.post(reverse("undo"), fields) for _twice in range(2)]

    assert {answer.status_code for answer in answers} == {302}
    page = client.get(answers[1]["Location"])
    assert messages_of(page) == ["Undone. A-1 is open again."]
    item.refresh_from_db()
    assert item.state == "open"


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_after_ten_minutes_it_is_too_late(
    client_of: Browse, item: ActionItem, member: Person
) -> None:
    client = client_of(member)
    page = did(client, act_on(item, "close"))

    with set_back(Clock(timezone.now() + timedelta(minutes=10, seconds=2))):
        after = undone(client, page)

    item.refresh_from_db()
    assert (messages_of(after), item.state) == ([TOO_LATE], "done")


@pytest.mark.django_db
def test_only_who_did_it_can_take_it_back(
    client_of: Browse, item: ActionItem, member: Person, chair: Person
) -> None:
    page = did(client_of(member), act_on(item, "close"))

    after = undone(client_of(chair), page)

    item.refresh_from_db()
    assert (messages_of(after), item.state) == ([TOO_LATE], "done")


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "é" * 5000])
def test_what_we_did_not_sign_takes_nothing_back(
    client_of: Browse, member: Person, token: str
) -> None:
    page = client_of(member).post(reverse("undo"), {"undo": token, "next": "//evil.example/"})

    assert page.status_code == 302
    assert page["Location"] == "/my/"


@pytest.mark.django_db
def test_it_needs_a_sign_in_and_a_post(client: Client, client_of: Browse, member: Person) -> None:
    assert "/sign-in" in client.post(reverse("undo"))["Location"] or client.post(
        reverse("undo")
    ).status_code in {302, 401}
    assert client_of(member).get(reverse("undo")).status_code == 405


@pytest.mark.django_db
def test_two_acts_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="Two light acts"):
        light_acts.register("inbox_read", lambda person, facts: "")


# --- action items ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "act", "verbs"),
    [
        ("open", "close", ["done", "reopened"]),
        ("open", "drop", ["dropped", "reopened"]),
        ("done", "reopen", ["reopened", "done"]),
        ("dropped", "reopen", ["reopened", "dropped"]),
    ],
)
def test_an_item_is_as_before_and_both_acts_are_on_record(
    client_of: Browse, item: ActionItem, member: Person, state: str, act: str, verbs: list[str]
) -> None:
    ActionItem.objects.filter(pk=item.pk).update(state=state)
    client = client_of(member)

    undone(client, did(client, act_on(item, act)))

    item.refresh_from_db()
    assert item.state == state
    records = Record.objects.about("action_item", item.uuid)
    assert list(records.values_list("verb", flat=True)) == verbs


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["reopened", "closed again", "unseen", "concluded", "not theirs"]
)
def test_an_item_that_was_changed_since_stays(
    client_of: Browse, item: ActionItem, member: Person, chair: Person, change: str
) -> None:
    client = client_of(member)
    page = did(client, act_on(item, "close"))
    sentence = CHANGED
    if change in {"reopened", "closed again"}:
        groups.reopen_action_item(actor=chair, item=item)
    if change == "closed again":
        groups.close_action_item(actor=chair, item=item)
    if change == "unseen":
        ActionItem.objects.filter(pk=item.pk).update(level=40)
    if change == "concluded":
        Group.objects.update(state="concluded")
        sentence = "This group has concluded"
    if change == "not theirs":
        ActionItem.objects.filter(pk=item.pk).update(owner=chair)
        sentence = "Only its owners and the group's chairs"
    count = Record.objects.count()

    after = undone(client, page)

    assert messages_of(after)[0].startswith(sentence)
    assert Record.objects.count() == count


def test_of_two_who_undo_and_close_at_once_one_is_refused(committed_db: str) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"))
    item = factories.action_item(factories.group(chair=chair), owner=chair)
    client = signed_in(chair)
    page = did(client, act_on(item, "close"))
    fields = dict(form_in(page).fields)
    fields.pop("once")

    together(*[lambda: client.post(reverse("undo"), fields)] * 2)

    item.refresh_from_db()
    assert (item.state, item.version) == ("open", 3)


# --- the inbox ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_marked_as_read_is_unread_again_and_nothing_else(
    client_of: Browse, group: Group, chair: Person, member: Person
) -> None:
    for number in range(3):
        notify(GroupCreated(group=group.pk), cause=str(number))
    fan_out_waiting()
    Notification.objects.all().delete()
    old, *new = [
        Notification.objects.create(event=event, person=member, channel="inbox", state="done")
        for event in Event.objects.all()
    ]
    Notification.objects.filter(pk=old.pk).update(read_at=timezone.now() - timedelta(hours=1))
    client = client_of(member)

    page = did(client, reverse("inbox-read-all"))
    assert messages_of(page) == ["2 notifications marked as read."]
    after = undone(client, page)

    assert messages_of(after) == ["2 notifications are unread again."]
    unread = Notification.objects.unread().filter(person=member)
    assert set(unread.values_list("pk", flat=True)) == {each.pk for each in new}
    cache.clear()
    assert messages_of(undone(client, page)) == [CHANGED]


@pytest.mark.django_db
def test_an_inbox_without_unread_ones_says_nothing(client_of: Browse, member: Person) -> None:
    assert messages_of(did(client_of(member), reverse("inbox-read-all"))) == []


# --- topics ------------------------------------------------------------------------------------


@pytest.fixture
def topic(group: Group, chair: Person) -> Topic:
    return discussion.start_topic(actor=chair, group=group, title="Limit", source="Needed?")


@pytest.mark.django_db
@pytest.mark.parametrize("before", [None, "followed", "muted"])
@pytest.mark.parametrize("mute", ["0", "1"])
def test_a_topic_is_followed_or_muted_as_before(
    client_of: Browse, topic: Topic, member: Person, before: str | None, mute: str
) -> None:
    if before:
        discussion.follow_topic(actor=member, topic=topic, is_muted=before == "muted")
    was = discussion.follow_state(topic.follows.filter(person=member).first())
    client = client_of(member)
    path = reverse("topic-follow", args=[topic.group.slug, topic.number])

    after = undone(client, did(client, path, {"mute": mute}))

    assert discussion.follow_state(topic.follows.filter(person=member).first()) == was
    assert messages_of(after)[0].startswith("Undone.")


@pytest.mark.django_db
def test_a_topic_that_was_muted_since_stays_muted(
    client_of: Browse, topic: Topic, member: Person
) -> None:
    client = client_of(member)
    path = reverse("topic-follow", args=[topic.group.slug, topic.number])
    page = did(client, path, {"mute": "0"})
    discussion.follow_topic(actor=member, topic=topic, is_muted=True)

    assert messages_of(undone(client, page)) == [CHANGED]
    assert Follow.objects.get(person=member).muted_at


# --- meetings ----------------------------------------------------------------------------------


def answers(person: Person) -> dict[int, str]:
    return dict(Attendance.objects.filter(person=person).values_list("meeting_id", "state"))


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["", "coming", "regrets"])
@pytest.mark.parametrize("answer", ["coming", "regrets"])
def test_an_answer_is_as_before(
    client_of: Browse, group: Group, member: Person, before: str, answer: str
) -> None:
    meeting = factories.meeting(group)
    if before:
        meetings.answer_meeting(actor=member, meeting=meeting, is_coming=before == "coming")
    client = client_of(member)
    path = reverse("meeting-answer", args=[group.slug, meeting.address])

    after = undone(client, did(client, path, {"answer": answer}))

    assert answers(member) == ({meeting.pk: before} if before else {})
    assert messages_of(after) == ["Undone. Your answer is what it was before."]


@pytest.mark.django_db
def test_answers_to_all_that_follow_are_as_before(
    client_of: Browse, group: Group, member: Person
) -> None:
    series = factories.meeting_series(group)
    meetings.extend_series()
    first, second, *_rest = series.meetings.upcoming().order_by("starts_at")
    meetings.answer_meeting(actor=member, meeting=second, is_coming=False)
    client = client_of(member)
    path = reverse("meeting-answer", args=[group.slug, first.address])

    page = did(client, path, {"answer": "coming", "following": "on"})
    assert len(answers(member)) > 2
    undone(client, page)

    assert answers(member) == {second.pk: "regrets"}


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["answered", "checked in", "cancelled"])
def test_an_answer_that_was_changed_since_stays(
    client_of: Browse, group: Group, member: Person, chair: Person, change: str
) -> None:
    meeting = factories.meeting(group, starts_at=timezone.now() + timedelta(minutes=10))
    client = client_of(member)
    path = reverse("meeting-answer", args=[group.slug, meeting.address])
    page = did(client, path, {"answer": "coming"})
    if change == "answered":
        meetings.answer_meeting(actor=member, meeting=meeting, is_coming=False)
    elif change == "checked in":
        meetings.check_in(actor=member, meeting=meeting)
    else:
        meetings.cancel_meeting(actor=chair, meeting=meeting, reason="Ill")
    now = answers(member)

    after = undone(client, page)

    assert answers(member) == now
    assert "Undone" not in messages_of(after)[0]


@pytest.fixture
def running(group: Group, member: Person, co_chair: Person) -> Meeting:
    meeting = factories.running_meeting(group)
    for person in (member, co_chair):
        meetings.check_in(actor=person, meeting=meeting)
        meetings.raise_hand(actor=person, meeting=meeting)
    return meeting


def waiting(meeting: Meeting) -> list[str]:
    return [row.person.name for row in speakers_of(meeting).waiting]


@pytest.mark.django_db
def test_a_lowered_hand_keeps_its_place(
    client_of: Browse, running: Meeting, member: Person
) -> None:
    before = waiting(running)
    client = client_of(member)
    path = reverse("meeting-hand", args=[running.group.slug, running.address])

    page = did(client, path, {"hand": "lower"})
    assert member.name not in waiting(running)
    after = undone(client, page)

    assert waiting(running) == before
    assert messages_of(after) == ["Undone. Your hand is up, at the same place in the line."]


@pytest.mark.django_db
def test_a_hand_that_is_gone_says_that_it_changed(
    client_of: Browse, running: Meeting, member: Person
) -> None:
    client = client_of(member)
    path = reverse("meeting-hand", args=[running.group.slug, running.address])
    page = did(client, path, {"hand": "lower"})
    running.speakers.filter(person=member).delete()

    assert messages_of(undone(client, page)) == [CHANGED]


@pytest.mark.django_db
def test_an_officer_takes_back_that_someone_was_removed(
    client_of: Browse, running: Meeting, chair: Person, member: Person
) -> None:
    before = waiting(running)
    request = running.speakers.get(person=member)
    client = client_of(chair)
    path = reverse(
        "meeting-speaker-close", args=[running.group.slug, running.address, request.uuid]
    )

    page = did(client, path)
    assert messages_of(page) == [f"{member.name} removed from the speakers."]
    undone(client, page)

    assert waiting(running) == before


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["raised again", "gone", "ended"])
def test_a_hand_that_was_changed_since_stays(
    client_of: Browse, running: Meeting, member: Person, change: str
) -> None:
    client = client_of(member)
    path = reverse("meeting-hand", args=[running.group.slug, running.address])
    page = did(client, path, {"hand": "lower"})
    if change == "raised again":
        meetings.raise_hand(actor=member, meeting=running)
    elif change == "gone":
        meetings.undo_check_in(actor=member, meeting=running)
    else:
        Meeting.objects.filter(pk=running.pk).update(
            starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=2)
        )
    now = waiting(running)

    after = undone(client, page)

    assert waiting(running) == now
    assert "Undone" not in messages_of(after)[0]
