"""`manage.py create_admin EMAIL`: the first administrator of an installation."""

from argparse import ArgumentParser
from typing import Any

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
    help = "Makes this person an administrator, with a new account if there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="Name for a new account.")

    def handle(self, *args: Any, **options: Any) -> None:
        email = spelled(options["email"])
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None
        # A real administrator is no part of the demo: a database made here begins without it.
        prepare_database(self.stdout.write, demo=False)
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            name = options["name"] or email.partition("@")[0]
            person = actions.create_person(actor=None, email=email, name=name, email_confirmed=True)
        actions.make_staff(person=person)
        address = settings.SITE_URL + reverse("account_request_login_code")
        self.stdout.write(f"{email} is an administrator. Sign in by a mailed code: {address}")
        if settings.DEVELOPMENT:
            self.stdout.write(f"The mail comes to {settings.SITE_URL}{reverse('mailbox')}")
