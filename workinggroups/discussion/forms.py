"""Forms of discussions."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy

from common.access import Level
from common.http.form_handling import Form, FormData, FormOptions
from common.ui.inputs import MarkdownTextarea


class PostForm(Form):
    source = forms.CharField(
        label=gettext_lazy("Your post"),
        help_text=gettext_lazy("You can use Markdown: **bold**, lists, links, tables."),
        strip=False,
        widget=MarkdownTextarea("post", attrs={"rows": 8}),
    )


class TopicForm(PostForm):
    """A title, who reads it, and the first post."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    level = forms.TypedChoiceField(label=gettext_lazy("Readable by"), coerce=int)

    field_order = ["title", "level", "source"]

    def __init__(
        self,
        data: FormData = None,
        *,
        widest: int,
        for_chairs: bool,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        offered = [level for level in (Level.ALLIANCE, Level.MEMBERS) if level >= widest]
        if for_chairs:
            offered.append(Level.CHAIRS)
        level_field = self.fields["level"]
        assert isinstance(level_field, forms.ChoiceField)
        level_field.choices = [(level.value, level.label) for level in offered]
        level_field.initial = offered[0].value


class EditForm(PostForm):
    """A post that its author edits, with the version that they have read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class HideForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("One sentence. It is shown in place of the post."),
    )
