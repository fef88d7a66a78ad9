"""The models of this app whose formal acts are on record."""

from django.utils.translation import gettext_lazy as _

from catalogue.choices import OutsideEntryAct
from catalogue.models import ExternalWork
from common.record.registry import TrackedModel, register


def register_tracked_models() -> None:
    """Called from `apps.ready`."""
    register(
        TrackedModel(
            kind="outside_entry",
            model=ExternalWork,
            label=_("Entry from outside"),
            verbs=(OutsideEntryAct,),
        )
    )
