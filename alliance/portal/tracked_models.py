"""The models of this app whose formal acts are on record."""

from django.utils.translation import gettext_lazy as _

from alliance.portal.choices import MailAct, SiteTextAct
from alliance.portal.models import SiteText
from common.mail.models import Delivery
from common.record.registry import TrackedModel, register


def register_tracked_models() -> None:
    """Add them to the registry. Called from `apps.ready`."""
    register(
        TrackedModel("site_text", SiteText, _("Site page"), (SiteTextAct,)),
        TrackedModel("mail", Delivery, _("Mail held after a restore"), (MailAct,)),
    )
