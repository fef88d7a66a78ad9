from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "workinggroups.attachments"
    label = "attachments"
    verbose_name = "Attachments"
