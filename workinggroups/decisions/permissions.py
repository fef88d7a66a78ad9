"""Who can record decisions. Source: docs/permissions.md, columns B."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from workinggroups.decisions.models import RollEntry, RollPerson
from workinggroups.decisions.queries.ballots import speaking
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import rule_while_running


@rule_while_running(_("Only the chairs and the secretary of the group can record its decisions."))
def can_record(viewer: Viewer, group: Group) -> bool:
    """Record decisions, and replace or rescind earlier ones."""
    return viewer.is_officer(group.pk)


@rule_while_running(_("Only the chairs of the group can run its ballots."))
def can_run_ballots(viewer: Viewer, group: Group) -> bool:
    """Draft, announce, open, recall and void ballots, close them early and state their results."""
    return viewer.is_chair(group.pk)


@rule(_("Only the people whom the roll names for it can cast this vote."))
def can_vote(viewer: Viewer, entry: RollEntry) -> bool:
    """Vote for an entry of the roll, change its vote, or step out of the ballot for it."""
    places = RollPerson.objects.filter(entry=entry, person=viewer.person_id)
    return not viewer.is_anonymous and speaking(places).exists()
