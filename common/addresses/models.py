"""Every address that a thing has or had, so that no other thing gets it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from common.addresses.spelling import ADDRESS_MAX_CHARACTERS, is_address


def validate_address(text: str) -> None:
    if not is_address(text):
        raise ValidationError(_("Use only letters, digits and hyphens in an address."))


class AddressField(models.CharField):  # type: ignore[type-arg]
    """The address of a thing among those of its kind: unique, in any script."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", ADDRESS_MAX_CHARACTERS)
        kwargs.setdefault("unique", True)
        super().__init__(*args, **kwargs)

    default_validators = [validate_address]


class Address(models.Model):
    """One address that a thing of a kind has or had.

    The database writes the rows itself, by a trigger on the table of each kind, and refuses an
    address that another thing of the kind has or had. The thing's own column says which is current.
    """

    kind = models.CharField(max_length=60)
    slug = models.CharField(max_length=ADDRESS_MAX_CHARACTERS)
    object_uuid = models.UUIDField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="address_once")]
        indexes = [models.Index(fields=["kind", "object_uuid"], name="address_of_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
