"""Decisions as papers of agenda items."""

from common.access import Viewer
from workinggroups.decisions.models import Decision, DecisionQuerySet
from workinggroups.groups.models import Group
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.papers import Arguments, PaperKind, register


def _find(viewer: Viewer, group: Group, words: str) -> DecisionQuerySet:
    visible: DecisionQuerySet = Decision.objects.visible_to(viewer).select_related("group")
    if words:
        return visible.filter(title__icontains=words).latest_first()
    return visible.filter(group=group).latest_first()


def _at(arguments: Arguments) -> DecisionQuerySet:
    return Decision.objects.filter(group__slug=arguments["slug"], number=arguments["number"])


def _read_with(meeting: Meeting) -> DecisionQuerySet:
    readable = Decision.objects.filter(group=meeting.group_id, level__lte=meeting.level)
    return readable.select_related("group")


def register_papers() -> None:
    """Called from `apps.ready`."""
    register(PaperKind("decision", "decision", at=_at, read_with=_read_with, find=_find))
