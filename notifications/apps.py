from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from common.mail.registry import register
        from notifications.mails import render_digest, render_notice, render_notices

        register("notice", render_notice, render_many=render_notices)
        register("digest", render_digest)
