from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "members.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        # Not at the top: models can be imported only once all apps are there.
        from django.contrib.auth.signals import user_logged_in

        from members.people import actions, exports, mails
        from members.people.models import Person
        from members.people.sign_in import begin_session

        def account(person: Person) -> dict[str, object]:
            return actions.export_person(person=person)

        mails.register_mails()
        exports.register("account", account)
        # The one signal we listen to: every door to a sign-in, also allauth's and the tests',
        # must start the same clocks.
        user_logged_in.connect(begin_session, dispatch_uid="people.begin_session")
