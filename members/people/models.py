"""The person: one account, however many organizations and addresses."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from common.identifiers import new_uuid
from common.names import SortedByName, name_index
from members.people.choices import TOKEN_LONGEST, Scope
from members.people.querysets import PersonManager


class Person(SortedByName, AbstractBaseUser):
    """Somebody who can sign in. Never deleted: closing an account erases what is personal."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(
        _("name"), max_length=120, help_text=_("As it should appear, in any script.")
    )
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    locale = models.CharField(_("language"), max_length=16, default="en")
    in_directory = models.BooleanField(
        _("listed in the directory"),
        default=False,
        help_text=_(
            "Everybody in the alliance can then find you. Groups always show their members."
        ),
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = PersonManager()

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_unique")]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="person_sort"),
            name_index("person_names"),
        ]

    def __str__(self) -> str:
        return self.name or self.email.partition("@")[0]

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.uuid])


class Session(AbstractBaseSession):
    """A visit of one browser. `person` is who is signed in by it, null for a visitor.

    Written by `members.people.sessions` alone. Deleting a person's rows signs them out.
    """

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> Any:
        from members.people.sessions import SessionStore

        return SessionStore


class SecondFactorReset(models.Model):
    """Staff removed, or ask to remove, every second factor of a person who has lost theirs.

    It is open until it is carried out or withdrawn. Where the person is staff, a second member of
    staff agrees first.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="second_factor_resets")
    reason = models.TextField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
                name="second_factor_reset_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("person")) & ~Q(agreed_by=F("person")),
                name="second_factor_reset_by_another",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("asked_by")),
                name="second_factor_reset_agreed_by_a_second",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="second_factor_reset_done_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.asked_at:%Y-%m-%d}"


class ApiToken(AbstractAuthToken):  # type: ignore[misc]
    """A person's key for programs. Only its digest is stored: the secret is shown once."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    user = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    expiry = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                # A day of grace, since the database's clock is not the one that computed it.
                condition=Q(expiry__lte=F("created") + TOKEN_LONGEST + timedelta(days=1)),
                name="token_expires_within_a_year",
            )
        ]

    def __str__(self) -> str:
        return self.name
