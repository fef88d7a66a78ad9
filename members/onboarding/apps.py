from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "members.onboarding"
    label = "onboarding"
    verbose_name = "Onboarding"

    def ready(self) -> None:
        from members.onboarding.notices import register_kinds
        from members.onboarding.queries import export_person
        from members.people import exports

        register_kinds()
        exports.register("onboarding", export_person)
