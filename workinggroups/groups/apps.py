from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "workinggroups.groups"

    def ready(self) -> None:
        from common.access.viewer import set_builder
        from common.addresses.kinds import register_addresses
        from common.text import registry as stored_texts
        from members.people import anonymous_mail
        from members.people import exports as own_data
        from workinggroups.groups import exports, queries
        from workinggroups.groups.actions.concluding import register_open_kinds
        from workinggroups.groups.choices import RESERVED_ADDRESSES
        from workinggroups.groups.models import Group
        from workinggroups.groups.notifications import register_notifications
        from workinggroups.groups.texts import CharterText, CommentEditText, CommentText
        from workinggroups.groups.tracked_models import register_tracked_models
        from workinggroups.groups.undo import register_light_acts
        from workinggroups.groups.viewer import build_viewer, build_viewers

        set_builder(build_viewer, build_viewers)
        register_addresses("group", Group.objects.visible_to, reserved=RESERVED_ADDRESSES)
        register_tracked_models()
        register_notifications()
        register_light_acts()
        register_open_kinds()
        anonymous_mail.except_invited(queries.is_invited)
        queries.count_in_tab("people", queries.seats_of)
        queries.count_in_tab("actions", queries.open_items)
        queries.count_in_tab("own_actions", queries.own_items)
        queries.count_in_tab("late_actions", queries.late_items)
        stored_texts.register(CharterText())
        stored_texts.register(CommentText())
        stored_texts.register(CommentEditText())
        own_data.register("action_items", exports.of_person)
        own_data.register("action_item_comments", exports.comments_of)
        own_data.register("voting", exports.voting_of)
