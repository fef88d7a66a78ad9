"""Who may do what in a group.

Source of the rules: docs/permissions.md. Each rule is a question about a viewer and a thing at
hand; only `can_manage_people` asks the database, and only for staff. Whether somebody may see the
group at all was asked before, by `visible_to`.
"""

from collections.abc import Callable, Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from members.people.models import Person
from workinggroups.groups.choices import Admission, Content, GroupState, OfficeKind
from workinggroups.groups.models import (
    ActionItem,
    AdmissionRequest,
    BreakGlass,
    Group,
    GroupInvitation,
)
from workinggroups.groups.queries import has_acting_chair


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


def _unless_reading(sentence: Promise) -> Callable[[Viewer, Group], Promise]:
    """The refusal of a rule for staff: another sentence for staff that opened the group to read."""

    def refusal(viewer: Viewer, group: Group) -> Promise:
        if is_reading(viewer, group):
            return _("You opened this group to read it. Close it before you act as staff.")
        return sentence

    return refusal


# --- the group ---------------------------------------------------------------------------------


@rule(_("Staff creates groups."))
def can_create_group(viewer: Viewer) -> bool:
    return viewer.is_staff


def can_see_profile(viewer: Viewer, group: Group) -> bool:
    """May know of the group at all: `Group.objects.visible_to`, asked of one at hand."""
    return group.profile_level <= viewer.read_level(group.pk)


def can_read_content(viewer: Viewer, group: Group) -> bool:
    """Meetings, discussion, decisions and drafts, apart from what a row's own level says."""
    if viewer.is_member(group.pk) or is_reading(viewer, group):
        return True
    return group.content == Content.ALLIANCE and viewer.in_alliance


@rule(_unless_reading(_("The chairs of the group and staff change its settings.")))
def can_edit_group(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk) or acts_as_staff(viewer, group)


@rule(_("Only the chairs of the group can let more people know, join or read."))
def can_widen_group(viewer: Viewer, group: Group) -> bool:
    """Letting more people know of the group, join it or read it: its chairs, never staff."""
    return viewer.is_chair(group.pk)


@rule(_unless_reading(_("Only staff choose addresses.")))
def can_choose_address(viewer: Viewer, group: Group) -> bool:
    """Staff, of a group whose card it sees."""
    return acts_as_staff(viewer, group)


@rule(_unless_reading(_("Staff concludes groups and opens them again.")))
def can_conclude_group(viewer: Viewer, group: Group) -> bool:
    """Ending a group, and opening it again, is for staff."""
    return acts_as_staff(viewer, group)


# --- taking part ---------------------------------------------------------------------------------


def _why_not_join(viewer: Viewer, group: Group) -> Promise:
    """The reason why this viewer takes no place in the group."""
    if viewer.is_staff:
        return _("Staff never names itself into a group. Its chairs can invite you.")
    if not viewer.in_alliance:
        return _("Groups are for members of the alliance. Your organization can apply to join it.")
    if viewer.read_only:
        return _("Your membership is in its grace period: you read everything and join nothing.")
    if viewer.is_member(group.pk):
        return _("You take part in this group already.")
    if group.admission == Admission.INVITATION:
        return _("This group admits by invitation. Write to its chairs.")
    if not is_running(group):
        return _("This group is concluded.")
    return _("Members of the alliance ask to join groups that admit by request.")


@rule(_why_not_join)
def can_take_part(viewer: Viewer, group: Group) -> bool:
    """May take a place, by whichever way the group admits people."""
    return (
        viewer.in_alliance
        and not viewer.read_only
        and not viewer.is_staff
        and not viewer.is_member(group.pk)
        and is_running(group)
    )


@rule(_why_not_join)
def can_join(viewer: Viewer, group: Group) -> bool:
    """Anybody inside the alliance takes a place in an open group; staff never names itself."""
    return can_take_part(viewer, group) and group.admission == Admission.OPEN


@rule(_why_not_join)
def can_ask_to_join(viewer: Viewer, group: Group) -> bool:
    return can_take_part(viewer, group) and group.admission == Admission.REQUEST


@rule(_("Only the one who asked withdraws a request."))
def can_withdraw_request(viewer: Viewer, request: AdmissionRequest) -> bool:
    return viewer.person_id == request.person_id


@rule(_("You do not take part in this group."))
def can_leave(viewer: Viewer, group: Group) -> bool:
    return viewer.is_member(group.pk)


def can_see_people(viewer: Viewer, group: Group) -> bool:
    """The roster: whoever reads the group's content, and staff where the alliance reads it."""
    return can_read_content(viewer, group) or (viewer.is_staff and not is_closed(group))


def is_closed(group: Group) -> bool:
    """What the group writes is for its members only."""
    return group.content == Content.MEMBERS


@rule(_unless_reading(_("The chairs of the group decide who takes part.")))
def can_manage_people(viewer: Viewer, group: Group) -> bool:
    """Adding, removing, levels, invitations, and answering requests.

    In a closed group only its chairs; staff where it has no chair who can act. One query for staff
    at a closed group, none for others.
    """
    if viewer.is_chair(group.pk):
        return True
    return acts_as_staff(viewer, group) and not (is_closed(group) and has_acting_chair(group))


