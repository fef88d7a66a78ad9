"""The pages of a discussion: what they show, to whom, and that no typed text is lost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.access import Level
from tests import factories
from workinggroups.discussion import actions
from workinggroups.discussion.choices import POSTS_A_PAGE
from workinggroups.discussion.models import Topic
from workinggroups.groups.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(group, member):
    return actions.start_topic(actor=member, group=group, title="The limit", source="Needed?")


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_topic_is_started_by_form(client_of, member, group):
    response = client_of(member).post(
        reverse("topic-start", args=[group.slug]),
        {"title": "The limit", "level": "2", "source": "Is it **needed**?"},
    )

    topic = Topic.objects.get()
    assert response.headers["Location"] == topic.get_absolute_url()
    assert (
        "<strong>needed</strong>"
        in client_of(member).get(topic.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "This field is required"),
        ({"level": "0"}, "Select a valid choice"),
        ({"level": "3"}, "Select a valid choice"),
        ({"level": "x"}, "Select a valid choice"),
        ({"source": "x" * 70_000}, "too long"),
    ],
)
def test_a_refused_topic_comes_back_as_it_was_typed(client_of, member, group, changes, words):
    sent = {"title": "The limit", "level": "2", "source": "My long text", **changes}

    response = client_of(member).post(reverse("topic-start", args=[group.slug]), sent)

    assert response.status_code == 422
    assert "source" in changes or "My long text" in response.content.decode()
    assert not Topic.objects.exists()


def test_a_refused_reply_comes_back_as_it_was_typed(client_of, member, topic):
    response = client_of(member).post(topic.get_absolute_url(), {"source": "x" * 70_000})

    assert response.status_code == 422
    assert "too long" in text(response)
    assert "x" * 70_000 in response.content.decode()
    assert topic.posts.count() == 1


def test_a_reply_to_a_topic_locked_meanwhile_is_given_back(client_of, member, chair, topic):
    actions.lock_topic(actor=chair, topic=topic)

    response = client_of(member).post(topic.get_absolute_url(), {"source": "My long reply"})

    assert response.status_code == 409
    assert "My long reply" in response.content.decode()


def test_a_concluded_group_says_so_and_offers_no_topic(client_of, member, group):
    offer, words = reverse("topic-start", args=[group.slug]), "This group is concluded."
    listed = reverse("topics", args=[group.slug])
    before = client_of(member).get(listed).content.decode()

    Group.objects.filter(pk=group.pk).update(state="concluded", concluded_at=timezone.now())

    after = client_of(member).get(listed).content.decode()
    assert (offer in before, words in before) == (True, False)
    assert (f'button--primary" href="{offer}' in after, words in after) == (False, True)


def test_a_new_post_is_shown_where_it_stands(client_of, member, chair, topic):
    for number in range(POSTS_A_PAGE):
        actions.add_post(actor=chair, topic=topic, source=f"Post {number}")

    response = client_of(member).post(topic.get_absolute_url(), {"source": "The last word"})

    assert response.headers["Location"].endswith(f"?page=2#post-{POSTS_A_PAGE + 2}")
    assert "The last word" in text(client_of(member).get(response.headers["Location"]))


def test_hidden_and_missing_topics_answer_alike(client_of, outsider, client, topic):
    url = topic.get_absolute_url()

    hidden = client_of(outsider).get(url)
    missing = client_of(outsider).get(url.replace("/1/", "/9/"))

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert client.get(url).status_code == client.get("/groups/x/discussion/1/").status_code == 302


def test_a_topic_of_the_chairs_is_there_for_them_alone(client_of, chair, member, group):
    topic = actions.start_topic(
        actor=chair, group=group, title="A complaint", source="About a post", level=Level.CHAIRS
    )
    list_url = reverse("topics", args=[group.slug])

    assert "A complaint" in text(client_of(chair).get(list_url))
    assert "A complaint" not in text(client_of(member).get(list_url))
    assert client_of(member).get(topic.get_absolute_url()).status_code == 404


def test_what_a_hidden_post_said_is_for_chairs(client_of, chair, member, topic):
    actions.add_post(actor=member, topic=topic, source="A price of 500")
    post = topic.posts.get(number=2)

    client_of(chair).post(
        reverse("post-hide", args=[topic.group.slug, 1, 2]), {"reason": "Names a price"}
    )

    seen, by_chair = (client_of(person).get(topic.get_absolute_url()) for person in (member, chair))
    assert "Names a price" in text(seen)
    assert "A price of 500" not in seen.content.decode()
    assert "A price of 500" in by_chair.content.decode()
    history = reverse("post-history", args=[topic.group.slug, 1, post.number])
    assert client_of(member).get(history).status_code == 404


def test_the_history_of_a_post_shows_what_changed(client_of, member, chair, topic):
    client = client_of(member)

    client.post(
        reverse("post-edit", args=[topic.group.slug, 1, 1]),
        {"source": "Useful?", "version": "1"},
    )

    page = client_of(chair).get(reverse("post-history", args=[topic.group.slug, 1, 1]))
    assert "Needed</del>" in page.content.decode()
    assert "Useful</ins>" in page.content.decode()


def test_members_are_told_that_chairs_hide(client_of, member, topic):
    response = client_of(member).get(reverse("post-hide", args=[topic.group.slug, 1, 1]))

    assert response.status_code == 403
    assert "Only the group&#x27;s chairs can do this." in text(response)


def test_a_topic_is_muted_and_followed_again(client_of, member, topic):
    client, url = client_of(member), reverse("topic-follow", args=[topic.group.slug, 1])

    client.post(url, {"mute": "1"})
    assert topic.follows.get().muted_at is not None
    client.post(url, {"mute": "0"})
    assert topic.follows.get().muted_at is None


def test_pages_cost_the_same_at_two_and_at_twenty(client_of, member, group, topic):

    client = client_of(member)
    urls = [reverse("topics", args=[group.slug]), topic.get_absolute_url()]

    def count() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            found.append(len(asked))
        return found

    def more(times: int) -> None:
        for _number in range(times):
            person = factories.member_of(factories.organization())
            factories.seat(group, person)
            actions.start_topic(actor=person, group=group, title="Another", source="x")
            actions.add_post(actor=person, topic=topic, source="y")

    more(2)
    at_two = count()
    more(18)

    assert count() == at_two
    assert max(at_two) <= 15
