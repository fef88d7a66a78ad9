"""Who writes, reviews and publishes. Source: docs/permissions.md, columns B."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from common.access.rules import rule
from members.people.models import Person
from workinggroups.deliverables.models import Deliverable, ReviewComment
from workinggroups.groups.models import Group


@rule(_("Only participants of the group begin a deliverable; observers read."))
def can_create(viewer: Viewer, group: Group) -> bool:
    return viewer.may_write(group.pk) or viewer.is_chair(group.pk)


@rule(_("Only its editors and the chairs of the group change a deliverable."))
def can_edit(viewer: Viewer, deliverable: Deliverable, editor_ids: Collection[int]) -> bool:
    """Its editors while they have a seat that writes, and the chairs."""
    if viewer.is_chair(deliverable.group_id):
        return True
    return viewer.person_id in editor_ids and viewer.may_write(deliverable.group_id)


@rule(_("Only the chairs of the group take a deliverable to its next step."))
def can_lead(viewer: Viewer, deliverable: Deliverable) -> bool:
    """Name editors, open and close a review, publish: the chairs."""
    return viewer.is_chair(deliverable.group_id)


@rule(_("Only the chairs of the group take a deliverable to its next step."))
def can_release_editor(viewer: Viewer, deliverable: Deliverable, editor: Person) -> bool:
    """The chairs release any editor; every editor can release themselves."""
    return can_lead(viewer, deliverable) or viewer.person_id == editor.pk


@rule(_("Observers, and members in their period of grace, read and do not comment."))
def can_comment(viewer: Viewer, deliverable: Deliverable) -> bool:
    """Members who write; in a review of the whole alliance everybody inside who writes."""
    if viewer.is_member(deliverable.group_id):
        return viewer.may_write(deliverable.group_id)
    is_wide = deliverable.level <= Level.ALLIANCE
    return is_wide and viewer.in_alliance and not viewer.read_only


@rule(_("Only whoever wrote a comment takes it back or says it is settled."))
def can_settle_comment(viewer: Viewer, comment: ReviewComment) -> bool:
    """Take the comment back, or say whether its answer settles the matter: its author."""
    return viewer.person_id is not None and viewer.person_id == comment.author_id


@rule(_("Only the chairs of the group and staff withdraw a publication."))
def can_withdraw(viewer: Viewer, deliverable: Deliverable) -> bool:
    """A publication is withdrawn by the chairs, and by staff where nobody else is left to."""
    if viewer.is_chair(deliverable.group_id):
        return True
    return viewer.is_staff and deliverable.group_id not in viewer.break_glass_ids
