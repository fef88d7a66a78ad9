"""Files as people choose them. Nothing is saved here."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form
from workinggroups.attachments.choices import ATTACHMENTS_AT_ONCE


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=FilesInput, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if not chosen:
            super().clean(None, initial)
            return []
        if len(chosen) > ATTACHMENTS_AT_ONCE:
            raise forms.ValidationError(
                gettext("Choose at most %(count)d files at once.") % {"count": ATTACHMENTS_AT_ONCE}
            )
        return [super(FilesField, self).clean(upload, initial) for upload in chosen]


class AttachForm(Form):
    file = FilesField(
        label=_("Add files"),
        help_text=_(
            "At most 25 MB each. The text shows a picture by its name: ![What it shows](name.png)"
        ),
        error_messages={"required": _("Choose at least one file.")},
    )
