"""Topics and posts: who writes, what stays, what is hidden, and who hears."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.access import Level
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.search.models import SearchEntry
from notifications.models import Event
from tests import factories
from tests.committed import together
from workinggroups.discussion import actions
from workinggroups.discussion.models import Follow, Post, Topic


def start(actor, group, **fields) -> Topic:
    return actions.start_topic(
        actor=actor, group=group, **{"title": "The limit", "source": "Is it *needed*?", **fields}
    )


@pytest.fixture
def topic(group, member):
    return start(member, group)


# --- starting, posting -------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_topic_begins_with_a_post_and_is_told(member, organization, group):
    topic = start(member, group)

    post = topic.posts.get()
    assert (topic.number, topic.level, topic.post_count) == (1, Level.MEMBERS, 1)
    assert (post.html, post.organization) == ("<p>Is it <em>needed</em>?</p>\n", organization)
    assert list(Event.objects.values_list("kind", flat=True)) == ["topic_started"]
    assert Follow.objects.get().person == member


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["observer", "outsider", "staff"])
def test_who_only_reads_neither_starts_nor_answers(who, group, topic, request):
    person = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        start(person, group)
    with pytest.raises(NotAllowed):
        actions.add_post(actor=person, topic=topic, source="Me too")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("preset", "wanted", "level"),
    [
        ("open", Level.ALLIANCE, Level.ALLIANCE),
        ("open", Level.MEMBERS, Level.MEMBERS),
        ("listed", Level.ALLIANCE, Level.MEMBERS),
        ("open", Level.CHAIRS, Level.CHAIRS),
    ],
)
def test_a_topic_is_never_wider_than_its_group(chair, preset, wanted, level):
    group = factories.group("Some group", preset=preset, chair=chair)

    topic = start(chair, group, level=wanted)

    assert topic.level == topic.posts.get().level == level


@pytest.mark.django_db
def test_the_chairs_talk_among_themselves(chair, co_chair, member, group):
    topic = start(chair, group, level=Level.CHAIRS)

    assert actions.add_post(actor=co_chair, topic=topic, source="Yes").number == 2
    with pytest.raises(NotAllowed):
        actions.add_post(actor=member, topic=topic, source="Me too")
    with pytest.raises(NotAllowed):
        start(member, group, level=Level.CHAIRS)


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["", "  \n", "x" * 70_000])
def test_a_text_that_does_not_fit_names_its_field(member, topic, source):
    with pytest.raises(Invalid) as refusal:
        actions.add_post(actor=member, topic=topic, source=source)

    assert refusal.value.field == "source"
    assert topic.posts.count() == 1


@pytest.mark.django_db
def test_a_post_stands_last_and_lifts_its_topic(chair, topic):
    before = topic.last_post_at

    post = actions.add_post(actor=chair, topic=topic, source="Yes.")

    topic.refresh_from_db()
    assert (post.number, topic.post_count) == (2, 2)
    assert topic.last_post_at > before


@pytest.mark.django_db
def test_a_concluded_group_talks_no_more(member, group, topic):
    group.state = "concluded"
    group.save(update_fields=["state"])

    with pytest.raises(WrongState):
        actions.add_post(actor=member, topic=topic, source="Still here")


def test_posts_written_at_once_are_all_kept_in_order(committed_db):
    chair = factories.member_of(factories.organization("Aurora Labs"))
    topic = start(chair, factories.group(chair=chair))

    outcomes = together(
        *(
            lambda text=text: actions.add_post(actor=chair, topic=topic, source=text)
            for text in ("a", "b", "c", "d")
        )
    )

    assert sorted(post.number for post in outcomes) == [2, 3, 4, 5]
    assert Topic.objects.get().post_count == 5


# --- changing ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_changed_post_keeps_what_it_said(member, topic):
    post = topic.posts.get()

    edited = actions.edit_post(actor=member, post=post, version=1, source="It is needed.")

    assert (edited.version, edited.source) == (2, "It is needed.")
    assert [edit.source for edit in edited.edits.all()] == ["Is it *needed*?"]


@pytest.mark.django_db
def test_a_post_is_changed_by_its_author_alone(chair, topic):
    with pytest.raises(NotAllowed):
        actions.edit_post(actor=chair, post=topic.posts.get(), version=1, source="x")


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "is_allowed"), [(23.9, True), (24.1, False)])
def test_a_post_is_changed_for_a_day(member, topic, hours, is_allowed):
    post = topic.posts.get()
    post.created_at = timezone.now() - timedelta(hours=hours)
    post.save(update_fields=["created_at"])

    if is_allowed:
        actions.edit_post(actor=member, post=post, version=1, source="x")
    else:
        with pytest.raises(WrongState):
            actions.edit_post(actor=member, post=post, version=1, source="x")


@pytest.mark.django_db
def test_two_windows_do_not_overwrite_each_other(member, topic):
    post = topic.posts.get()
    actions.edit_post(actor=member, post=post, version=1, source="First window")

    with pytest.raises(Conflict):
        actions.edit_post(actor=member, post=post, version=1, source="Second window")


# --- hiding, locking ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_hidden_post_keeps_its_place_and_its_text(chair, topic):
    post = actions.hide_post(actor=chair, post=topic.posts.get(), reason=" Names a price ")

    assert (post.hidden_reason, post.hidden_by) == ("Names a price", chair)
    assert post.source == "Is it *needed*?"
    assert Record.objects.get(verb="hidden").object_uuid == post.uuid
    with pytest.raises(WrongState):
        actions.hide_post(actor=chair, post=post, reason="Again")


@pytest.mark.django_db
def test_a_shown_post_is_read_again(chair, topic):
    post = actions.hide_post(actor=chair, post=topic.posts.get(), reason="A mistake")

    assert not actions.show_post(actor=chair, post=post).is_hidden
    with pytest.raises(WrongState):
        actions.show_post(actor=chair, post=post)


@pytest.mark.django_db
def test_hiding_needs_a_reason_and_a_chair(chair, member, topic):
    post = topic.posts.get()

    with pytest.raises(Invalid):
        actions.hide_post(actor=chair, post=post, reason=" ")
    with pytest.raises(NotAllowed):
        actions.hide_post(actor=member, post=post, reason="Mine")


@pytest.mark.django_db
def test_a_locked_topic_takes_no_post_and_no_change(chair, member, topic):
    locked = actions.lock_topic(actor=chair, topic=topic)

    for act in (
        lambda: actions.add_post(actor=member, topic=locked, source="x"),
        lambda: actions.edit_post(actor=member, post=topic.posts.get(), version=1, source="x"),
        lambda: actions.lock_topic(actor=chair, topic=locked),
    ):
        with pytest.raises(WrongState):
            act()
    actions.unlock_topic(actor=chair, topic=locked)
    assert actions.add_post(actor=member, topic=topic, source="x").number == 2
    with pytest.raises(WrongState):
        actions.unlock_topic(actor=chair, topic=topic)


@pytest.mark.django_db
def test_members_do_not_lock(member, topic):
    with pytest.raises(NotAllowed):
        actions.lock_topic(actor=member, topic=topic)


# --- following, search -------------------------------------------------------------------------


@pytest.mark.django_db
def test_muting_is_not_undone_by_posting(member, topic):
    actions.follow_topic(actor=member, topic=topic, is_muted=True)

    actions.add_post(actor=member, topic=topic, source="One more")

    assert Follow.objects.get().muted_at is not None
    actions.follow_topic(actor=member, topic=topic)
    assert Follow.objects.get().muted_at is None


@pytest.mark.django_db
def test_nobody_outside_follows(outsider, topic):
    with pytest.raises(NotAllowed):
        actions.follow_topic(actor=outsider, topic=topic)


@pytest.mark.django_db
def test_search_knows_topics_and_posts_at_their_level_and_forgets_hidden_ones(chair, topic):
    reply = actions.add_post(actor=chair, topic=topic, source="A hospital asks")
    entries = SearchEntry.objects.order_by("pk").values_list("kind", "level", "body")

    assert list(entries.all()) == [("topic", 2, "Is it needed?"), ("post", 2, "A hospital asks")]
    actions.hide_post(actor=chair, post=reply, reason="Off topic")
    actions.hide_post(actor=chair, post=Post.objects.get(number=1), reason="Off topic")
    assert list(entries.all()) == [("topic", 2, "")]
