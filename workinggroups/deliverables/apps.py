from django.apps import AppConfig


class DeliverablesConfig(AppConfig):
    name = "workinggroups.deliverables"
    label = "deliverables"
    verbose_name = "Deliverables"

    def ready(self) -> None:
        from workinggroups.decisions import subjects
        from workinggroups.deliverables.naming import describe_revision
        from workinggroups.deliverables.notices import register_kinds

        register_kinds()
        subjects.register("revision", describe_revision)
