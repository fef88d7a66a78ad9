from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "workinggroups.groups"
    label = "groups"
    verbose_name = "Groups"

    def ready(self) -> None:
        from common.access.viewer import set_builder
        from common.addresses.kinds import register_addresses
        from common.text import registry as stored_texts
        from members.people import doors
        from workinggroups.groups import queries
        from workinggroups.groups.choices import RESERVED_ADDRESSES
        from workinggroups.groups.content import GROUP
        from workinggroups.groups.models import Group, Seat
        from workinggroups.groups.notices import register_kinds
        from workinggroups.groups.room import count_in_tab
        from workinggroups.groups.texts import CharterText
        from workinggroups.groups.tracked_models import register_tracked_models
        from workinggroups.groups.viewer import build_viewer, build_viewers

        set_builder(build_viewer, build_viewers)
        register_addresses("group", Group.objects.visible_to, reserved=RESERVED_ADDRESSES)
        register_tracked_models()
        register_kinds()
        doors.let_in(queries.is_invited)
        count_in_tab("people", lambda: Seat.objects.filter(group=GROUP))
        count_in_tab("actions", queries.open_items)
        count_in_tab("own_actions", queries.own_items)
        count_in_tab("late_actions", queries.late_items)
        stored_texts.register(CharterText())
