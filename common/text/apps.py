from django.apps import AppConfig


class TextConfig(AppConfig):
    name = "common.text"
    label = "text"
    verbose_name = "Text"
