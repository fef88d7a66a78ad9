"""What `manage.py check --deploy` says of the mail of a site."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

NO_CONTACT = Warning(
    "CONTACT_EMAIL is not set: mails and error pages name no address for questions.",
    hint="Set it to an address that somebody reads.",
    id="mail.W001",
)


def check_contact(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """People who are locked out find an address to write to."""
    return [] if settings.CONTACT_EMAIL else [NO_CONTACT]
