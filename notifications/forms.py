from collections.abc import Iterable
from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions
from notifications.choices import Frequency
from notifications.types import AnyPayload


class FrequenciesForm(Form):
    """One choice of frequency for each of these notification types that is not mandatory."""

    def __init__(
        self,
        data: FormData = None,
        *,
        types: Iterable[type[AnyPayload]],
        chosen: dict[str, str],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        for each in types:
            if not each.mandatory:
                self.fields[each.name] = forms.ChoiceField(
                    label=str(each.label),
                    choices=Frequency.choices,
                    initial=chosen.get(each.name, each.default_frequency),
                    widget=forms.RadioSelect,
                    error_messages={"required": _("Choose how soon we e-mail you about this.")},
                )

    def changed_frequencies(self) -> dict[str, Frequency]:
        """Return what the person changed; for all others the default of the type stays in force."""
        return {name: Frequency(self.cleaned_data[name]) for name in self.changed_data}
