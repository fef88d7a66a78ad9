"""What the groups write to each other between meetings."""

from datetime import timedelta
from functools import partial

from common.access import Level
from demo.groups import chair_of
from demo.scenario import Scenario
from demo.tables import Thread, rows, threads
from workinggroups.discussion import actions
from workinggroups.discussion.models import Topic

# Days since the latest topic of a group began, and between topics.
LATEST = 5
BETWEEN = 19


def plan(scenario: Scenario) -> None:
    for offset, row in enumerate(rows("groups")):
        for number, thread in enumerate(threads(row["key"])):
            began = scenario.ago(LATEST + offset % 4 + BETWEEN * number)
            scenario.at(began, partial(_start, scenario, row["key"], thread))
    scenario.at(scenario.ago(15), partial(_start_topic_of_chairs, scenario))
    scenario.at(scenario.ago(9), partial(_advertise, scenario))


def _start(scenario: Scenario, group: str, thread: Thread) -> None:
    (starter, source), *replies = thread.posts
    topic = actions.start_topic(
        actor=scenario.people[starter],
        group=scenario.groups[group],
        title=thread.title,
        source=source,
    )
    for number, (who, reply) in enumerate(replies, start=1):
        later = topic.created_at + timedelta(hours=9 * number + 1)
        scenario.at(later, partial(_reply, scenario, topic, who, reply))
    if thread.title.startswith("Reading list"):
        last = topic.created_at + timedelta(days=3)
        chair = scenario.people[chair_of(group)]
        scenario.at(last, partial(actions.lock_topic, actor=chair, topic=topic))


def _reply(scenario: Scenario, topic: Topic, who: str, text: str) -> None:
    """Add a post; two people make a typing error and correct it a little later."""
    author = scenario.people[who]
    has_typo = who in {"eitan", "zoe"}
    source = text.replace("the", "teh", 1) if has_typo else text
    post = actions.add_post(actor=author, topic=topic, source=source)
    if has_typo:
        correct = partial(
            actions.edit_post, actor=author, post=post, version=post.version, source=text
        )
        scenario.at(post.created_at + timedelta(minutes=20), correct)


def _start_topic_of_chairs(scenario: Scenario) -> None:
    topic = actions.start_topic(
        actor=scenario.people["mira"],
        group=scenario.groups["evaluations"],
        title="Who takes the call in the last week of the month",
        source="I am on a train. Joost, could you? The agenda is short.",
        level=Level.CHAIRS,
    )
    reply = partial(_reply, scenario, topic, "joost", "Gladly. I have the keys to the notes.")
    scenario.at(topic.created_at + timedelta(hours=3), reply)


def _advertise(scenario: Scenario) -> None:
    """Add a post that the chair hides, with the reason in its place."""
    topic = Topic.objects.filter(group=scenario.groups["agents"]).latest("created_at")
    post = actions.add_post(
        actor=scenario.people["rohan"],
        topic=topic,
        source="Our new product does all of this. Use the code ALLIANCE for a month without cost!",
    )
    hide = partial(
        actions.hide_post,
        actor=scenario.people[chair_of("agents")],
        post=post,
        reason="An advertisement. The facts in it are welcome without the code.",
    )
    scenario.at(post.created_at + timedelta(hours=5), hide)
