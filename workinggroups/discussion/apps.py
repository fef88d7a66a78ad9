from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "workinggroups.discussion"

    def ready(self) -> None:
        from common.search import granted
        from common.text import preview
        from common.text import registry as stored_texts
        from members.people import exports as own_data
        from workinggroups.attachments import places
        from workinggroups.discussion import attachments, exports, notifications, search
        from workinggroups.discussion.texts import PostEditText, PostText
        from workinggroups.discussion.tracked_models import register_tracked_models
        from workinggroups.discussion.undo import register_light_acts

        register_tracked_models()
        register_light_acts()
        notifications.register_notifications()
        places.register(attachments.TOPIC, attachments.find_topic)
        preview.register_pictures(["topic", "post-edit"], attachments.pictures_at)
        own_data.register("posts", exports.of_person)
        granted.register("topic", search.granted_topics)
        granted.register("post", search.granted_posts)
        stored_texts.register(PostText())
        stored_texts.register(PostEditText())
