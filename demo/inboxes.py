"""What people have read of what they were told, and how soon they want to hear."""

from datetime import timedelta
from functools import partial

from common.mail.choices import OPEN, State
from common.mail.models import Message
from demo.story import Story
from notifications.actions import choose, mark_all_read
from notifications.choices import Channel, NoticeState, Rhythm
from notifications.models import Notice
from workinggroups.groups.actions import remind_of_due_items

# Days since somebody last read everything; others read all on the day before.
LAST_READ = {"mira": 7, "tomas": 6, "ingrid": 7, "delia": 7, "abel": 6}


def plan(story: Story) -> None:
    story.at(story.ago(150), partial(_choose, story))
    story.at(story.ago(4), partial(_read, story))
    for key, days in LAST_READ.items():
        story.at(story.ago(days, None), partial(_read_one, story, key))
    # As the clock does each morning, so that it finds nothing left to say.
    story.at(story.now - timedelta(minutes=1), remind_of_due_items)


def _choose(story: Story) -> None:
    choose(actor=story.people["mira"], kind="post_added", rhythm=Rhythm.DIGEST)
    choose(
        actor=story.people["tomas"],
        kind="meeting_planned",
        rhythm=Rhythm.OFF,
        scope_uuid=story.groups["education"].uuid,
    )


def _read(story: Story) -> None:
    for key, person in story.people.items():
        if key not in LAST_READ:
            mark_all_read(actor=person)


def _read_one(story: Story, key: str) -> None:
    mark_all_read(actor=story.people[key])


def keep_mail_back() -> None:
    """No mail is sent of what happened in the demo: whatever waits counts as handled."""
    mails = Notice.objects.filter(channel=Channel.MAIL, state=NoticeState.WAITING)
    mails.update(state=NoticeState.DONE)
    Message.objects.filter(state__in=OPEN).update(state=State.DROPPED)
