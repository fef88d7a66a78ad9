from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "alliance.portal"
    label = "desk"

    def ready(self) -> None:
        from alliance.portal.notifications import register_notifications
        from alliance.portal.texts import PageText
        from alliance.portal.tracked_models import register_tracked_models
        from common.access import ANONYMOUS
        from common.text import registry as stored_texts
        from members.onboarding.registry import offer_interests
        from workinggroups.groups.models import Group

        def public_groups() -> list[tuple[str, str]]:
            groups = Group.objects.visible_to(ANONYMOUS).running().order_by("sort_name", "pk")
            return list(groups.values_list("slug", "name"))

        register_tracked_models()
        register_notifications()
        offer_interests(public_groups)
        stored_texts.register(PageText())
