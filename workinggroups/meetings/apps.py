from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "workinggroups.meetings"
    label = "meetings"
    verbose_name = "Meetings"

    def ready(self) -> None:
        from workinggroups.meetings import notices

        notices.register_all()
