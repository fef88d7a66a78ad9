"""Forms of staff about applications and agreements."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy

from common.http.form_handling import Form, FormData, FormOptions
from common.text.limits import Limit
from common.ui.inputs import DayInput, MarkdownTextarea
from members.onboarding.choices import AgreementKind, ApplicationState, CheckState, MatchOutcome
from members.people.models import Person

STAFF = Person.objects.active().filter(is_staff=True)
STAGES = [
    ("open", gettext_lazy("Under way")),
    ("late", gettext_lazy("Late")),
    ("received", gettext_lazy("Received")),
    ("screening", gettext_lazy("Screening")),
    ("awaiting", gettext_lazy("Awaiting signature")),
    ("approved", gettext_lazy("Approved")),
    ("joined", gettext_lazy("Joined to a member")),
    ("rejected", gettext_lazy("Declined")),
    ("withdrawn", gettext_lazy("Withdrawn")),
]
assert {code for code, _name in STAGES} >= set(ApplicationState.values) - {"draft"}


class QueueForm(Form):
    """Filters of the queue."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False, choices=STAGES)
    mine = forms.BooleanField(label=gettext_lazy("Assigned to me"), required=False)
    q = forms.CharField(label=gettext_lazy("Name or number"), required=False, max_length=120)


class CheckForm(Form):
    """One item of a checklist: its state, owner and due day."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=CheckState.choices)
    owner = forms.ModelChoiceField(
        STAFF, to_field_name="uuid", label=gettext_lazy("Owner"), required=False
    )
    due_on = forms.DateField(label=gettext_lazy("Due"), required=False, widget=DayInput())


class OwnerForm(Form):
    owner = forms.ModelChoiceField(STAFF, to_field_name="uuid", label=gettext_lazy("Assigned to"))


class NoteForm(Form):
    text = forms.CharField(
        label=gettext_lazy("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RejectForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason for declining"),
        help_text=gettext_lazy("The applicant will see this."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OutcomeForm(Form):
    organization = forms.CharField(max_length=80)
    outcome = forms.ChoiceField(choices=MatchOutcome.choices)


class AgreementForm(Form):
    """The next version of an agreement."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    source = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("Markdown. A version in force can never be changed, only replaced."),
        max_length=int(Limit.POST),
        widget=MarkdownTextarea("agreement", attrs={"rows": 24}),
    )

    def __init__(
        self, data: FormData = None, *, kind: AgreementKind, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.fields["title"].initial = self.initial.get("title") or kind.label
