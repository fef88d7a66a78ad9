"""Concluding a group, which settles what is still open in it, and reopening it.

forming, active ──conclude──▶ concluded ──reopen──▶ active
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.access import Viewer, viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.unseen import without_reordering
from members.people.models import Person
from workinggroups.groups import open_work
from workinggroups.groups.actions.action_items import drop_items
from workinggroups.groups.actions.admission import decline_all
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.actions.invitations import withdraw_all
from workinggroups.groups.choices import CharterState, GroupAct, GroupState
from workinggroups.groups.models import ActionItem, AdmissionRequest, Group
from workinggroups.groups.notifications import GroupAccessChanged, notify_in
from workinggroups.groups.open_work import LISTED_MOST, Choice, OpenKind, OpenObject
from workinggroups.groups.permissions import can_conclude_group, is_running

KEEP, DROP = "keep", "drop"


def conclude_group(
    *, actor: Person, group: Group, reason: str, choices: Mapping[str, str] | None = None
) -> Group:
    """Conclude the group and settle what is open; its pages stay readable and cannot be changed.

    `choices` says what becomes of each kind that has choices (`open_work`). What was opened after
    the actor looked is settled too. Records the group's conclusion and each formal act in it, and
    notifies the group once. Raises NotAllowed, WrongState for a concluded group, and Invalid without
    a reason, or at the kind of which something is open and nothing chosen.
    """
    reason = without_reordering(reason).strip()
    if not reason:
        raise Invalid(_("Give a reason. It is shown on the page and in the e-mail."), "reason")
    with transaction.atomic():
        group = lock_group(group)
        require_concludable(viewer_for(actor.pk), group)
        settled: dict[str, tuple[str, int]] = {}
        for kind in open_work.open_kinds():
            choice = _choice(kind, group, choices or {})
            count = kind.settle(actor=actor, group=group, choice=choice, reason=reason)
            if count:
                settled[kind.name] = choice, count
        group.concluded_reason = reason
        facts = {
            f"{name}_{choice}" if choice else name: count
            for name, (choice, count) in settled.items()
        }
        return _change_state(
            actor,
            group,
            GroupState.CONCLUDED,
            GroupAct.CONCLUDED,
            facts=facts,
            settled=open_work.stored(settled),
        )


def reopen_group(*, actor: Person, group: Group) -> Group:
    """Make a concluded group active again. What was settled stays so."""
    with transaction.atomic():
        group = lock_group(group)
        can_conclude_group.require(viewer_for(actor.pk), group)
        if is_running(group):
            raise _already(group)
        group.concluded_reason = ""
        return _change_state(actor, group, GroupState.ACTIVE, GroupAct.REOPENED)


def require_concludable(viewer: Viewer, group: Group) -> None:
    """Raise NotAllowed unless the viewer can conclude groups, WrongState for a concluded one."""
    can_conclude_group.require(viewer, group)
    if not is_running(group):
        raise _already(group)


def _already(group: Group) -> WrongState:
    state = group.get_state_display().lower()
    return WrongState(_("This group is already %(state)s.") % {"state": state})


def _choice(kind: OpenKind, group: Group, choices: Mapping[str, str]) -> str:
    """Return what was chosen for the kind; "" where nothing can be chosen or nothing is open."""
    if not kind.choices:
        return ""
    choice = choices.get(kind.name, "")
    if choice not in {each.value for each in kind.choices}:
        if kind.count(group):
            raise Invalid(_("Choose what becomes of these."), kind.name)
        return kind.choices[0].value
    return choice


def _change_state(
    actor: Person,
    group: Group,
    to: GroupState,
    verb: GroupAct,
    *,
    facts: Mapping[str, object] | None = None,
    settled: str | None = None,
) -> Group:
    """Save the state, record the act and notify the group. The caller holds the group's lock."""
    group.state = to
    group.concluded_at = timezone.now() if to == GroupState.CONCLUDED else None
    group.version += 1
    group.save(update_fields=["state", "concluded_at", "concluded_reason", "version"])
    entry = record(actor, verb, group, facts=facts)
    changed = GroupAccessChanged(
        group=group.pk, person=actor.pk, state_to=to.value, all_members=1, settled=settled
    )
    notify_in(group, actor, changed, cause=entry.uuid)
    return group


class OpenActionItems(OpenKind):
    name, label = "action_items", gettext_lazy("Open action items")
    choices = (
        Choice(KEEP, gettext_lazy("Leave them on record as open when the group concluded")),
        Choice(DROP, gettext_lazy("Mark them as dropped")),
    )

    def count(self, group: Group) -> int:
        return ActionItem.objects.open().filter(group=group).count()

    def listed(self, group: Group, viewer: Viewer) -> list[OpenObject]:
        items = ActionItem.objects.visible_to(viewer).open().filter(group=group)
        shown = items.select_related("group")[:LISTED_MOST]
        return [OpenObject(str(item), item.get_absolute_url()) for item in shown]

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        return drop_items(actor=actor, group=group) if choice == DROP else self.count(group)

    def sentence(self, choice: str, count: int) -> str:
        words = (
            ngettext("%(n)d action item dropped.", "%(n)d action items dropped.", count)
            if choice == DROP
            else ngettext(
                "%(n)d action item stays on record as open.",
                "%(n)d action items stay on record as open.",
                count,
            )
        )
        return words % {"n": count}


class WaitingRequests(OpenKind):
    """Only counted: staff do not read who asks to join a closed group."""

    name, label = "requests", gettext_lazy("Requests to join")
    outcome = gettext_lazy("We decline them and send each person your reason.")

    def count(self, group: Group) -> int:
        return AdmissionRequest.objects.waiting().filter(group=group).count()

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        return decline_all(actor=actor, group=group, reason=reason)

    def sentence(self, choice: str, count: int) -> str:
        words = ngettext(
            "%(n)d request to join declined.", "%(n)d requests to join declined.", count
        )
        return words % {"n": count}


class OpenInvitations(OpenKind):
    """Only counted: they are addresses of people."""

    name, label = "invitations", gettext_lazy("Open invitations to join")
    outcome = gettext_lazy("We withdraw them. Their links say that they are no longer open.")

    def count(self, group: Group) -> int:
        return group.invitations.open().count()

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        return withdraw_all(actor=actor, group=group)

    def sentence(self, choice: str, count: int) -> str:
        words = ngettext("%(n)d invitation withdrawn.", "%(n)d invitations withdrawn.", count)
        return words % {"n": count}


class CharterDrafts(OpenKind):
    name, label = "charter_drafts", gettext_lazy("Drafts of the charter")
    outcome = gettext_lazy("They stay as drafts. The charter in force stays the last one.")

    def count(self, group: Group) -> int:
        return group.charters.filter(state=CharterState.DRAFT).count()

    def sentence(self, choice: str, count: int) -> str:
        words = ngettext(
            "%(n)d draft of the charter was not adopted.",
            "%(n)d drafts of the charter were not adopted.",
            count,
        )
        return words % {"n": count}


def register_open_kinds() -> None:
    """Called from `apps.ready`."""
    open_work.register(OpenActionItems(), WaitingRequests(), OpenInvitations(), CharterDrafts())
