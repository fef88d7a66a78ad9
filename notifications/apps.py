from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from common.mail.registry import register
        from notifications.mails import render_digest, render_notice

        register("notice", render_notice)
        register("digest", render_digest)
