from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    name = "common.vocabulary"
    label = "vocabulary"
    verbose_name = "Vocabulary"
