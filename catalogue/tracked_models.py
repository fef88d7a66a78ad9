"""The models of this app whose formal acts are on record."""

from django.utils.translation import gettext_lazy as _

from catalogue.choices import ExternalWorkAct
from catalogue.models import ExternalWork
from common.record.registry import TrackedModel, register


def register_tracked_models() -> None:
    """Register the models; `apps.ready` calls this."""
    register(
        TrackedModel(
            kind="outside_entry",
            model=ExternalWork,
            label=_("External work"),
            verbs=(ExternalWorkAct,),
        )
    )
