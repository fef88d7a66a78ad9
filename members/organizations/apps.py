from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "members.organizations"

    def ready(self) -> None:
        from common.addresses.kinds import register_addresses
        from members.organizations.choices import RESERVED_ADDRESSES
        from members.organizations.models import Organization
        from members.organizations.notifications import register_notifications
        from members.organizations.queries import export_person
        from members.organizations.tracked_models import register_tracked_models
        from members.people import exports

        register_addresses(
            "organization", Organization.objects.visible_to, reserved=RESERVED_ADDRESSES
        )
        register_tracked_models()
        register_notifications()
        exports.register("organizations", export_person)
