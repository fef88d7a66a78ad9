from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "members.organizations"
    label = "organizations"
    verbose_name = "Organizations"

    def ready(self) -> None:
        from members.organizations.notices import register_kinds

        register_kinds()
