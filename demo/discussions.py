"""What the groups write to each other between meetings."""

from datetime import timedelta
from functools import partial

from common.access import Level
from demo.groups import chair_of
from demo.story import Story
from demo.tables import Thread, rows, threads
from workinggroups.discussion import actions
from workinggroups.discussion.models import Topic

# Days since the latest topic of a group began, and between topics.
LATEST = 5
BETWEEN = 19


def plan(story: Story) -> None:
    for offset, row in enumerate(rows("groups")):
        for number, thread in enumerate(threads(row["key"])):
            began = story.ago(LATEST + offset % 4 + BETWEEN * number)
            story.at(began, partial(_start, story, row["key"], thread))
    story.at(story.ago(15), partial(_among_chairs, story))
    story.at(story.ago(9), partial(_advertise, story))


def _start(story: Story, group: str, thread: Thread) -> None:
    (starter, said), *replies = thread.posts
    topic = actions.start_topic(
        actor=story.people[starter], group=story.groups[group], title=thread.title, source=said
    )
    for number, (who, reply) in enumerate(replies, start=1):
        later = topic.created_at + timedelta(hours=9 * number + 1)
        story.at(later, partial(_reply, story, topic, who, reply))
    if thread.title.startswith("Reading list"):
        last = topic.created_at + timedelta(days=3)
        chair = story.people[chair_of(group)]
        story.at(last, partial(actions.lock_topic, actor=chair, topic=topic))


def _reply(story: Story, topic: Topic, who: str, said: str) -> None:
    """Some are in haste and mend their words a little later."""
    author = story.people[who]
    hasty = who in {"eitan", "zoe"}
    written = said.replace("the", "teh", 1) if hasty else said
    post = actions.add_post(actor=author, topic=topic, source=written)
    if hasty:
        mend = partial(
            actions.edit_post, actor=author, post=post, version=post.version, source=said
        )
        story.at(post.created_at + timedelta(minutes=20), mend)


def _among_chairs(story: Story) -> None:
    topic = actions.start_topic(
        actor=story.people["mira"],
        group=story.groups["evaluations"],
        title="Who takes the call in the last week of the month",
        source="I am on a train. Joost, could you? The agenda is short.",
        level=Level.CHAIRS,
    )
    reply = partial(_reply, story, topic, "joost", "Gladly. I have the keys to the notes.")
    story.at(topic.created_at + timedelta(hours=3), reply)


def _advertise(story: Story) -> None:
    """A post that the chair hides, with the reason in its place."""
    topic = Topic.objects.filter(group=story.groups["agents"]).latest("created_at")
    post = actions.add_post(
        actor=story.people["rohan"],
        topic=topic,
        source="Our new product does all of this. Use the code ALLIANCE for a month without cost!",
    )
    hide = partial(
        actions.hide_post,
        actor=story.people[chair_of("agents")],
        post=post,
        reason="An advertisement. The facts in it are welcome without the code.",
    )
    story.at(post.created_at + timedelta(hours=5), hide)
