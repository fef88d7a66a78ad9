"""Forms about a group itself: its settings, conclusion and milestones, and reading it as staff."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, ModelForm
from common.ui.inputs import DayInput, MarkdownTextarea
from workinggroups.groups.choices import BREAK_GLASS_MAX_MINUTES
from workinggroups.groups.forms.participation import AffiliationChoice
from workinggroups.groups.models import Group, Milestone
from workinggroups.groups.open_work import OpenWork


class _GroupSettings(ModelForm):
    class Meta:
        model = Group
        fields = ["name", "kind", "purpose", "focus_area", "listing", "admission", "content"]
        labels = {
            "listing": _("Visible to"),
            "admission": _("How to join"),
            "content": _("Readable by"),
        }
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "listing": forms.RadioSelect,
            "admission": forms.RadioSelect,
            "content": forms.RadioSelect,
        }
        help_texts = {
            "purpose": _("One or two sentences that anyone can understand."),
            "content": _(
                "Restricting it also hides earlier work; opening it applies to new work only."
            ),
        }


class GroupForm(_GroupSettings):
    """The settings of a group, with the version that the editor has read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class NewGroupForm(AffiliationChoice, _GroupSettings):
    affiliation_field = "chair_organization"
    chair_address = forms.EmailField(
        label=_("E-mail address of the first chair"),
        help_text=_("A person in the alliance. They can hand the chair over later."),
    )
    chair_organization = forms.ChoiceField(label=_("The chair acts on behalf of"))
    charter = forms.CharField(
        label=_("First charter"),
        widget=MarkdownTextarea("document", attrs={"rows": 14}),
        help_text=_(
            "Scope, what is out of scope, deliverables, and how the group decides. Use Markdown."
        ),
    )


LATE_HELP = _("It counts as late once this day has ended everywhere on Earth.")


class MilestoneForm(ModelForm):
    class Meta:
        model = Milestone
        fields = ["title", "due_on"]
        help_texts = {"due_on": LATE_HELP}
        widgets = {"due_on": DayInput()}


class ConcludeForm(Form):
    """Why a group concludes, and what becomes of each kind of open work that leaves a choice."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Shown on the group's pages and in the e-mail to its people."),
    )

    def __init__(self, data: FormData = None, *, work: Sequence[OpenWork]) -> None:
        super().__init__(data)
        self.work: Sequence[OpenWork] = ()
        self.ask_again(work)

    def ask_again(self, work: Sequence[OpenWork]) -> None:
        """Ask about this open work. What was opened since the page was read is still to be chosen."""
        self.work = work
        for each in work:
            if each.kind.choices and each.kind.name not in self.fields:
                options = [(choice.value, choice.label) for choice in each.kind.choices]
                self.fields[each.kind.name] = forms.ChoiceField(
                    label=_("What becomes of them"),
                    choices=options,
                    widget=forms.RadioSelect,
                    initial=options[0][0],
                    error_messages={"required": _("Choose what becomes of these.")},
                )

    def choices(self) -> dict[str, str]:
        """Return what was chosen, by the name of the kind."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}

    def rows(self) -> list[tuple[OpenWork, forms.BoundField | None]]:
        """Return each kind of open work with its field; None where there is nothing to choose."""
        return [(each, self[each.kind.name] if each.kind.choices else None) for each in self.work]


class BreakGlassForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("We send it to the group's chairs at once, with your name."),
    )
    minutes = forms.IntegerField(
        label=_("How long, in minutes"),
        min_value=1,
        max_value=BREAK_GLASS_MAX_MINUTES,
        initial=30,
    )
