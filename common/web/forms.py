"""What a form says when the action behind it refuses an input."""

from django.forms import BaseForm

from common.errors import Invalid


def add_refusal(form: BaseForm, error: Invalid) -> None:
    """The sentence stands beside the field it is about, or above the form if it has no such field."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
