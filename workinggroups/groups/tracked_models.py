"""The models of this app whose formal acts are on record."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.record.registry import TrackedModel, register
from workinggroups.groups.choices import (
    ActionItemAct,
    AdmissionRequestAct,
    BreakGlassAct,
    CharterAct,
    GroupAct,
    GroupInvitationAct,
    MilestoneAct,
)
from workinggroups.groups.models import (
    ActionItem,
    AdmissionRequest,
    BreakGlass,
    CharterVersion,
    Group,
    GroupInvitation,
    Milestone,
)


def register_tracked_models() -> None:
    """Called from `apps.ready`."""
    register(
        TrackedModel(
            kind="group",
            model=Group,
            label=_("Group"),
            verbs=(GroupAct,),
            visible_to=Group.objects.visible_to,
        )
    )
    register(
        TrackedModel(
            kind="charter",
            model=CharterVersion,
            label=_("Charter"),
            verbs=(CharterAct,),
            visible_to=_charters,
        )
    )
    register(
        TrackedModel(
            kind="admission_request",
            model=AdmissionRequest,
            label=_("Request to join"),
            verbs=(AdmissionRequestAct,),
        )
    )
    register(
        TrackedModel(
            kind="group_invitation",
            model=GroupInvitation,
            label=_("Invitation into a group"),
            verbs=(GroupInvitationAct,),
        )
    )
    register(
        TrackedModel(kind="milestone", model=Milestone, label=_("Milestone"), verbs=(MilestoneAct,))
    )
    register(
        TrackedModel(
            kind="action_item",
            model=ActionItem,
            label=_("Action item"),
            verbs=(ActionItemAct,),
            visible_to=_action_items,
        )
    )
    register(
        TrackedModel(
            kind="break_glass",
            model=BreakGlass,
            label=_("Opening of a private group"),
            verbs=(BreakGlassAct,),
        )
    )


def _charters(viewer: Viewer) -> QuerySet[CharterVersion]:
    """Return the adopted charters of the groups whose profile the viewer sees."""
    groups = Group.objects.visible_to(viewer)
    return CharterVersion.objects.adopted().filter(group__in=groups).select_related("group")


def _action_items(viewer: Viewer) -> QuerySet[ActionItem]:
    return ActionItem.objects.visible_to(viewer).select_related("group")
