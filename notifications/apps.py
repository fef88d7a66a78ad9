from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from common.mail.registry import register
        from notifications.mails import render_digest, render_notification, render_notifications
        from notifications.undo import register_light_acts

        register_light_acts()
        register("notice", render_notification, render_many=render_notifications)
        register("digest", render_digest)
