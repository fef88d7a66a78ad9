"""The models of this app whose formal acts are on record."""

from django.utils.translation import gettext_lazy as _

from common.record.registry import TrackedModel, register
from members.people.choices import PersonAct, TokenAct
from members.people.models import ApiToken, Person


def register_tracked_models() -> None:
    """Called from `apps.ready`."""
    register(TrackedModel(kind="person", model=Person, label=_("Person"), verbs=(PersonAct,)))
    register(TrackedModel(kind="token", model=ApiToken, label=_("Token"), verbs=(TokenAct,)))
