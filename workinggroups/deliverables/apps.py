from django.apps import AppConfig


class DeliverablesConfig(AppConfig):
    name = "workinggroups.deliverables"
    label = "deliverables"
    verbose_name = "Deliverables"
