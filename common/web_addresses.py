"""Web addresses that people type and others open.

What stands before "@" in an address looks like its host and is none ("https://bank.example@evil.example/"),
and marks that reorder text show an address as another one. Both are refused, as is what no browser opens.
"""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from common.unseen import fault_of

_is_web_address = URLValidator(schemes=["http", "https"])


def fault_of_address(address: str) -> str:
    """Return a sentence on what is wrong with a web address, or "" where people can open it."""
    try:
        _is_web_address(address)
        has_user = "@" in urlsplit(address).netloc
    except (ValidationError, ValueError):
        return _("Enter a web address that begins with https://.")
    if has_user or "\\" in address:
        return _("Remove the name before “@”: the address does not lead where it seems to.")
    return fault_of(address)


def check_address(address: str) -> None:
    """Raise ValidationError with what is wrong with a web address: a validator of fields."""
    if fault := fault_of_address(address):
        raise ValidationError(fault)


class WebAddressField(forms.URLField):
    """A field for a web address that others open; "https://" can be left out."""

    default_validators = [check_address]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **options})
