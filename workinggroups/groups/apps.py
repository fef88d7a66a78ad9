from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "workinggroups.groups"
    label = "groups"
    verbose_name = "Groups"

    def ready(self) -> None:
        from common.access.viewer import set_builder
        from workinggroups.groups.viewer import build_viewer

        set_builder(build_viewer)
