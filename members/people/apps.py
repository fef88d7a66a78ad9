from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "members.people"

    def ready(self) -> None:
        # Not at the top: models can be imported only once all apps are there.
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in

        from common.drafts.queries import export_drafts
        from members.people import exports, mails
        from members.people.known_browsers import remember
        from members.people.models import Person
        from members.people.queries import export_person
        from members.people.sign_in import begin_session, end_other_sessions
        from members.people.tracked_models import register_tracked_models

        def drafts(person: Person) -> list[dict[str, object]]:
            return export_drafts(person.uuid)

        register_tracked_models()
        mails.register_mails()
        exports.register("account", export_person)
        exports.register("drafts", drafts)
        # Signals, since allauth has several ways to sign in: each has to start the session's limits
        # and remember the browser, and a new second factor ends the sign-ins made without it.
        user_logged_in.connect(begin_session, dispatch_uid="people.begin_session")
        user_logged_in.connect(remember, dispatch_uid="people.remember_browser")
        authenticator_added.connect(end_other_sessions, dispatch_uid="people.end_other_sessions")
