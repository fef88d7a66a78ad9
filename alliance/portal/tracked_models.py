"""The models of this app whose formal acts are on record."""

from django.utils.translation import gettext_lazy as _

from alliance.portal.choices import MailAct, SiteTextAct
from alliance.portal.models import SiteText
from common.mail.models import Delivery
from common.record.registry import TrackedModel, register


def register_tracked_models() -> None:
    """Add them to the registry. Called from `apps.ready`."""
    register(
        TrackedModel(kind="site_text", model=SiteText, label=_("Site page"), verbs=(SiteTextAct,))
    )
    register(
        TrackedModel(
            kind="mail", model=Delivery, label=_("Mail held after a restore"), verbs=(MailAct,)
        )
    )
