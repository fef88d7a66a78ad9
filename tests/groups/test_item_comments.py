"""Comments on action items: who writes, what stays, what is hidden, and who is notified."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.access import Level, viewer_for
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.search.models import SearchEntry
from members.people.exports import export
from members.people.models import Person
from notifications.content import contents_of
from notifications.fan_out import fan_out_waiting
from notifications.models import Event, Notification
from tests import factories
from tests.committed import together
from tests.groups.concluding import conclude
from workinggroups.groups import actions
from workinggroups.groups.models import ActionItem, ActionItemComment, Group


@pytest.fixture
def item(group: Group, member: Person) -> ActionItem:
    return factories.action_item(group, owner=member, text="Call the hospitals")


def comment(actor: Person, item: ActionItem, source: str = "I *asked* them.") -> ActionItemComment:
    return actions.add_comment(actor=actor, item=item, source=source)


# --- writing -------------------------------------------------------------------------------------


def test_a_comment_is_numbered_rendered_and_on_behalf_of_an_organization(
    item: ActionItem, member: Person, chair: Person
) -> None:
    first, second = comment(member, item), comment(chair, item, "Thank you.")

    assert (first.number, second.number) == (1, 2)
    assert first.html == "<p>I <em>asked</em> them.</p>\n"
    assert (first.organization.name, first.level) == ("Aurora Labs", item.level)


@pytest.mark.parametrize("who", ["observer", "outsider", "staff"])
def test_who_only_reads_does_not_comment(
    item: ActionItem, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        comment(request.getfixturevalue(who), item)


def test_on_an_item_for_chairs_only_chairs_comment(
    item: ActionItem, chair: Person, secretary: Person
) -> None:
    ActionItem.objects.update(level=Level.CHAIRS)

    with pytest.raises(NotAllowed):
        comment(secretary, item)
    assert comment(chair, item).level == Level.CHAIRS


def test_a_closed_item_takes_comments_and_one_of_a_concluded_group_does_not(
    item: ActionItem, member: Person, staff: Person
) -> None:
    actions.close_action_item(actor=member, item=item)
    comment(member, item, "Here is their answer.")
    conclude(staff, item.group)

    with pytest.raises(WrongState):
        comment(member, item)
    with pytest.raises(WrongState):
        actions.edit_comment(
            actor=member, comment=item.comments.get(), version=1, source="Another."
        )


@pytest.mark.parametrize("source", ["", " \n\t"])
def test_an_empty_comment_is_refused(item: ActionItem, member: Person, source: str) -> None:
    with pytest.raises(Invalid) as refused:
        comment(member, item, source)

    assert refused.value.field == "source"


def test_comments_of_an_item_are_bounded(
    item: ActionItem, member: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workinggroups.groups.actions.comments.COMMENTS_MAX", 1)
    comment(member, item)

    with pytest.raises(WrongState):
        comment(member, item)


def test_comments_written_at_once_have_numbers_without_gap_or_double(committed_db: str) -> None:
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Chiara Chair")
    group = factories.group("Trust Benchmarks", chair=chair)
    item = factories.action_item(group, owner=chair)

    together(*(lambda text=text: comment(chair, item, text) for text in ("One", "Two", "Three")))

    assert list(item.comments.values_list("number", flat=True)) == [1, 2, 3]


# --- editing, hiding -----------------------------------------------------------------------------


def test_its_author_edits_a_comment_for_a_day_and_the_text_before_stays(
    item: ActionItem, member: Person, chair: Person
) -> None:
    written = comment(member, item)

    edited = actions.edit_comment(actor=member, comment=written, version=1, source="I called.")

    assert (edited.html, edited.version) == ("<p>I called.</p>\n", 2)
    assert [edit.source for edit in edited.edits.all()] == ["I *asked* them."]
    with pytest.raises(Conflict):
        actions.edit_comment(actor=member, comment=written, version=1, source="From a window.")
    with pytest.raises(NotAllowed):
        actions.edit_comment(actor=chair, comment=written, version=2, source="By another.")
    ActionItemComment.objects.update(created_at=timezone.now() - timedelta(hours=24))
    with pytest.raises(WrongState):
        actions.edit_comment(actor=member, comment=written, version=2, source="Too late.")


def test_a_chair_hides_a_comment_with_a_reason_and_shows_it_again(
    item: ActionItem, member: Person, chair: Person
) -> None:
    written = comment(member, item)
    with pytest.raises(NotAllowed):
        actions.hide_comment(actor=member, comment=written, reason="Mine.")
    with pytest.raises(Invalid):
        actions.hide_comment(actor=chair, comment=written, reason=" ")

    hidden = actions.hide_comment(actor=chair, comment=written, reason="It names a patient.")
    assert (hidden.is_hidden, hidden.hidden_reason) == (True, "It names a patient.")
    with pytest.raises(WrongState):
        actions.hide_comment(actor=chair, comment=written, reason="Again.")
    with pytest.raises(WrongState):
        actions.edit_comment(actor=member, comment=written, version=1, source="Another.")

    actions.show_comment(actor=chair, comment=written)
    with pytest.raises(WrongState):
        actions.show_comment(actor=chair, comment=written)
    acts = Record.objects.filter(kind="action_item_comment").values_list("verb", flat=True)
    assert sorted(acts) == ["hidden", "shown"]
    assert "patient" not in "".join(Record.objects.values_list("facts", flat=True))


# --- who is notified -----------------------------------------------------------------------------


def notified(written: ActionItemComment) -> set[Person]:
    fan_out_waiting()
    events = Event.objects.filter(kind="action_item_commented", ref__comment=str(written.uuid))
    inbox = Notification.objects.filter(event__in=events, channel="inbox")
    return {notification.person for notification in inbox.select_related("person")}


def test_owners_and_earlier_commenters_are_notified_and_the_author_is_not(
    group: Group, item: ActionItem, member: Person, chair: Person, secretary: Person
) -> None:
    shared = factories.action_item(group, owners=[member, chair])

    assert notified(comment(secretary, shared)) == {member, chair}
    assert notified(comment(chair, shared, "Thank you.")) == {member, secretary}
    assert notified(comment(member, item)) == set()


def test_who_left_or_cannot_read_the_item_is_not_notified(
    group: Group, item: ActionItem, member: Person, chair: Person, secretary: Person
) -> None:
    comment(secretary, item)
    actions.remove_member(actor=chair, group=group, person=member)

    assert notified(comment(chair, item)) == {secretary}
    ActionItem.objects.update(level=Level.CHAIRS)
    assert notified(comment(chair, item)) == set()


def test_a_hidden_comment_notifies_nobody_any_more(
    item: ActionItem, member: Person, chair: Person, secretary: Person
) -> None:
    written = comment(secretary, item)
    event = Event.objects.get(kind="action_item_commented")
    assert contents_of([event], viewer_for(member.pk))[event.pk].title == (
        "Sefa Secretary: Call the hospitals"
    )

    actions.hide_comment(actor=chair, comment=written, reason="It names a patient.")

    assert notified(written) == set()
    assert contents_of([event], viewer_for(member.pk)) == {}


# --- search, export ------------------------------------------------------------------------------


def test_search_finds_an_item_by_its_text_and_its_comments(
    group: Group, chair: Person, member: Person
) -> None:
    made = actions.create_action_item(actor=chair, group=group, text="Call", owners=[member])
    written = comment(member, made, "About **zebras**.")
    entry = SearchEntry.objects.get(kind="action_item")
    assert (entry.title, entry.body, entry.level) == ("Call", "About zebras.", made.level)
    assert entry.url == made.get_absolute_url()
    assert entry.about.splitlines()[-1] == "Trust Benchmarks"

    actions.hide_comment(actor=chair, comment=written, reason="No zebras.")
    assert SearchEntry.objects.get(kind="action_item").body == ""
    actions.change_action_item(
        actor=chair, item=made, version=1, text="Write", owners=[], due_on=None
    )
    assert SearchEntry.objects.get(kind="action_item").title == "Write"


def test_own_comments_are_in_a_persons_export(
    item: ActionItem, member: Person, chair: Person
) -> None:
    written = comment(member, item)
    actions.edit_comment(actor=member, comment=written, version=1, source="I called.")
    comment(chair, item, "By the chair.")

    [own] = export(member)["action_item_comments"]

    assert (own["item"], own["text"], own["texts_before"]) == (
        "A-1",
        "I called.",
        ["I *asked* them."],
    )


# --- pages ---------------------------------------------------------------------------------------


def test_a_comment_is_written_and_shown_below_the_item(
    item: ActionItem, member: Person, observer: Person, client_of: Callable[..., Client]
) -> None:
    path = reverse("action-comment", args=[item.group.slug, item.number])
    client = client_of(member)

    answer = client.post(path, {"source": "I *asked* them."})

    assert answer["Location"] == f"{item.get_absolute_url()}#comment-1"
    page = client_of(observer).get(item.get_absolute_url()).text
    assert ("<em>asked</em>" in page, "Your comment" in page) == (True, False)
    refused = client.post(path, {"source": " "})
    assert (refused.status_code, "Your comment" in refused.text) == (422, True)
    assert "<em>asked</em>" in refused.text


def test_the_author_edits_on_a_page_of_its_own_and_readers_see_what_changed(
    item: ActionItem, member: Person, observer: Person, client_of: Callable[..., Client]
) -> None:
    written = comment(member, item, "I asked two.")
    arguments = [item.group.slug, item.number, written.number]
    edit = reverse("action-comment-edit", args=arguments)
    client = client_of(member)
    assert "I asked two." in client.get(edit).text

    client.post(edit, {"source": "I asked three.", "version": "1"})

    history = client_of(observer).get(reverse("action-comment-history", args=arguments)).text
    assert ("two" in history, "three</ins>" in history) == (True, True)
    assert client_of(observer).get(edit).status_code == 403
    ActionItemComment.objects.update(created_at=timezone.now() - timedelta(days=2))
    late = client.get(edit)
    assert (late.status_code, "Add another comment instead." in late.text) == (200, True)


def test_only_chairs_read_a_hidden_comment(
    item: ActionItem, member: Person, chair: Person, client_of: Callable[..., Client]
) -> None:
    written = comment(member, item, "It was zebras.")
    arguments = [item.group.slug, item.number, written.number]
    hide = reverse("action-comment-hide", args=arguments)
    assert client_of(member).get(hide).status_code == 403
    assert client_of(chair).post(hide, {"reason": ""}).status_code == 422

    client_of(chair).post(hide, {"reason": "It names a patient."})

    page = client_of(member).get(item.get_absolute_url()).text
    assert ("zebras" in page, "It names a patient." in page) == (False, True)
    assert "zebras" in client_of(chair).get(item.get_absolute_url()).text
    history = reverse("action-comment-history", args=arguments)
    assert client_of(member).get(history).status_code == 404
    client_of(chair).post(reverse("action-comment-show", args=arguments))
    assert "zebras" in client_of(member).get(item.get_absolute_url()).text


def test_an_item_costs_the_same_with_two_and_with_twenty_comments(
    item: ActionItem, member: Person, client_of: Callable[..., Client]
) -> None:
    client, counts = client_of(member), []
    for count in (2, 20):
        while item.comments.count() < count:
            factories.action_item_comment(item)
        with CaptureQueriesContext(connection) as queries:
            client.get(item.get_absolute_url())
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_long_list_of_comments_has_pages(
    item: ActionItem,
    member: Person,
    client_of: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workinggroups.groups.views.action_items.COMMENTS_A_PAGE", 2)
    monkeypatch.setattr("workinggroups.groups.models.comments.COMMENTS_A_PAGE", 2)
    for _number in range(3):
        written = factories.action_item_comment(item)
    client = client_of(member)

    assert written.get_absolute_url() == f"{item.get_absolute_url()}?page=2#comment-3"
    assert 'id="comment-3"' not in client.get(item.get_absolute_url()).text
    assert 'id="comment-3"' in client.get(written.get_absolute_url().partition("#")[0]).text
