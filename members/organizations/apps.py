from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "members.organizations"
    label = "organizations"
    verbose_name = "Organizations"

    def ready(self) -> None:
        from members.organizations.notices import register_kinds
        from members.organizations.queries import export_person
        from members.people import exports

        register_kinds()
        exports.register("organizations", export_person)
