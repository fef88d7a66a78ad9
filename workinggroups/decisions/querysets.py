from typing import TYPE_CHECKING
from uuid import UUID

from workinggroups.decisions.choices import DecisionState
from workinggroups.groups.content import GroupContentQuerySet

if TYPE_CHECKING:
    from workinggroups.decisions.subjects import Subject


class DecisionQuerySet(GroupContentQuerySet):
    def standing(self) -> "DecisionQuerySet":
        return self.filter(state=DecisionState.STANDING)

    def latest_first(self) -> "DecisionQuerySet":
        return self.order_by("-decided_on", "-pk")

    def about(self, kind: str, uuid: UUID) -> "DecisionQuerySet":
        """Decisions on this thing, whatever its words were then."""
        return self.filter(subject_kind=kind, subject_uuid=uuid)

    def on(self, subject: "Subject") -> "DecisionQuerySet":
        """Decisions on exactly this text: its checksum too has to be the one decided on."""
        return self.about(subject.kind, subject.uuid).filter(subject_sha256=subject.sha256)
