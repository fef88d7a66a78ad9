"""Tokens with which programs use the API for a person."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from common.identifiers import new_uuid
from members.people.choices import TOKEN_LONGEST, Scope
from members.people.models.people import Person


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
