"""Fields of one line, of every form and of the API, keep no control character."""

import re
from collections.abc import Iterator

import pytest
from django import forms
from django.http import QueryDict
from django.urls import get_resolver
from rest_framework import serializers

from common.api.serializers import LINE_MAX_CHARACTERS, Strict
from common.http.form_handling import HYPHENS, Form, OneLineInputs, check_mail_address
from workinggroups.groups.forms import GroupForm
from workinggroups.groups.models import Group

OURS = ("common", "members", "notifications", "workinggroups", "catalogue", "alliance")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
DIRTY = "one\r\n\ttwo\x00\x0b\u2028three\x1b\x85four\x7f"


def descendants(kind: type) -> Iterator[type]:
    children: list[type] = kind.__subclasses__()
    for child in children:
        yield child
        yield from descendants(child)


def our(kind: type) -> list[type]:
    assert get_resolver().url_patterns  # every form and serializer is imported
    return sorted(
        {each for each in descendants(kind) if each.__module__.split(".")[0] in OURS}, key=str
    )


def test_no_field_of_one_line_in_any_form_keeps_a_control_character() -> None:
    seen = 0
    for kind in our(forms.BaseForm):
        for name, field in getattr(kind, "base_fields", {}).items():
            if not isinstance(field, forms.CharField) or isinstance(
                field.widget, forms.Textarea | forms.HiddenInput | forms.PasswordInput
            ):
                continue
            form = type("One", (OneLineInputs, forms.Form), {name: field})(
                QueryDict(f"{name}=x", mutable=True) | {name: DIRTY}
            )
            form.full_clean()
            kept = form[name].data
            assert not CONTROL.search(kept), (kind, name, kept)
            seen += 1
    assert seen > 40


def test_no_field_of_one_line_in_the_api_keeps_a_control_character() -> None:
    seen = 0
    for kind in our(Strict):
        if kind.__name__ in {"StrictSerializer", "StrictModelSerializer"}:
            continue
        serializer = kind()
        for name, field in serializer.fields.items():
            if isinstance(field, serializers.CharField) and not field.read_only:
                kept = serializer._clean_text(name, DIRTY)
                if field.max_length and field.max_length < LINE_MAX_CHARACTERS:
                    assert not CONTROL.search(kept), (kind, name)
                    seen += 1
    assert seen >= 3


@pytest.mark.parametrize(
    "address", ["a@" + "b." * 124 + "example", '"a\\ b"@lumen.example', '"a"@lumen.example']
)
def test_an_address_that_cannot_be_mailed_is_refused(address: str) -> None:
    with pytest.raises(forms.ValidationError):
        check_mail_address(address)


def test_what_is_no_address_is_told_so_once() -> None:
    class Invite(Form):
        address = forms.EmailField()

    assert len(Invite({"address": "not an address"}).errors["address"]) == 1


@pytest.mark.django_db
def test_the_choice_of_nothing_has_a_name() -> None:
    class Pick(Form):
        group = forms.ModelChoiceField(Group.objects.all(), required=False)
        kind = forms.ChoiceField(choices=[("", HYPHENS), ("a", "A")])

    html = str(Pick())

    assert HYPHENS not in html
    assert (">None</option>" in html, ">Choose</option>" in html) == (True, True)
    assert HYPHENS not in str(GroupForm())
