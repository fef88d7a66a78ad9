from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "common.drafts"
    label = "drafts"
    verbose_name = "Drafts"
