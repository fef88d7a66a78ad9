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
    CommentAct,
    GroupAct,
    GroupInvitationAct,
    MilestoneAct,
)
from workinggroups.groups.models import (
    ActionItem,
    ActionItemComment,
    AdmissionRequest,
    BreakGlass,
    CharterVersion,
    Group,
    GroupInvitation,
    Milestone,
)


def register_tracked_models() -> None:
    register(
        TrackedModel("group", Group, _("Group"), (GroupAct,), Group.objects.visible_to),
        TrackedModel("charter", CharterVersion, _("Charter"), (CharterAct,), _charters),
        TrackedModel(
            "admission_request", AdmissionRequest, _("Request to join"), (AdmissionRequestAct,)
        ),
        TrackedModel(
            "group_invitation", GroupInvitation, _("Invitation into a group"), (GroupInvitationAct,)
        ),
        TrackedModel("milestone", Milestone, _("Milestone"), (MilestoneAct,)),
        TrackedModel("action_item", ActionItem, _("Action item"), (ActionItemAct,), _action_items),
        TrackedModel(
            "action_item_comment",
            ActionItemComment,
            _("Comment on an action item"),
            (CommentAct,),
            _comments,
        ),
        TrackedModel("break_glass", BreakGlass, _("Opening of a private group"), (BreakGlassAct,)),
    )


def _charters(viewer: Viewer) -> QuerySet[CharterVersion]:
    groups = Group.objects.visible_to(viewer)
    return CharterVersion.objects.adopted().filter(group__in=groups).select_related("group")


def _action_items(viewer: Viewer) -> QuerySet[ActionItem]:
    return ActionItem.objects.visible_to(viewer).select_related("group")


def _comments(viewer: Viewer) -> QuerySet[ActionItemComment]:
    return ActionItemComment.objects.visible_to(viewer).select_related("item__group")
