"""The form in which staff choose an address, and a preview of the result."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from common.addresses.actions import check_address
from common.addresses.kinds import Addressed
from common.errors import Invalid
from common.http.form_handling import Form


class AddressForm(Form):
    """Takes any text; the address is made of it as of a name."""

    address = forms.CharField(
        label=_("New address"),
        max_length=120,
        help_text=_(
            "Letters, digits and hyphens. We drop accents and write Cyrillic and Greek in Latin "
            "letters; other scripts stay as they are."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """The address made of what was typed, or why the thing cannot have it."""

    typed: str
    address: str = ""
    refusal: str = ""
    is_current: bool = False


def proposal_for(kind: str, addressed: Addressed, form: AddressForm) -> Proposal | None:
    """Return the address that the form would give to `thing`; None where nothing was typed."""
    if not form.is_valid():
        return None
    typed = form.cleaned_data["address"]
    try:
        address = check_address(kind=kind, chosen=typed, object_uuid=addressed.uuid)
    except Invalid as error:
        return Proposal(typed, refusal=error.message)
    return Proposal(typed, address, is_current=address == addressed.slug)
