"""The models of this app whose formal acts are recorded."""

from django.utils.translation import gettext_lazy as _

from common.record.registry import TrackedModel, register
from workinggroups.attachments.choices import FileAct
from workinggroups.meetings.choices import MeetingAct
from workinggroups.meetings.models import Meeting


def register_tracked_models() -> None:
    """Called from `apps.ready`."""
    register(
        TrackedModel(
            kind="meeting",
            model=Meeting,
            label=_("Meeting"),
            verbs=(MeetingAct, FileAct),
            visible_to=lambda viewer: Meeting.objects.visible_to(viewer).select_related("group"),
        )
    )
