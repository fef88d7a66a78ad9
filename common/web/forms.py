"""What a view does with a form: fill it with what was sent, act on it, and answer."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm
from django.http import HttpRequest, QueryDict

from common.errors import Invalid

Done = TypeVar("Done")


def posted(request: HttpRequest) -> QueryDict | None:
    """What the form was sent with, be it nothing at all; None where it was not sent."""
    return request.POST if request.method == "POST" else None


def attempt(form: BaseForm, act: Callable[[], Done]) -> Done | None:
    """What the action answers; None when it found an input that does not fit, told in the form."""
    try:
        return act()
    except Invalid as error:
        add_refusal(form, error)
        return None


def add_refusal(form: BaseForm, error: Invalid) -> None:
    """The sentence stands beside the field it is about, or above the form if it has no such field."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


def status_of(form: BaseForm) -> int:
    """422 for a form that came back with errors, so that caches and htmx can tell."""
    return 422 if form.is_bound else 200
