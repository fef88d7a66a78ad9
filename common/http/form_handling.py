"""What a view does with a form: fill it with what was sent, act on it, and answer."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypedDict, TypeVar, Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.http.pasted_text import one_line
from common.mail.spelling import spelled
from common.text.shaping import shaping_fault
from common.unseen import fault_of

Done = TypeVar("Done")

FormData = Mapping[str, object] | None  # what was posted; None for a form that was not sent


class FormOptions(TypedDict, total=False):
    """What every form takes by name besides its own arguments, as Django's `BaseForm` does."""

    files: "MultiValueDict[str, UploadedFile[Any]] | None"
    initial: Mapping[str, object] | None
    prefix: str | None
    auto_id: bool | str
    empty_permitted: bool
    use_required_attribute: bool | None


class ModelFormOptions(FormOptions, total=False):
    """The same for a form of a model."""

    instance: Model | None


# A mail's address has room for no more (RFC 5321, section 4.5.3.1.3).
ADDRESS_MAX_CHARACTERS = 254
# Quoted names before the @ ("a b"@example.org) are legal and not used; no mail of ours goes there.
_UNUSUAL = re.compile(r"[\s\"\\]")


# How Django labels the choice of nothing.
HYPHENS = "---------"


def check_mail_address(address: str) -> None:
    """Raise ValidationError for an address that is one and that we cannot mail.

    What is no address at all passes: the field's own validator says so already.
    """
    try:
        validate_email(address)
    except ValidationError:
        return
    if len(address) > ADDRESS_MAX_CHARACTERS or _UNUSUAL.search(address) or not _is_host(address):
        raise ValidationError(_("We cannot send mail to this address. Use another one."))


def _is_host(address: str) -> bool:
    """Whether the part after the @ can be written as a name of the domain name system."""
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError:
        return False
    return True


class OneLineInputs(BaseForm):
    """A field of one line keeps no line break or other control character, as no browser sends one
    from it, and nothing that reorders what is read (`common/unseen.py`). No text keeps a browser
    busy by letters under more marks than any writing has. An address is one that can be mailed, in
    its one spelling (`common/mail/spelling.py`)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, forms.EmailField):
                field.validators = [*field.validators, check_mail_address]
            _name_the_blank(field)

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        value = super()._widget_data_value(widget, html_name)  # type: ignore[misc]
        if not (is_line(widget) and isinstance(value, str)):
            return value
        line = one_line(value)
        return spelled(line) if getattr(widget, "input_type", "") == "email" else line

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if not isinstance(value, str):
                continue
            is_typed = getattr(self.fields[name].widget, "input_type", "") == "text"
            if fault := shaping_fault(value) or (fault_of(value) if is_typed else ""):
                self.add_error(name, fault)


def _name_the_blank(field: forms.Field) -> None:
    """The choice of nothing reads “Choose” or “None”, where Django has a row of hyphens."""
    words = _("Choose") if field.required else _("None")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == HYPHENS:
            field.empty_label = words
            field.widget.choices = field.choices
    elif isinstance(field, forms.ChoiceField | forms.TypedChoiceField):
        choices: Any = field.choices
        named = [(value, words if label == HYPHENS else label) for value, label in choices]
        if named != list(choices):
            field.choices = named


def is_line(widget: forms.Widget) -> bool:
    """The widget takes one line of text. What is typed as a password is kept as it is."""
    return (
        isinstance(widget, forms.widgets.Input)
        and not isinstance(widget, forms.PasswordInput)
        and widget.input_type in {"text", "email", "url", "search", "tel", "number", "date", "time"}
    )


class Form(OneLineInputs, forms.Form):
    """A form as ours are: Django's, with inputs of one line."""

    def __init__(self, data: FormData = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)


class ModelForm(OneLineInputs, forms.ModelForm):  # type: ignore[type-arg]
    """The same for the fields of a model."""

    def __init__(self, data: FormData = None, **options: Unpack[ModelFormOptions]) -> None:
        super().__init__(data, **options)


def posted(request: HttpRequest) -> QueryDict | None:
    """What the form was sent with, be it nothing at all; None where it was not sent."""
    return request.POST if request.method == "POST" else None


def posted_files(request: HttpRequest) -> "MultiValueDict[str, UploadedFile[Any]] | None":
    """The files that the form was sent with; None where it was not sent."""
    return request.FILES if request.method == "POST" else None


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
