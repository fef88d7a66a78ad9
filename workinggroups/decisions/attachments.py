"""Files of decisions: added with the decision, and never changed afterwards."""

from uuid import UUID

from django.utils.translation import gettext as _

from common.access import Viewer
from workinggroups.attachments.places import Place, register
from workinggroups.decisions.models import Decision
from workinggroups.decisions.permissions import can_record

DECISION = "decision"


def find_decision(viewer: Viewer, uuid: UUID, lock: bool) -> Place | None:
    decisions = Decision.objects.visible_to(viewer).select_related("group")
    decision: Decision | None = decisions.filter(uuid=uuid).first()
    return place_of(viewer, decision) if decision else None


def place_of(viewer: Viewer, decision: Decision) -> Place:
    return Place(
        kind=DECISION,
        uuid=decision.uuid,
        group=decision.group,
        level=decision.level,
        tab="decisions",
        title=str(decision),
        url=decision.get_absolute_url(),
        can_attach=can_record.gives_right(viewer, decision.group),
        can_remove_others=can_record(viewer, decision.group),
        refusal=can_record.refusal(viewer, decision.group),
        closed=_("A decision and its files can never be changed. Record a new decision instead."),
        recorded_of=decision,
    )


def register_places() -> None:
    """Called from `apps.ready`."""
    register(DECISION, find_decision)
