from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "members.onboarding"
    label = "onboarding"
    verbose_name = "Onboarding"

    def ready(self) -> None:
        from members.onboarding.notices import register_kinds

        register_kinds()
