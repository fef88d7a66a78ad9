from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form
from notifications.choices import Frequency
from notifications.registry import notification_types


class FrequenciesForm(Form):
    """One choice of frequency for each notification type that is not mandatory."""

    def __init__(self, *args: Any, chosen: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in notification_types():
            if not each.mandatory:
                self.fields[each.name] = forms.ChoiceField(
                    label=str(each.label),
                    choices=Frequency.choices,
                    initial=chosen.get(each.name, each.default_frequency),
                    widget=forms.RadioSelect,
                    error_messages={"required": _("Choose how soon mail about this reaches you.")},
                )

    def changed_frequencies(self) -> dict[str, Frequency]:
        """Return only what the person changed: the rest keeps following the types' defaults."""
        return {name: Frequency(self.cleaned_data[name]) for name in self.changed_data}
