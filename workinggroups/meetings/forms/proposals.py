"""Forms of items proposed for an agenda."""

from collections.abc import Sequence
from typing import Unpack, cast
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions
from common.ui.inputs import MarkdownTextarea, NeededLaterField
from members.people.choosing import PersonField
from members.people.models import Person
from workinggroups.meetings.choices import (
    AGENDA_TEXT_MAX_CHARACTERS,
    AGENDA_TITLE_MAX_CHARACTERS,
    MEETING_MAX_MINUTES,
    PROPOSAL_REASON_MAX_CHARACTERS,
    Goal,
)
from workinggroups.meetings.forms.planning import Details
from workinggroups.meetings.models import AgendaItem, AgendaProposal

ACCEPT, DECLINE = "accept", "decline"


class ProposalForm(Form):
    """What a person of the group would like to have on the agenda."""

    title = forms.CharField(label=_("Title"), max_length=AGENDA_TITLE_MAX_CHARACTERS)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=MEETING_MAX_MINUTES,
        required=False,
        help_text=_("How long you would like to have, if you know."),
    )
    text = forms.CharField(
        label=_("Description"),
        max_length=AGENDA_TEXT_MAX_CHARACTERS,
        required=False,
        widget=MarkdownTextarea("post", attrs={"rows": 6}),
        help_text=_("What it is about, and what the group should do."),
    )


class EditProposalForm(ProposalForm):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    @staticmethod
    def initial_of(proposal: AgendaProposal) -> dict[str, object]:
        return {
            "title": proposal.title,
            "minutes": proposal.minutes,
            "text": proposal.source,
            "version": proposal.version,
        }


class ProposalAnswerForm(Form):
    """Whether it becomes an item of the agenda, and where; or why not."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[(ACCEPT, _("Put it on the agenda")), (DECLINE, _("Decline it"))],
        widget=forms.RadioSelect,
    )
    before = forms.ChoiceField(
        label=_("Position on the agenda"),
        required=False,
        error_messages={
            "invalid_choice": _("This item is no longer on the agenda. Choose another place.")
        },
    )
    goal = forms.ChoiceField(label=_("Goal"), choices=Goal.choices, initial=Goal.DISCUSS)
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=MEETING_MAX_MINUTES, required=False
    )
    presenter = PersonField(label=_("Presenter"), required=False, empty_label=_("No presenter"))
    reason = NeededLaterField(
        label=_("Reason"),
        required=False,
        max_length=PROPOSAL_REASON_MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed if you decline. The person who proposed it and the group can read it."),
    )

    def __init__(
        self,
        data: FormData = None,
        *,
        people: QuerySet[Person],
        places: Sequence[AgendaItem],
        can_accept: bool = True,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        cast(PersonField, self.fields["presenter"]).queryset = people
        cast(forms.ChoiceField, self.fields["before"]).choices = [
            ("", gettext("At the end")),
            *((str(item.uuid), _before_words(item)) for item in places),
        ]
        if not can_accept:
            for name in ("before", "goal", "minutes", "presenter"):
                del self.fields[name]
            answer = cast(forms.ChoiceField, self.fields["answer"])
            answer.choices = [(DECLINE, _("Decline it"))]
            self.initial.setdefault("answer", DECLINE)

    @staticmethod
    def initial_of(proposal: AgendaProposal) -> dict[str, object]:
        return {
            "version": proposal.version,
            "minutes": proposal.minutes,
            "presenter": proposal.author.uuid,
        }

    @property
    def is_accepted(self) -> bool:
        return bool(self.cleaned_data["answer"] == ACCEPT)

    def item_details(self) -> Details:
        """Return what `accept_proposal` takes of a valid form."""
        before = self.cleaned_data["before"]
        names = ("version", "goal", "minutes", "presenter")
        details = {name: self.cleaned_data[name] for name in names}
        return {**details, "before": UUID(before) if before else None}


def _before_words(item: AgendaItem) -> str:
    facts = {"position": item.position, "title": item.title}
    return gettext("Before %(position)d. %(title)s") % facts