OWN_PLACE = _("Nobody decides about their own place in a group.")


def _why_not_manage(viewer: Viewer, group: Group, person: Person) -> str | Promise:
    """The reason why this viewer does not decide about the person's place."""
    if can_manage_people(viewer, group):
        return OWN_PLACE
    return can_manage_people.refusal(viewer, group)


@rule(_why_not_manage)
def can_manage_person(viewer: Viewer, group: Group, person: Person) -> bool:
    """Those who manage the group's people, but never their own place."""
    return can_manage_people(viewer, group) and viewer.person_id != person.pk


def _why_not_answer(
    viewer: Viewer, invitation: GroupInvitation, addresses: Collection[str]
) -> Promise:
    """The reason why this viewer neither accepts nor declines the invitation."""
    if viewer.person_id is None or invitation.address not in addresses:
        return _("This invitation is for another address.")
    return OWN_PLACE


@rule(_why_not_answer)
def can_answer_invitation(
    viewer: Viewer, invitation: GroupInvitation, addresses: Collection[str]
) -> bool:
    """The owner of the invited address, unless they sent the invitation themselves.

    `addresses` are the ones that the viewer has confirmed.
    """
    return (
        viewer.person_id is not None
        and invitation.address in addresses
        and viewer.person_id != invitation.invited_by_id
    )


# --- offices -------------------------------------------------------------------------------------

CHAIRS_GIVE_OFFICES = _("The chairs give the offices of a group.")


@rule(CHAIRS_GIVE_OFFICES)
def can_appoint(viewer: Viewer, group: Group) -> bool:
    """Naming co-chair and secretary."""
    return viewer.is_chair(group.pk)


@rule(CHAIRS_GIVE_OFFICES)
def can_release(viewer: Viewer, group: Group, person: Person) -> bool:
    """Releasing co-chair and secretary: the chairs, and whoever lays down their own office."""
    return viewer.is_chair(group.pk) or viewer.person_id == person.pk


@rule(_("Only the chair hands the chair over."))
def can_hand_over(viewer: Viewer, group: Group) -> bool:
    return holds_chair(viewer, group)


@rule(_unless_reading(_("Staff sets a group's chair.")))
def can_set_chair(viewer: Viewer, group: Group) -> bool:
    return acts_as_staff(viewer, group)


@rule(_("Staff cannot name itself."))
def can_name_as_chair(viewer: Viewer, person: Person) -> bool:
    """Staff sets others in the chair, never itself."""
    return viewer.person_id != person.pk


# --- charter, milestones ---------------------------------------------------------------------------


def can_see_drafts(viewer: Viewer, group: Group) -> bool:
    """Drafts of the charter are for the group; the version in force goes with its card."""
    return viewer.is_member(group.pk) or is_reading(viewer, group)


CHAIRS_DRAFT = _("The chairs of the group draft its charter.")


@rule(CHAIRS_DRAFT)
def can_draft_charter(viewer: Viewer, group: Group, *, is_first: bool) -> bool:
    """The chairs; the first charter also staff, when it creates the group."""
    return (is_first and can_create_group(viewer)) or can_edit_charter(viewer, group)


@rule(CHAIRS_DRAFT)
def can_edit_charter(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk) and is_running(group)


@rule(_("The chairs record that the group adopted its charter."))
def can_adopt_charter(viewer: Viewer, group: Group) -> bool:
    """By a decision of the group that the chairs record."""
    return viewer.is_chair(group.pk)


@rule(_("Staff adopts the first charter of a group."))
def can_adopt_first_charter(viewer: Viewer) -> bool:
    """Without a decision: staff does so when it creates the group."""
    return can_create_group(viewer)


@rule(_("The chairs of the group plan milestones."))
def can_plan_milestones(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk) and is_running(group)


# --- action items ------------------------------------------------------------------------------------


@rule(_("Participants of the group note what is to be done."))
def can_create_action_item(viewer: Viewer, group: Group) -> bool:
    return viewer.may_write(group.pk) and is_running(group)


@rule(_("Its owner and the chairs of the group change an action item."))
def can_change_action_item(viewer: Viewer, item: ActionItem) -> bool:
    """One's own, and for chairs any: close, reopen, drop, hand to somebody else."""
    if viewer.is_chair(item.group_id):
        return True
    return viewer.may_write(item.group_id) and item.owner_id == viewer.person_id


# --- break-glass -----------------------------------------------------------------------------------


@rule(_("Staff opens groups in which it has no place."))
def can_break_glass(viewer: Viewer, group: Group) -> bool:
    """Staff opens what it has no seat in, with a reason and for at most an hour."""
    return viewer.is_staff and not viewer.is_member(group.pk)


def can_see_openings(viewer: Viewer, group: Group) -> bool:
    """When staff opened the group, why, and what it read: its chairs."""
    return group.pk in viewer.chaired_ids


@rule(_("Whoever opened a group closes it."))
def can_end_break_glass(viewer: Viewer, opened: BreakGlass) -> bool:
    return viewer.person_id == opened.person_id
