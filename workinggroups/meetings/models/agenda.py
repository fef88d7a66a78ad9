"""The agenda of a meeting."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.meetings.choices import Goal
from workinggroups.meetings.models.meetings import Meeting


class AgendaItem(models.Model):
    """One item of the agenda, with its place and its length in minutes."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=160)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    goal = models.CharField(_("goal"), max_length=16, choices=Goal.choices, default=Goal.DISCUSS)
    presenter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("presenter")
    )
    text = models.TextField(_("what it is about"), blank=True, max_length=2000)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="agenda_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def goal_label(self) -> str:
        """Return the goal in words. (Django's own method builds a table of all goals each time.)"""
        return str(Goal(self.goal).label)
