"""Each field of a form that takes a web address refuses one that leads elsewhere than it seems."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.core.exceptions import ValidationError

PRODUCT = ("catalogue.", "common.", "members.", "notifications.", "workinggroups.")
MISLEADING = [
    "https://bank.example@evil.example/",
    "https://evil.example/\\bank.example",
    "https://evil.example/\u202egro.knab",
]


def forms_below(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for below in form.__subclasses__():
        yield below
        yield from forms_below(below)


def address_fields() -> list[tuple[str, forms.URLField]]:
    import_module("alliance.urls")
    return [
        (f"{form.__module__}.{form.__qualname__}.{name}", field)
        for form in set(forms_below(forms.BaseForm))
        if form.__module__.startswith(PRODUCT)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.URLField)
    ]


def takes(field: forms.URLField, address: str) -> bool:
    try:
        field.clean(address)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("address", MISLEADING)
def test_no_form_takes_a_misleading_web_address(address: str) -> None:
    assert [name for name, field in address_fields() if takes(field, address)] == []


def test_every_form_takes_an_ordinary_web_address() -> None:
    fields = address_fields()

    assert len(fields) >= 5
    assert [name for name, field in fields if not takes(field, "https://a.example/b?c=d")] == []
