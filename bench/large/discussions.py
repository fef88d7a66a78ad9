"""What groups talk about: topics and posts, some closed, a few hidden or changed."""

from datetime import datetime, timedelta

from bench.large import texts
from bench.large.chronicle import Chronicle, Circle, Place
from common.access import Level
from common.text.markdown import plain_blocks
from common.text.rendered import html_fields
from workinggroups.discussion.actions import build_post, reply_entries, topic_entries
from workinggroups.discussion.choices import PostAct, TopicAct
from workinggroups.discussion.models import Follow, Post, PostEdit, Topic


def add(chronicle: Chronicle) -> None:
    pool = texts.posts(chronicle.dice)
    topics: list[Topic] = []
    posts: list[Post] = []
    edits: list[PostEdit] = []
    for number, circle in enumerate(chronicle.circles):
        for topic in _topics(chronicle, circle, _count(chronicle, number)):
            is_long = number == 0 and topic.number == 1
            count = chronicle.sizes.many_posts if is_long else chronicle.dice.randint(1, 7)
            own = _posts(chronicle, circle, topic, count, pool)
            topic.post_count, topic.last_post_at = len(own), own[-1].created_at
            edits += [_edited(chronicle, one, pool) for one in own if chronicle.happens(0.02)]
            topics.append(topic)
            posts += own
    chronicle.save(topics, 0.2)
    chronicle.save(posts, 0.8)
    chronicle.save(edits, 0.9)
    writing = dict.fromkeys((post.topic_id, post.author_id) for post in posts)
    chronicle.save(Follow(topic_id=topic, person_id=person) for topic, person in writing)
    _index(chronicle, posts)


def _count(chronicle: Chronicle, number: int) -> int:
    most = chronicle.sizes.topics
    return most if number < 2 else chronicle.dice.randint(0, max(most // 6, 2))


def _topics(chronicle: Chronicle, circle: Circle, count: int) -> list[Topic]:
    dice = chronicle.dice
    moments = sorted(chronicle.between(circle.began, circle.until) for _number in range(count))
    found: list[Topic] = []
    for number, at in enumerate(moments, 1):
        starter = _writer(chronicle, circle, at)
        topic = Topic(
            uuid=chronicle.uuid(at),
            group=circle.group,
            level=circle.group.content_level,
            number=number,
            title=f"{dice.choice(texts.MATTERS)}: {dice.choice(texts.HEADINGS).lower()}",
            starter=starter.person,
            created_at=at,
        )
        if starter.person == circle.chair and chronicle.happens(0.1):
            topic.level = Level.CHAIRS
        found.append(topic)
    return found


def _writer(chronicle: Chronicle, circle: Circle, at: datetime) -> Place:
    """Somebody who was there by then; the founder was from the beginning."""
    one = chronicle.dice.choice(circle.writers)
    return one if one.since <= at else circle.places[0]


def _posts(
    chronicle: Chronicle, circle: Circle, topic: Topic, count: int, pool: list[texts.Text]
) -> list[Post]:
    found: list[Post] = []
    at = topic.created_at
    for number in range(1, count + 1):
        if number > 1:
            at = chronicle.between(at, min(at + timedelta(days=6), circle.until))
        place = _writer(chronicle, circle, at)
        if topic.level == Level.CHAIRS:
            place = circle.places[0]
        elif number == 1:
            place = next(one for one in circle.places if one.person == topic.starter)
        text = chronicle.dice.choice(pool)
        post = build_post(
            uuid=chronicle.uuid(at),
            topic=topic,
            number=number,
            author=place.person,
            organization=place.organization,
            source=text.source,
            html=text.html,
            created_at=at,
        )
        facts = {"group": circle.group.uuid, "topic": topic.uuid}
        if number > 1 and chronicle.happens(0.005):
            post.hidden_at, post.hidden_by = chronicle.soon_after(at, 2), circle.chair
            post.hidden_reason = "It speaks of a person and not of the matter."
            chronicle.act(PostAct.HIDDEN, post, post.hidden_at, circle.chair, **facts)
        found.append(post)
    if chronicle.happens(0.05):
        topic.locked_at, topic.locked_by = chronicle.soon_after(at, 20), circle.chair
        chronicle.act(TopicAct.LOCKED, topic, topic.locked_at, circle.chair, **facts)
    return found


def _edited(chronicle: Chronicle, post: Post, pool: list[texts.Text]) -> PostEdit:
    before = chronicle.dice.choice(pool)
    post.edited_at = chronicle.soon_after(post.created_at, 0.5)
    post.version = 2
    return PostEdit(
        post=post,
        version=1,
        source=before.source,
        **html_fields(before.html),
        replaced_at=post.edited_at,
    )


def _index(chronicle: Chronicle, posts: list[Post]) -> None:
    """A topic with the words of its first post; replies under its title; hidden ones not."""
    words = {html: plain_blocks(html) for html in {post.html for post in posts}}
    for post in posts:
        if post.number == 1:
            chronicle.entries += topic_entries(post.topic, words[post.html])
        elif not post.is_hidden:
            chronicle.entries += reply_entries(post.topic, post, words[post.html])
