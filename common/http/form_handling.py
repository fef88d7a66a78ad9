"""Forms and what views do with them: fill in what was posted, act, and show refusals."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias, TypedDict, Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator, validate_email
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

FormData = Mapping[str, object] | None  # None for a form that was not posted
PostedFiles: TypeAlias = "MultiValueDict[str, UploadedFile[bytes]]"


class FormOptions(TypedDict, total=False):
    """The keyword arguments of every form, as of Django's `BaseForm`."""

    files: "PostedFiles | None"
    initial: Mapping[str, object] | None
    prefix: str | None
    auto_id: bool | str
    empty_permitted: bool
    use_required_attribute: bool | None


class ModelFormOptions(FormOptions, total=False):
    """The keyword arguments of every form of a model."""

    instance: Model | None


# The limit of RFC 5321, section 4.5.3.1.3.
ADDRESS_MAX_CHARACTERS = 254
# Quoted names before the @ ("a b"@example.org) are legal and not in use; we send no mail to them.
_UNUSUAL = re.compile(r"[\s\"\\]")

# Django's label of an empty choice.
HYPHENS = "---------"


def check_mail_address(address: str) -> None:
    """Raise ValidationError for a valid address to which we cannot send mail.

    What is not an address passes: the field's own validator refuses it.
    """
    try:
        validate_email(address)
    except ValidationError:
        return
    if len(address) > ADDRESS_MAX_CHARACTERS or _UNUSUAL.search(address) or not _is_host(address):
        raise ValidationError(_("We cannot send e-mail to this address. Use another one."))


def _is_host(address: str) -> bool:
    """Whether the part after the @ can be encoded as a domain name."""
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError:
        return False
    return True


class OneLineInputs(BaseForm):
    """Clean the texts of a form.

    One-line fields lose line breaks and other control characters, which no browser sends from them,
    and refuse invisible characters that reorder text (`common/unseen.py`). All texts refuse letters
    with more combining marks than any script has, which would keep a browser busy. Mail addresses
    have to be deliverable and take one spelling (`common/mail/spelling.py`).
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, forms.EmailField):
                field.validators = [*field.validators, check_mail_address]
            _name_empty_choice(field)

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> object:
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


class ParsedTextField(forms.Field):
    """A text that is read as something else, such as a list of days; `parse` does it.

    `max_length` counts characters of the text as it was typed.
    """

    def __init__(self, *, max_length: int, **options: Any) -> None:
        self.max_length = max_length
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        attributes = super().widget_attrs(widget)
        return attributes if widget.is_hidden else {**attributes, "maxlength": self.max_length}

    def to_python(self, value: object) -> object:
        text = str(value or "")
        MaxLengthValidator(self.max_length)(text)
        return self.parse(text)

    def parse(self, text: str) -> object:
        """Return what the text says, or raise `ValidationError`."""
        raise NotImplementedError


def _name_empty_choice(field: forms.Field) -> None:
    """Label the empty choice “Choose” or “None” instead of Django's row of hyphens."""
    label = _("Choose") if field.required else _("None")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == HYPHENS:
            field.empty_label = label
            field.widget.choices = field.choices
    elif isinstance(field, forms.ChoiceField | forms.TypedChoiceField):
        choices: Any = field.choices
        labelled = [(value, label if text == HYPHENS else text) for value, text in choices]
        if labelled != list(choices):
            field.choices = labelled


def is_line(widget: forms.Widget) -> bool:
    """Whether the widget takes one line of text; a password is left as it was typed."""
    return (
        isinstance(widget, forms.widgets.Input)
        and not isinstance(widget, forms.PasswordInput)
        and widget.input_type in {"text", "email", "url", "search", "tel", "number", "date", "time"}
    )


class Form(OneLineInputs, forms.Form):
    """Django's form with cleaned texts."""

    def __init__(self, data: FormData = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)


class ModelForm(OneLineInputs, forms.ModelForm):  # type: ignore[type-arg]
    """Django's form of a model with cleaned texts."""

    def __init__(self, data: FormData = None, **options: Unpack[ModelFormOptions]) -> None:
        super().__init__(data, **options)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, even if empty; None when nothing was posted."""
    return request.POST if request.method == "POST" else None


def posted_files(request: HttpRequest) -> "PostedFiles | None":
    """Return the files that were posted; None when nothing was posted."""
    return request.FILES if request.method == "POST" else None


@contextmanager
def refusals_shown_in(form: BaseForm) -> Iterator[None]:
    """Run a block that acts on a valid form; the form shows the message of an Invalid raised in it."""
    try:
        yield
    except Invalid as error:
        add_refusal(form, error)


def add_refusal(form: BaseForm, error: Invalid) -> None:
    """Show the message beside its field, or above the form when the form lacks that field."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


def status_of(form: BaseForm) -> int:
    """Return 422 for a form that is shown again with errors, by which caches and htmx know it."""
    return 422 if form.is_bound else 200
