from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.web.forms import Form
from notifications.choices import Rhythm
from notifications.registry import all_kinds


class RhythmsForm(Form):
    """One choice of rhythm for each kind that may be chosen."""

    def __init__(self, *args: Any, chosen: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in all_kinds():
            if not kind.mandatory:
                self.fields[kind.name] = forms.ChoiceField(
                    label=str(kind.label),
                    choices=Rhythm.choices,
                    initial=chosen.get(kind.name, kind.default_rhythm),
                    widget=forms.RadioSelect,
                    error_messages={"required": _("Choose how soon mail about this reaches you.")},
                )

    def changed_rhythms(self) -> dict[str, Rhythm]:
        """Only what the person changed: the rest keeps following the kinds' defaults."""
        return {name: Rhythm(self.cleaned_data[name]) for name in self.changed_data}
