from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

NO_CONTACT = Warning(
    "CONTACT_EMAIL is not set: mails and error pages show no contact address.",
    hint="Set it to an address whose mail someone reads.",
    id="mail.W001",
)


class MailConfig(AppConfig):
    name = "common.mail"


@register(Tags.security, deploy=True)
def check_contact(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Warn when people who cannot sign in find no address to write to."""
    return [] if settings.CONTACT_EMAIL else [NO_CONTACT]
