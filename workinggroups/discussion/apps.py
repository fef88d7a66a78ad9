from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "workinggroups.discussion"
    label = "discussion"
    verbose_name = "Discussion"

    def ready(self) -> None:
        from workinggroups.discussion import notices

        notices.register_all()
