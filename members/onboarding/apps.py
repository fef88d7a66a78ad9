from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "members.onboarding"
    label = "onboarding"
    verbose_name = "Onboarding"
