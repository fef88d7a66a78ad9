from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "workinggroups.discussion"
    label = "discussion"
    verbose_name = "Discussion"
