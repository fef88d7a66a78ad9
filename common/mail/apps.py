from django.apps import AppConfig
from django.core.checks import Tags, register


class MailConfig(AppConfig):
    name = "common.mail"
    label = "mail"
    verbose_name = "Mail"

    def ready(self) -> None:
        from common.mail.checks import check_contact

        register(check_contact, Tags.security, deploy=True)
