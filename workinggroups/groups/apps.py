from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "workinggroups.groups"
    label = "groups"
    verbose_name = "Groups"

    def ready(self) -> None:
        from common.access.viewer import set_builder
        from workinggroups.groups.models import Seat
        from workinggroups.groups.room import count_in_tab
        from workinggroups.groups.viewer import build_viewer

        set_builder(build_viewer)
        count_in_tab("people", lambda viewer, group: Seat.objects.filter(group=group))
