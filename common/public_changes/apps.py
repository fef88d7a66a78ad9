from django.apps import AppConfig


class PublicChangesConfig(AppConfig):
    name = "common.public_changes"
    label = "public_changes"
    verbose_name = "Public changes"
