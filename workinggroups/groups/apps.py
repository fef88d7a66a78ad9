from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "workinggroups.groups"
    label = "groups"
    verbose_name = "Groups"
