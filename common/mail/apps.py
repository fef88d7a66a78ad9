from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "common.mail"
    label = "mail"
    verbose_name = "Mail"
