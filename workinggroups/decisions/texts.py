"""The stored texts of this app: decisions and ballots."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.text.choices import Weight
from common.text.markdown import TextKind
from common.text.registry import StoredText
from workinggroups.decisions.actions import index_ballot, index_decision
from workinggroups.decisions.models import Ballot, Decision


class DecisionText(StoredText[Decision]):
    kind, name, model, text_kind = "decision", _("Decision"), Decision, TextKind.POST
    related = ("group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[Decision]:
        return Decision.objects.visible_to(viewer)

    def reindex(self, text: Decision) -> None:
        index_decision(text)

    def group_id(self, text: Decision) -> int:
        return text.group_id

    def weight(self, text: Decision) -> Weight:
        return Weight.FORMAL


class BallotText(StoredText[Ballot]):
    kind, name, model, text_kind = "ballot", _("Ballot"), Ballot, TextKind.POST
    related = ("group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[Ballot]:
        return Ballot.objects.visible_to(viewer)

    def reindex(self, text: Ballot) -> None:
        index_ballot(text)

    def group_id(self, text: Ballot) -> int:
        return text.group_id

    def weight(self, text: Ballot) -> Weight:
        return Weight.FORMAL
