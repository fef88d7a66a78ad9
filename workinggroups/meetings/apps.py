from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "workinggroups.meetings"
    label = "meetings"
    verbose_name = "Meetings"
