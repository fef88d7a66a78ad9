from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "members.organizations"
    label = "organizations"
    verbose_name = "Organizations"
