"""The agenda of a meeting, and the template from which those of a series begin."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.people.models import Person
from workinggroups.groups.choices import OfficeKind
from workinggroups.meetings.choices import (
    AGENDA_TEXT_MAX_CHARACTERS,
    AGENDA_TITLE_MAX_CHARACTERS,
    CarriedKind,
    Goal,
)
from workinggroups.meetings.models.meetings import Meeting
from workinggroups.meetings.models.series import MeetingSeries


class AgendaPoint(RenderedText):
    """Abstract: what an item of an agenda says. `source` is Markdown, in a column named `text`."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=AGENDA_TITLE_MAX_CHARACTERS)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    goal = models.CharField(_("goal"), max_length=16, choices=Goal.choices, default=Goal.DISCUSS)
    source = models.TextField(
        _("what it is about"), blank=True, max_length=AGENDA_TEXT_MAX_CHARACTERS, db_column="text"
    )
    html = models.TextField(blank=True, default="", db_default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def goal_label(self) -> str:
        """Return the goal in words. (Django's own method builds a table of all goals each time.)"""
        return str(Goal(self.goal).label)


class AgendaItem(AgendaPoint):
    """One item of the agenda, with its place and its length in minutes."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    presenter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("presenter")
    )
    # Who proposed it, where an officer accepted a proposal.
    proposed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # In the meeting: when the item was last begun and ended, and the seconds it took before that.
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    spent_seconds = models.PositiveIntegerField(default=0)
    # It comes again with the template of the series, so nobody has to carry it over.
    is_from_template = models.BooleanField(default=False, db_default=False)
    # What it was carried over from, so that nothing is carried over twice.
    carried_kind = models.CharField(
        max_length=16, choices=CarriedKind.choices, blank=True, default="", db_default=""
    )
    carried_uuid = models.UUIDField(null=True, blank=True)

    # Set for the API.
    shown_papers: Sequence[object] = ()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "carried_kind", "carried_uuid"],
                condition=Q(carried_uuid__isnull=False),
                name="agenda_carried_over_once",
            ),
            models.CheckConstraint(
                condition=Q(carried_kind="", carried_uuid__isnull=True)
                | ~Q(carried_kind="") & Q(carried_uuid__isnull=False),
                name="agenda_carried_from_something",
            ),
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="agenda_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(begun_at__isnull=False, ended_at__isnull=True),
                name="agenda_one_item_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("begun_at")),
                name="agenda_item_ends_after_it_began",
            ),
        ]

    def get_absolute_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#item-{self.uuid}"

    @property
    def is_running(self) -> bool:
        return self.begun_at is not None and self.ended_at is None

    @property
    def is_finished(self) -> bool:
        return self.ended_at is not None


class TemplateItem(AgendaPoint):
    """An item with which each agenda of a series begins; the holder of an office presents it."""

    series = models.ForeignKey(MeetingSeries, models.PROTECT, related_name="template")
    office = models.CharField(
        _("presenter"), max_length=16, choices=OfficeKind.choices, blank=True, default=""
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "position"],
                name="template_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("agenda-template", args=[self.series.group.slug, self.series.uuid])

    @property
    def office_label(self) -> str:
        return str(OfficeKind(self.office).label) if self.office else ""
