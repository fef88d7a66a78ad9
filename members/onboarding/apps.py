from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "members.onboarding"

    def ready(self) -> None:
        from common.text import registry as stored_texts
        from members.onboarding.mails import register_mails
        from members.onboarding.notifications import register_notifications
        from members.onboarding.queries import export_person
        from members.onboarding.texts import AgreementText
        from members.onboarding.tracked_models import register_tracked_models
        from members.people import exports

        register_tracked_models()
        register_notifications()
        register_mails()
        exports.register("onboarding", export_person)
        stored_texts.register(AgreementText())
