from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "workinggroups.decisions"
    label = "decisions"
    verbose_name = "Decisions"
