from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "common.record"
    label = "record"
    verbose_name = "Record"
