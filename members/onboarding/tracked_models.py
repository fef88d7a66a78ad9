"""The models of this app whose formal acts are on record."""

from django.utils.translation import gettext_lazy as _

from common.record.registry import TrackedModel, register
from members.onboarding.choices import AgreementAct, ApplicationAct, InvitationAct
from members.onboarding.models import AgreementVersion, Application, Invitation


def register_tracked_models() -> None:
    """Called from `apps.ready`."""
    register(
        TrackedModel("application", Application, _("Application"), (ApplicationAct,)),
        TrackedModel("agreement", AgreementVersion, _("Agreement"), (AgreementAct,)),
        TrackedModel("invitation", Invitation, _("Invitation"), (InvitationAct,)),
    )
