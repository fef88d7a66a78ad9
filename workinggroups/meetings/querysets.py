from django.db.models.functions import Now

from workinggroups.groups.content import GroupContentQuerySet
from workinggroups.meetings.choices import MeetingState


class MeetingQuerySet(GroupContentQuerySet):
    def upcoming(self) -> "MeetingQuerySet":
        """Planned and not yet over, the next first."""
        return self.filter(state=MeetingState.PLANNED, ends_at__gt=Now()).order_by("starts_at")

    def past(self) -> "MeetingQuerySet":
        """Over or held, the latest first. Cancelled ones stay in the list."""
        return self.filter(ends_at__lte=Now()).order_by("-starts_at", "-pk")
