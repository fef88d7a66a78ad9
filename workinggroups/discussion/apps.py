from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "workinggroups.discussion"
    label = "discussion"
    verbose_name = "Discussion"

    def ready(self) -> None:
        from members.people import exports as own_data
        from workinggroups.discussion import attachments, exports, notices

        notices.register_all()
        attachments.register_places()
        own_data.register("posts", exports.of_person)
