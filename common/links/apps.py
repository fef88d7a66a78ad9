from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "common.links"
    label = "links"
    verbose_name = "Links"
