"""Who can write, review and publish. Source: docs/permissions.md, columns B."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from common.access.rules import rule
from members.people.models import Person
from workinggroups.deliverables.models import Deliverable, ReviewComment
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import rule_while_running, why_concluded


@rule_while_running(
    _("Only participants of the group can create a deliverable. Observers can only read.")
)
def can_create(viewer: Viewer, group: Group) -> bool:
    return viewer.may_write(group.pk) or viewer.is_chair(group.pk)


@rule_while_running(_("Only its editors and the chairs of the group can change a deliverable."))
def can_edit(viewer: Viewer, deliverable: Deliverable, editor_ids: Collection[int]) -> bool:
    """Editors, while their seat lets them write, and the chairs."""
    if viewer.is_chair(deliverable.group_id):
        return True
    return viewer.person_id in editor_ids and viewer.may_write(deliverable.group_id)


@rule_while_running(_("Only the chairs of the group can move a deliverable to its next step."))
def can_lead(viewer: Viewer, deliverable: Deliverable) -> bool:
    """Name editors, open and close a review, publish: the chairs."""
    return viewer.is_chair(deliverable.group_id)


def _why_not_release(viewer: Viewer, deliverable: Deliverable, editor: Person) -> Promise | str:
    return "" if viewer.person_id == editor.pk else why_concluded(viewer, deliverable)


@rule(_("Only the chairs of the group can remove another editor."), closed=_why_not_release)
def can_release_editor(viewer: Viewer, deliverable: Deliverable, editor: Person) -> bool:
    """The chairs can release any editor, and editors themselves at any time."""
    return can_lead.gives_right(viewer, deliverable) or viewer.person_id == editor.pk


@rule_while_running(_("Observers and members in their grace period can read but not comment."))
def can_comment(viewer: Viewer, deliverable: Deliverable) -> bool:
    """Members of the group who can write; in a review by the whole alliance, all who can write."""
    if viewer.is_member(deliverable.group_id):
        return viewer.may_write(deliverable.group_id)
    is_wide = deliverable.level <= Level.ALLIANCE
    return is_wide and viewer.in_alliance and not viewer.read_only


@rule(
    _("Only the author of a comment can withdraw it or say whether the answer satisfies them."),
    closed=lambda viewer, comment: why_concluded(viewer, comment.revision.deliverable),
)
def can_settle_comment(viewer: Viewer, comment: ReviewComment) -> bool:
    """Withdraw the comment, or say whether its answer is satisfactory: its author."""
    return viewer.person_id is not None and viewer.person_id == comment.author_id


@rule(_("Only the chairs of the group and staff can withdraw a publication."))
def can_withdraw(viewer: Viewer, deliverable: Deliverable) -> bool:
    """The chairs, and staff unless they have opened the group by break-glass."""
    if viewer.is_chair(deliverable.group_id):
        return True
    return viewer.is_staff and deliverable.group_id not in viewer.break_glass_ids
