"""The form that adds files."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form
from workinggroups.attachments.choices import ATTACHMENTS_AT_ONCE


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list."""

    widget = FilesInput

    def clean(self, data: object, initial: object = None) -> "list[UploadedFile[bytes]]":
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if not uploads:
            super().clean(None, None)
            return []
        if len(uploads) > ATTACHMENTS_AT_ONCE:
            raise forms.ValidationError(
                gettext("Choose at most %(count)d files at once.") % {"count": ATTACHMENTS_AT_ONCE}
            )
        return [super(FilesField, self).clean(upload, None) for upload in uploads]


class AttachForm(Form):
    file = FilesField(
        label=_("Add files"),
        help_text=_(
            "Up to 25 MB each. To show a picture in the text, write ![What it shows](name.png)"
        ),
        error_messages={"required": _("Choose at least one file.")},
    )
