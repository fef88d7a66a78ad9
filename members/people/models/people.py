"""The person: one account, however many organizations and addresses."""

from typing import Self

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.mail.spelling import spelled, spelled_domain
from common.names import SortedByName, name_contains, name_index


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> Self:
        """People who can sign in: neither suspended nor closed."""
        return self.filter(is_active=True)

    def matching(self, words: str) -> Self:
        """People whose name has all these words or parts, or whose e-mail address has `words`.

        All people if there are no words.
        """
        by_name = name_contains(words)
        if not by_name:
            return self.all()
        part = spelled(words) if "@" in words else spelled_domain(words)
        return self.filter(
            by_name | models.Q(email__icontains=words) | models.Q(email__icontains=part)
        )

    def called(self, words: str) -> Self:
        """People whose name has all these words or parts of words, in any order."""
        return self.filter(name_contains(words))

    def in_directory(self) -> Self:
        """People who chose to be listed in the directory."""
        return self.active().filter(in_directory=True)


class PersonManager(BaseUserManager["Person"]):
    """Finds people by address in any spelling (the database holds one)."""

    def with_address(self, address: str) -> "Person | None":
        """Return the person who has proved this address, else the one whose account names it.

        Always one query.
        """
        address = spelled(address)
        people = self.get_queryset().order_by()
        proved = people.filter(
            pk__in=EmailAddress.objects.filter(email=address, verified=True).values("user")
        )
        named = people.alias(lower=Lower("email")).filter(lower=address)
        candidates = proved.annotate(rank=models.Value(0)).union(
            named.annotate(rank=models.Value(1)), all=True
        )
        return next(iter(candidates.order_by("rank")[:1]), None)

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=spelled(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Person":
        person = self.model(email=spelled(email), **fields)
        person.set_password(password)
        person.save()
        return person


class Person(SortedByName, AbstractBaseUser):
    """A person with an account. Never deleted: closing the account erases personal data."""

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
            "Everyone in the alliance can then find you. Groups always show their members."
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

    objects = PersonManager.from_queryset(PersonQuerySet)()

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
