"""Who may do what in a group. Pure questions about a viewer and a thing; nothing is fetched.

Source of the rules: docs/permissions.md. Whether somebody may see the group at all was asked
before, by `visible_to`.
"""

from common.access import Viewer
from workinggroups.groups.choices import Admission, Content, GroupState, OfficeKind
from workinggroups.groups.models import ActionItem, BreakGlass, Group


def is_running(group: Group) -> bool:
    return group.state != GroupState.CONCLUDED


def holds_chair(viewer: Viewer, group: Group) -> bool:
    """Chair, not co-chair: the one who may hand the office over."""
    seat = viewer.seats.get(group.pk)
    return bool(seat and not seat.read_only and OfficeKind.CHAIR in seat.offices)


def is_reading(viewer: Viewer, group: Group) -> bool:
    """Opened the group by break-glass: reads everything in it and does nothing about it."""
    return group.pk in viewer.break_glass_ids


def acts_as_staff(viewer: Viewer, group: Group) -> bool:
    """Staff, unless it has the group open to read."""
    return viewer.is_staff and not is_reading(viewer, group)


# --- the group ---------------------------------------------------------------------------------


def can_create_group(viewer: Viewer) -> bool:
    return viewer.is_staff


def can_see_card(viewer: Viewer, group: Group) -> bool:
    """May know of the group at all: `Group.objects.visible_to`, asked of one at hand."""
    return group.card_level <= viewer.reach(group.pk)


def can_read_content(viewer: Viewer, group: Group) -> bool:
    """Meetings, discussion, decisions and drafts, apart from what a row's own level says."""
    if viewer.is_member(group.pk) or is_reading(viewer, group):
        return True
    return group.content == Content.ALLIANCE and viewer.in_alliance


def can_edit_group(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk) or acts_as_staff(viewer, group)


def can_widen_group(viewer: Viewer, group: Group) -> bool:
    """Letting more people know of the group, join it or read it: its chairs, never staff."""
    return viewer.is_chair(group.pk)


def can_choose_address(viewer: Viewer, group: Group) -> bool:
    """Staff, of a group whose card it sees."""
    return acts_as_staff(viewer, group)


def can_conclude_group(viewer: Viewer, group: Group) -> bool:
    """Ending a group, and opening it again, is for staff."""
    return acts_as_staff(viewer, group)


# --- taking part ---------------------------------------------------------------------------------


def can_join(viewer: Viewer, group: Group) -> bool:
    """Anybody inside the alliance takes a place in an open group; staff never names itself."""
    return can_come(viewer, group) and group.admission == Admission.OPEN


def can_ask_to_join(viewer: Viewer, group: Group) -> bool:
    return can_come(viewer, group) and group.admission == Admission.REQUEST


def can_come(viewer: Viewer, group: Group) -> bool:
    """May take a place, by whichever way the group admits people."""
    return (
        viewer.in_alliance
        and not viewer.read_only
        and not viewer.is_staff
        and not viewer.is_member(group.pk)
        and is_running(group)
    )


def can_leave(viewer: Viewer, group: Group) -> bool:
    return viewer.is_member(group.pk)


def can_see_people(viewer: Viewer, group: Group) -> bool:
    """The roster: whoever reads the group's content, and staff where the alliance reads it."""
    return can_read_content(viewer, group) or (viewer.is_staff and not is_closed(group))


def is_closed(group: Group) -> bool:
    """What the group writes is for its members only."""
    return group.content == Content.MEMBERS


def can_manage_people(viewer: Viewer, group: Group, *, has_chair: bool) -> bool:
    """Adding, removing, levels, and answering requests. Staff never does so for itself.

    In a closed group only its chairs; staff where it has no chair who can act.
    """
    if viewer.is_chair(group.pk):
        return True
    return acts_as_staff(viewer, group) and not (is_closed(group) and has_chair)


def can_appoint(viewer: Viewer, group: Group) -> bool:
    """Naming and releasing co-chair and secretary."""
    return viewer.is_chair(group.pk)


def can_hand_over(viewer: Viewer, group: Group) -> bool:
    return holds_chair(viewer, group)


def can_set_chair(viewer: Viewer, group: Group) -> bool:
    return acts_as_staff(viewer, group)


# --- charter, milestones ---------------------------------------------------------------------------


def can_see_drafts(viewer: Viewer, group: Group) -> bool:
    """Drafts of the charter are for the group; the version in force goes with its card."""
    return viewer.is_member(group.pk) or is_reading(viewer, group)


def can_edit_charter(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk) and is_running(group)


def can_adopt_charter(viewer: Viewer, group: Group) -> bool:
    """By a recorded decision; the first one staff adopts when it creates the group."""
    return viewer.is_chair(group.pk)


def can_plan_milestones(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk) and is_running(group)


# --- action items ------------------------------------------------------------------------------------


def can_create_action_item(viewer: Viewer, group: Group) -> bool:
    return viewer.may_write(group.pk) and is_running(group)


def can_change_action_item(viewer: Viewer, item: ActionItem) -> bool:
    """One's own, and for chairs any: close, reopen, drop, hand to somebody else."""
    if viewer.is_chair(item.group_id):
        return True
    return viewer.may_write(item.group_id) and item.owner_id == viewer.person_id


# --- break-glass -----------------------------------------------------------------------------------


def can_break_glass(viewer: Viewer, group: Group) -> bool:
    """Staff opens what it has no seat in, with a reason and for at most an hour."""
    return viewer.is_staff and not viewer.is_member(group.pk)


def can_see_openings(viewer: Viewer, group: Group) -> bool:
    """When staff opened the group, why, and what it read: its chairs."""
    return group.pk in viewer.chaired_ids


def can_end_break_glass(viewer: Viewer, opened: BreakGlass) -> bool:
    return viewer.person_id == opened.person_id
