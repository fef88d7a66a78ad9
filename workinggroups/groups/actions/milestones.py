"""Changes of a group's milestones.   planned ──▶ reached | dropped"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from common import days
from common.access import viewer_for
from common.errors import WrongState
from common.record.actions import record
from common.unseen import refuse_unseen
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.choices import MilestoneAct, MilestoneState
from workinggroups.groups.models import Group, Milestone
from workinggroups.groups.permissions import can_plan_milestones


def add_milestone(*, actor: Person, group: Group, title: str, due_on: date) -> Milestone:
    """Plan a milestone of the group, due on this day."""
    refuse_unseen(title=title)
    with transaction.atomic():
        group = _plannable(actor, group)
        milestone = Milestone.objects.create(
            group=group, level=group.content_level, title=title.strip(), due_on=due_on
        )
        record(actor, MilestoneAct.PLANNED, milestone, facts=_facts(milestone))
    return milestone


def reach_milestone(*, actor: Person, milestone: Milestone) -> Milestone:
    """Mark a planned milestone as reached today, in the actor's zone."""
    return _close(actor, milestone, MilestoneState.REACHED)


def drop_milestone(*, actor: Person, milestone: Milestone) -> Milestone:
    """Mark a planned milestone as dropped; it stays readable."""
    return _close(actor, milestone, MilestoneState.DROPPED)


def _close(actor: Person, milestone: Milestone, state: MilestoneState) -> Milestone:
    with transaction.atomic():
        _plannable(actor, milestone.group)
        milestone = Milestone.objects.select_related("group").get(pk=milestone.pk)
        if milestone.state != MilestoneState.PLANNED:
            raise WrongState(
                _("This milestone was already %(state)s.")
                % {"state": milestone.get_state_display().lower()}
            )
        milestone.state = state
        milestone.reached_on = (
            days.today_in(actor.zone) if state == MilestoneState.REACHED else None
        )
        milestone.save(update_fields=["state", "reached_on"])
        record(actor, MilestoneAct(state.value), milestone, facts=_facts(milestone))
    return milestone


def _plannable(actor: Person, group: Group) -> Group:
    """Lock the group and return it, if the actor may plan its milestones."""
    group = lock_group(group)
    can_plan_milestones.require(viewer_for(actor.pk), group)
    return group


def _facts(milestone: Milestone) -> dict[str, object]:
    return {"group": milestone.group.uuid, "due_on": milestone.due_on}
