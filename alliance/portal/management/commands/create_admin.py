"""`manage.py create_admin EMAIL`: create the first administrator of an installation."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from alliance.server.prepare import prepare_database
from common.mail.spelling import spelled
from members.people import actions
from members.people.models import Person


class Command(BaseCommand):
    help = "Make this person an administrator; create the account if there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="Name for a new account.")

    def handle(self, *args: object, email: str, name: str, **options: object) -> None:
        email = spelled(email)
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None
        # A database made for a real administrator begins without the demo.
        prepare_database(self.stdout.write, demo=False)
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            person = actions.create_person(
                actor=None,
                email=email,
                name=name or email.partition("@")[0],
                email_confirmed=True,
            )
        actions.make_staff(person=person)
        address = settings.SITE_URL + reverse("account_request_login_code")
        self.stdout.write(f"{email} is an administrator. Sign in with an e-mailed code: {address}")
        if settings.DEVELOPMENT:
            self.stdout.write(f"Read the e-mail at {settings.SITE_URL}{reverse('mailbox')}")
