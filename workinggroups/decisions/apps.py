from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "workinggroups.decisions"
    label = "decisions"
    verbose_name = "Decisions"

    def ready(self) -> None:
        from workinggroups.decisions.notices import register_kinds

        register_kinds()
