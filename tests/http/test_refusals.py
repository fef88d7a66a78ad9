"""Refused actions, shown in the form whose values they were given."""

import pytest
from django import forms

from common.errors import Conflict, Invalid
from common.http.form_handling import Form, refusals_shown_in


class DayForm(Form):
    day = forms.CharField()


def test_an_invalid_value_is_shown_beside_its_field() -> None:
    form = DayForm({"day": "31 February"})
    assert form.is_valid()

    with refusals_shown_in(form):
        raise Invalid("There is no such day.", "day")

    assert form.errors == {"day": ["There is no such day."]}


def test_any_other_refusal_leaves_the_block() -> None:
    form = DayForm({"day": "1 March"})
    assert form.is_valid()

    with pytest.raises(Conflict), refusals_shown_in(form):
        raise Conflict("Someone else was first.")

    assert not form.errors
