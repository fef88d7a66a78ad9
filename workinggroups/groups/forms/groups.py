"""Forms about a group itself: its settings, charter and milestones, and reading it as staff."""

from dataclasses import fields

from django import forms
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, ModelForm
from common.ui.inputs import DayInput, MarkdownTextarea
from workinggroups.groups.choices import (
    BREAK_GLASS_MAX_MINUTES,
    CORRECTION_MAX_DAYS,
    NOTICE_MAX_DAYS,
    QUORUM_MAX,
    MinutesRule,
    Quorum,
)
from workinggroups.groups.forms.participation import AffiliationChoice
from workinggroups.groups.models import Group, Milestone
from workinggroups.groups.rules import Rules


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


class CharterForm(Form):
    source = forms.CharField(
        label=_("Text of the charter"),
        widget=MarkdownTextarea("document", attrs={"rows": 24}),
        help_text=_("Use Markdown for headings, lists, tables and links."),
    )
    quorum = forms.ChoiceField(
        label=_("Quorum"),
        choices=Quorum.choices,
        initial=Quorum.NONE,
        help_text=_(
            "How many of the organizations that take part have to be present. Observers do not "
            "count; a person without an organization counts as one."
        ),
    )
    quorum_number = forms.IntegerField(
        label=_("Organizations for a quorum"),
        required=False,
        min_value=1,
        max_value=QUORUM_MAX,
        help_text=_("Only if the quorum is a fixed number of organizations."),
    )
    notice_days = forms.IntegerField(
        label=_("Notice period in days"),
        required=False,
        min_value=1,
        max_value=NOTICE_MAX_DAYS,
        help_text=_(
            "How long before a meeting its agenda has to be posted. Leave it empty for no notice "
            "period."
        ),
    )
    correction_days = forms.IntegerField(
        label=_("Days for corrections to draft minutes"),
        required=False,
        min_value=0,
        max_value=CORRECTION_MAX_DAYS,
        help_text=_("At least so many days. Leave it empty if the chairs choose for each meeting."),
    )
    minutes_rule = forms.ChoiceField(
        label=_("How minutes become final"),
        choices=MinutesRule.choices,
        initial=MinutesRule.NONE,
        help_text=_(
            "Minutes never become final by themselves while a correction that was asked for in time "
            "has no answer. This applies to meetings that begin after the charter is adopted."
        ),
    )
    expires_on = forms.DateField(
        label=_("In force until"),
        required=False,
        widget=DayInput(),
        help_text=_("Optional. Staff are reminded 90 days before this date."),
    )
    read_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def rules(self) -> Rules:
        """Return the rules that were entered."""
        return Rules(**{field.name: self.cleaned_data[field.name] for field in fields(Rules)})


LATE_HELP = _("It counts as late once this day has ended everywhere on Earth.")


class MilestoneForm(ModelForm):
    class Meta:
        model = Milestone
        fields = ["title", "due_on"]
        help_texts = {"due_on": LATE_HELP}
        widgets = {"due_on": DayInput()}


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
