from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "members.people"
    label = "people"
    verbose_name = "People"
