"""The models of this app whose formal acts are recorded."""

from django.utils.translation import gettext_lazy as _

from common.record.registry import TrackedModel, register
from workinggroups.attachments.choices import FileAct
from workinggroups.decisions.choices import BallotAct, DecisionAct
from workinggroups.decisions.models import Ballot, Decision


def register_tracked_models() -> None:
    """Called from `apps.ready`."""
    register(
        TrackedModel(
            kind="decision",
            model=Decision,
            label=_("Decision"),
            verbs=(DecisionAct, FileAct),
            visible_to=lambda viewer: Decision.objects.visible_to(viewer).select_related("group"),
        )
    )
    register(
        TrackedModel(
            kind="ballot",
            model=Ballot,
            label=_("Ballot"),
            verbs=(BallotAct,),
            visible_to=lambda viewer: Ballot.objects.visible_to(viewer).select_related("group"),
        )
    )
