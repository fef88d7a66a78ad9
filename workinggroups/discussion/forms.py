"""Shape and clean input; nothing is saved here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from common.access import Level
from common.http.form_handling import Form
from common.ui.inputs import MarkdownTextarea


class PostForm(Form):
    source = forms.CharField(
        label=gettext_lazy("Your post"),
        help_text=gettext_lazy("Markdown: **bold**, lists, links, tables."),
        strip=False,
        widget=MarkdownTextarea("post", attrs={"rows": 8}),
    )


class TopicForm(PostForm):
    """A title, who reads it, and the first post."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    level = forms.TypedChoiceField(label=gettext_lazy("Who reads it"), coerce=int)

    field_order = ["title", "level", "source"]

    def __init__(self, *args: Any, widest: int, for_chairs: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [level for level in (Level.ALLIANCE, Level.MEMBERS) if level >= widest]
        if for_chairs:
            offered.append(Level.CHAIRS)
        level_field = self.fields["level"]
        assert isinstance(level_field, forms.ChoiceField)
        level_field.choices = [(level.value, level.label) for level in offered]
        level_field.initial = offered[0].value


class EditForm(PostForm):
    """A post as its author changes it, with the version that was read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class HideForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("One sentence. It stands in place of the post."),
    )
