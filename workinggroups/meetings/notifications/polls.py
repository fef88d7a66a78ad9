"""Notifications about polls for a time."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.ui.date_format import day_words
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import SharedNotification
from notifications.types import NotificationContent
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import chairs_of, members_of, members_reading
from workinggroups.meetings.answers import poll_path
from workinggroups.meetings.models import OptionAnswer, TimePoll


@dataclass(frozen=True, kw_only=True)
class PollNotification(SharedNotification[TimePoll]):
    """About a poll for a time, named by its uuid."""

    category = Category.MEETINGS
    target_field, target_lookup = "poll", "uuid"
    title: ClassVar[Promise]

    group: int
    poll: str

    def recipients(self) -> QuerySet[Person]:
        return members_reading(self._poll())

    @classmethod
    def rows(cls) -> QuerySet[TimePoll]:
        counted = {"option_count": Count("options")}
        polls: QuerySet[TimePoll] = TimePoll.objects.select_related("group")
        return polls.annotate(**counted)

    def shared_content(self, poll: TimePoll, zone: str) -> NotificationContent:
        return content_in(
            poll.group,
            title=str(self.title) % {"title": poll.title},
            url=poll.get_absolute_url(),
            detail=self.detail(poll),
            thread_key=f"time_poll:{poll.uuid}",
            subject=poll.title,
            question=self.question(poll),
        )

    def detail(self, poll: TimePoll) -> str:
        """Return how many times are proposed, and until when answers are asked for."""
        return ngettext(
            "%(count)d time is proposed. Please answer by %(day)s.",
            "%(count)d times are proposed. Please answer by %(day)s.",
            poll.option_count,
        ) % {"count": poll.option_count, "day": day_words(poll.answers_due_on, weekday=True)}

    def question(self, poll: TimePoll) -> str:
        """Return what the reader is asked, if anything."""
        return ""

    def _poll(self) -> TimePoll | None:
        return TimePoll.objects.filter(uuid=self.poll).first()

    def _answered(self) -> QuerySet[OptionAnswer]:
        return OptionAnswer.objects.filter(option__poll__uuid=self.poll)


class AskingPollNotification(PollNotification):
    """Asks the reader when they can meet, as long as the poll is open."""

    def recipients(self) -> QuerySet[Person]:
        poll = self._poll()
        return members_reading(poll if poll and poll.is_open else None)

    def question(self, poll: TimePoll) -> str:
        return _("Say when you can meet") if poll.is_open else ""

    def answer_path(self, person: Person) -> str:
        return poll_path(self.poll, person)


class PollOpened(AskingPollNotification):
    name = "time_poll_opened"
    label = gettext_lazy("Poll for a time")
    title = gettext_lazy("When can you meet? %(title)s")


class PollDue(AskingPollNotification):
    """For those who have given no answer when the notification is sent."""

    name = "time_poll_due"
    label = gettext_lazy("Reminder to answer a poll for a time")
    title = gettext_lazy("Your answer is missing: %(title)s")

    def recipients(self) -> QuerySet[Person]:
        return super().recipients().exclude(pk__in=self._answered().values("person"))


class PollOver(PollNotification):
    """For the chairs and who opened the poll, as long as no time is chosen."""

    name = "time_poll_over"
    label = gettext_lazy("A poll for a time waits for your choice")
    title = gettext_lazy("Choose a time: %(title)s")

    def recipients(self) -> QuerySet[Person]:
        poll = self._poll()
        if poll is None or not poll.is_open:
            return Person.objects.active().none()
        opener = members_of(self.group).filter(pk=poll.created_by_id)
        return Person.objects.active().filter(
            pk__in=chairs_of(self.group).values("pk").union(opener.values("pk"))
        )

    def detail(self, poll: TimePoll) -> str:
        return _("The last day to answer was %(day)s. Choose a time, or ask for longer.") % {
            "day": day_words(poll.answers_due_on, weekday=True)
        }


class PollCancelled(PollNotification):
    """For those who answered."""

    name = "time_poll_cancelled"
    label = gettext_lazy("Poll for a time cancelled")
    title = gettext_lazy("No longer asked: %(title)s")

    def recipients(self) -> QuerySet[Person]:
        return super().recipients().filter(pk__in=self._answered().values("person"))

    def detail(self, poll: TimePoll) -> str:
        return poll.cancelled_reason
