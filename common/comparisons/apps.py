from django.apps import AppConfig


class ComparisonsConfig(AppConfig):
    name = "common.comparisons"
    label = "comparisons"
    verbose_name = "Comparisons"
