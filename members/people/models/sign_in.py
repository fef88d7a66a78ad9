"""How people sign in: their sessions, their API tokens, and resets of lost second factors."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from common.identifiers import new_uuid
from members.people.choices import TOKEN_LONGEST, Scope
from members.people.models.people import Person


class Session(AbstractBaseSession):
    """A session of one browser; `person` is signed in, or null for a visitor.

    Written by `members.people.sessions` alone. Deleting a person's rows signs the person out.
    """

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Return the store of the engine in SESSION_ENGINE."""
        store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return store


class ApiToken(AbstractAuthToken):
    """A person's token for the API. Only its digest is stored; the secret is shown once."""

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
                # A day of grace, since another clock than the database's computed it.
                condition=Q(expiry__lte=F("created") + TOKEN_LONGEST + timedelta(days=1)),
                name="token_expires_within_a_year",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SecondFactorReset(models.Model):
    """Staff removed, or ask to remove, every second factor of a person who has lost theirs.

    A reset is open until it is carried out or withdrawn. For a person who is staff, a second staff
    member has to agree (`members/people/factor_resets.py`).
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
