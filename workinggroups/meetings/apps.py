from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "workinggroups.meetings"
    label = "meetings"
    verbose_name = "Meetings"

    def ready(self) -> None:
        from common.text import preview
        from members.people import exports as own_data
        from workinggroups.meetings import exports, notices
        from workinggroups.meetings.rendering import notes_html

        notices.register_all()
        preview.register_kind(preview.NOTES, notes_html)
        own_data.register("meetings", exports.of_person)
