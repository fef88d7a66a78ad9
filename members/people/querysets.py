from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from common.mail.spelling import spelled, spelled_domain
from common.names import name_contains

if TYPE_CHECKING:
    from members.people.models import Person


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> "PersonQuerySet":
        """People who can sign in: neither suspended nor closed."""
        return self.filter(is_active=True)

    def matching(self, words: str) -> "PersonQuerySet":
        """People whose name has all these words or parts, or whose mail address has `words`.

        Everybody for no words.
        """
        asked = name_contains(words)
        if not asked:
            return self.all()
        part = spelled(words) if "@" in words else spelled_domain(words)
        return self.filter(
            asked | models.Q(email__icontains=words) | models.Q(email__icontains=part)
        )

    def called(self, words: str) -> "PersonQuerySet":
        """People whose name has all these words or parts of words, in any order."""
        return self.filter(name_contains(words))

    def in_directory(self) -> "PersonQuerySet":
        """People who chose to be listed for the whole alliance."""
        return self.active().filter(in_directory=True)


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Finds people by address however it is spelled (the database holds one spelling)."""

    def active(self) -> PersonQuerySet:
        """`PersonQuerySet.active`, said again for the type: the base is made when Python runs."""
        people: PersonQuerySet = self.get_queryset().active()
        return people

    def with_address(self, address: str) -> "Person | None":
        """Whoever has proved this address, else whoever's account names it; always one query."""
        # Not at the top: it refers to this room's model.
        from allauth.account.models import EmailAddress

        address = spelled(address)
        everybody = self.get_queryset().order_by()
        proved = everybody.filter(
            pk__in=EmailAddress.objects.filter(email=address, verified=True).values("user")
        )
        named = everybody.alias(lower=Lower("email")).filter(lower=address)
        candidates = proved.annotate(rank=models.Value(0)).union(
            named.annotate(rank=models.Value(1)), all=True
        )
        person: Person | None = next(iter(candidates.order_by("rank")[:1]), None)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        person: Person = self.get(email__iexact=spelled(username or ""))
        return person

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person: Person = self.model(email=spelled(email), **fields)
        person.set_password(password)
        person.save()
        return person
