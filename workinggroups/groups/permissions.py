"""Who can do what in a group.

Source of the rules: docs/permissions.md. Each rule is a question about a viewer and an object that
the viewer can see. Only `can_manage_people`, for staff, and `can_change_action_item`, for the owners
of an item, ask the database.
"""

from collections.abc import Callable, Collection
from typing import ParamSpec, Protocol

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from common.access.rules import Refusal, Rule, rule
from members.people.models import Person
from workinggroups.groups.choices import Admission, Content, GroupState, OfficeKind
from workinggroups.groups.contributions import Contribution
from workinggroups.groups.models import (
    ActionItem,
    ActionItemComment,
    AdmissionRequest,
    BreakGlass,
    CharterVersion,
    Group,
    GroupInvitation,
)
from workinggroups.groups.queries import has_acting_chair

P = ParamSpec("P")

OPENED = _("You opened this group to read it. End your access before you act as staff.")
CONCLUDED = _("This group has concluded. You can read its pages but not change them.")


def is_running(group: Group) -> bool:
    return group.state != GroupState.CONCLUDED


def holds_chair(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer is chair, not co-chair: only the chair hands the office over."""
    seat = viewer.seats.get(group.pk)
    return bool(seat and not seat.read_only and OfficeKind.CHAIR in seat.offices)


def is_reading(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer opened the group by break-glass: they read everything and change nothing."""
    return group.pk in viewer.break_glass_ids


def acts_as_staff(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer is staff who have not opened the group by break-glass."""
    return viewer.is_staff and not is_reading(viewer, group)


def _unless_reading(sentence: Promise) -> Callable[[Viewer, Group], Promise]:
    """Return the refusal of a rule for staff, with another sentence for those who opened the group."""
    return lambda viewer, group: OPENED if is_reading(viewer, group) else sentence


class InGroup(Protocol):
    """An object that belongs to a group."""

    group_id: int
    group: Group


def why_concluded(
    viewer: Viewer, thing: Group | InGroup, *_rest: object, **_more: object
) -> Promise | str:
    """Return that the group has concluded, or "" while it runs.

    No query for people of the group, whose seat says it; for others the object's group is read.
    """
    if isinstance(thing, Group):
        return "" if is_running(thing) else CONCLUDED
    seat = viewer.seats.get(thing.group_id)
    has_concluded = seat.has_concluded if seat else not is_running(thing.group)
    return CONCLUDED if has_concluded else ""


def rule_while_running(refusal: Refusal) -> Callable[[Callable[P, bool]], Rule[P]]:
    """Make a predicate a rule that a concluded group closes to everybody.

    Its second argument is the group, or an object with a `group`. docs/permissions.md lists what
    stays possible in a concluded group; all other rules of a group's work are made by this.
    """
    return rule(refusal, closed=why_concluded)


@rule(_("Only staff can create groups."))
def can_create_group(viewer: Viewer) -> bool:
    return viewer.is_staff


def can_see_profile(viewer: Viewer, group: Group) -> bool:
    """The same rule as `Group.objects.visible_to`, for one group."""
    return group.profile_level <= viewer.read_level(group.pk)


def can_read_content(viewer: Viewer, group: Group) -> bool:
    """Meetings, discussion, decisions and drafts; the level of a row may hide it all the same."""
    if viewer.is_member(group.pk) or is_reading(viewer, group):
        return True
    return group.content == Content.ALLIANCE and viewer.in_alliance


@rule_while_running(
    _unless_reading(_("Only the group's chairs and staff can change its settings."))
)
def can_edit_group(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk) or acts_as_staff(viewer, group)


@rule(_("Only the group's chairs can let more people see, join or read it."))
def can_widen_group(viewer: Viewer, group: Group) -> bool:
    """Letting more people see, join or read the group: its chairs, never staff."""
    return viewer.is_chair(group.pk)


@rule(_unless_reading(_("Only staff can change a group's address.")))
def can_choose_address(viewer: Viewer, group: Group) -> bool:
    return acts_as_staff(viewer, group)


@rule(_unless_reading(_("Only staff can conclude or reopen a group.")))
def can_conclude_group(viewer: Viewer, group: Group) -> bool:
    return acts_as_staff(viewer, group)


def _why_not_join(viewer: Viewer, group: Group) -> Promise:
    if viewer.is_staff:
        return _("Staff cannot add themselves to a group. Ask its chairs to invite you.")
    if not viewer.in_alliance:
        return _("Only members can join groups. Your organization can apply for membership.")
    if viewer.read_only:
        return _("Your membership is in its grace period. You can read but not join groups.")
    if viewer.is_member(group.pk):
        return _("You are already in this group.")
    if group.admission == Admission.INVITATION:
        return _("This group is by invitation only. Ask its chairs to invite you.")
    if not is_running(group):
        return _("This group has concluded.")
    return _("How people join this group has changed. Reload the page and try again.")


@rule(_why_not_join)
def can_take_part(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer could take part, in whichever way the group admits people."""
    return (
        viewer.in_alliance
        and not viewer.read_only
        and not viewer.is_staff
        and not viewer.is_member(group.pk)
        and is_running(group)
    )


@rule(_why_not_join)
def can_join(viewer: Viewer, group: Group) -> bool:
    """Everyone in the alliance can join an open group, except staff."""
    return can_take_part(viewer, group) and group.admission == Admission.OPEN


@rule(_why_not_join)
def can_ask_to_join(viewer: Viewer, group: Group) -> bool:
    return can_take_part(viewer, group) and group.admission == Admission.REQUEST


@rule(_("Only the person who asked to join can withdraw the request."))
def can_withdraw_request(viewer: Viewer, request: AdmissionRequest) -> bool:
    return viewer.person_id == request.person_id


@rule(_("You are not in this group."))
def can_leave(viewer: Viewer, group: Group) -> bool:
    return viewer.is_member(group.pk)


def can_see_people(viewer: Viewer, group: Group) -> bool:
    """The roster: readers of the group's content, and staff where the alliance reads it."""
    return can_read_content(viewer, group) or (viewer.is_staff and not is_closed(group))


def is_closed(group: Group) -> bool:
    """Whether only members read what the group writes."""
    return group.content == Content.MEMBERS


@rule(_unless_reading(_("The group's chairs decide who takes part.")))
def can_manage_people(viewer: Viewer, group: Group) -> bool:
    """Adding, removing, levels, invitations, and answering requests.

    In a closed group only its chairs; staff where it has no chair who can act. One query for staff
    at a closed group, none for others.
    """
    if viewer.is_chair(group.pk):
        return True
    return acts_as_staff(viewer, group) and not (is_closed(group) and has_acting_chair(group))


OWN_SEAT = _("You cannot decide about your own place in a group.")


def _why_not_manage(viewer: Viewer, group: Group, person: Person) -> str | Promise:
    if can_manage_people(viewer, group):
        return OWN_SEAT
    return can_manage_people.refusal(viewer, group)


@rule_while_running(_why_not_manage)
def can_manage_person(viewer: Viewer, group: Group, person: Person) -> bool:
    """Those who manage the group's people, but never their own seat."""
    return can_manage_people(viewer, group) and viewer.person_id != person.pk


@rule(_why_not_manage)
def can_decline_request(viewer: Viewer, group: Group, person: Person) -> bool:
    """Telling a person that they are not admitted, also once the group has concluded."""
    return can_manage_people(viewer, group) and viewer.person_id != person.pk


def _why_not_answer(
    viewer: Viewer, invitation: GroupInvitation, addresses: Collection[str]
) -> Promise:
    if viewer.person_id is None or invitation.address not in addresses:
        return _("This invitation is for a different address.")
    return OWN_SEAT


@rule(_why_not_answer)
def can_answer_invitation(
    viewer: Viewer, invitation: GroupInvitation, addresses: Collection[str]
) -> bool:
    """The owner of the invited address, unless they sent the invitation themselves.

    `addresses` are the viewer's confirmed ones.
    """
    return (
        viewer.person_id is not None
        and invitation.address in addresses
        and viewer.person_id != invitation.invited_by_id
    )


CHAIRS_GIVE_OFFICES = _("Only the group's chairs can appoint or remove officers.")


@rule_while_running(CHAIRS_GIVE_OFFICES)
def can_appoint(viewer: Viewer, group: Group) -> bool:
    """Appointing co-chairs and secretaries."""
    return viewer.is_chair(group.pk)


def _why_not_release(viewer: Viewer, group: Group, person: Person) -> Promise | str:
    return "" if viewer.person_id == person.pk else why_concluded(viewer, group)


@rule(CHAIRS_GIVE_OFFICES, closed=_why_not_release)
def can_release(viewer: Viewer, group: Group, person: Person) -> bool:
    """Removing co-chairs and secretaries: the chairs, and officers who step down at any time."""
    return viewer.is_chair(group.pk) or viewer.person_id == person.pk


@rule_while_running(_("Only the chair can hand the chair over."))
def can_hand_over(viewer: Viewer, group: Group) -> bool:
    return holds_chair(viewer, group)


@rule_while_running(_unless_reading(_("Only staff can appoint a group's chair.")))
def can_set_chair(viewer: Viewer, group: Group) -> bool:
    return acts_as_staff(viewer, group)


@rule(_("You cannot appoint yourself as chair."))
def can_name_as_chair(viewer: Viewer, person: Person) -> bool:
    return viewer.person_id != person.pk


def can_see_drafts(viewer: Viewer, group: Group) -> bool:
    """Drafts of the charter are for the group; the version in force is part of its profile."""
    return viewer.is_member(group.pk) or is_reading(viewer, group)


def can_read_draft(viewer: Viewer, group: Group, draft: CharterVersion) -> bool:
    """The group, and whoever votes about this draft."""
    return can_see_drafts(viewer, group) or viewer.holds_grant("charter_version", draft.uuid)


CHAIRS_DRAFT = _("Only the group's chairs can draft its charter.")


@rule_while_running(CHAIRS_DRAFT)
def can_draft_charter(viewer: Viewer, group: Group, *, is_first: bool) -> bool:
    """The chairs; staff too for the first charter, when they create the group."""
    return (is_first and can_create_group(viewer)) or can_edit_charter(viewer, group)


@rule_while_running(CHAIRS_DRAFT)
def can_edit_charter(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk)


@rule_while_running(_("Only the group's chairs can record that it adopted its charter."))
def can_adopt_charter(viewer: Viewer, group: Group) -> bool:
    """Adopting a charter by a decision of the group, which its chairs record."""
    return viewer.is_chair(group.pk)


@rule(_("Only staff can adopt the first charter of a group."))
def can_adopt_first_charter(viewer: Viewer) -> bool:
    """Adopting a charter without a decision: staff, when they create the group."""
    return can_create_group(viewer)


@rule_while_running(_("Only the group's chairs can plan milestones."))
def can_plan_milestones(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk)


@rule_while_running(_("Only participants of the group can add action items."))
def can_create_action_item(viewer: Viewer, group: Group) -> bool:
    return viewer.may_write(group.pk)


@rule_while_running(_("Only its owners and the group's chairs can change an action item."))
def can_change_action_item(viewer: Viewer, item: ActionItem) -> bool:
    """Closing, dropping, reopening, editing or reassigning it: each of its owners, and the chairs.

    One query for a person who is not chair, unless the item's owners are loaded.
    """
    if viewer.is_chair(item.group_id):
        return True
    return viewer.may_write(item.group_id) and viewer.person_id in item.owner_ids


@rule_while_running(_("Only participants of the group can comment on its action items."))
def can_comment_on_item(viewer: Viewer, item: ActionItem) -> bool:
    """People who can write in the group; the chairs on an item that only they read."""
    if item.level == Level.CHAIRS:
        return viewer.is_chair(item.group_id)
    return viewer.may_write(item.group_id)


@rule_while_running(_("Only the author of a comment can edit it."))
def can_edit_comment(viewer: Viewer, comment: ActionItemComment) -> bool:
    """Whether the viewer is the author; `is_editable` says whether they still can."""
    return viewer.person_id == comment.author_id


def is_editable(viewer: Viewer, contribution: Contribution) -> bool:
    """Its author, for EDIT_HOURS, unless it is hidden, and while they can write in the group."""
    return (
        viewer.person_id == contribution.author_id
        and viewer.may_write(contribution.group_id)
        and not why_concluded(viewer, contribution)
        and not contribution.is_hidden
        and timezone.now() < contribution.editable_until
    )


@rule(_("Only the group's chairs can hide a comment."))
def can_hide_comment(viewer: Viewer, comment: ActionItemComment) -> bool:
    return viewer.is_chair(comment.group_id)


def can_read_hidden(viewer: Viewer, group: Group) -> bool:
    """The text of hidden posts and comments."""
    return viewer.is_chair(group.pk) or is_reading(viewer, group)


@rule_while_running(_("Only participants of the group can hand their action items over."))
def can_hand_over_items(viewer: Viewer, group: Group) -> bool:
    """Giving one's own open items to another person on leaving the group."""
    return viewer.may_write(group.pk)


@rule(_("Only staff who are not in the group can open it."))
def can_break_glass(viewer: Viewer, group: Group) -> bool:
    return viewer.is_staff and not viewer.is_member(group.pk)


def can_see_openings(viewer: Viewer, group: Group) -> bool:
    """When staff opened the group, why, and what they read: the chairs."""
    return group.pk in viewer.chaired_ids


@rule(_("Only the person who opened the group can end that access."))
def can_end_break_glass(viewer: Viewer, opening: BreakGlass) -> bool:
    return viewer.person_id == opening.person_id
