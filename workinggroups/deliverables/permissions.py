"""Who writes, reviews and publishes. Source: docs/permissions.md, columns B."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from workinggroups.deliverables.models import Deliverable, ReviewComment
from workinggroups.groups.models import Group

WHO_CREATES = _("Only participants of the group begin a deliverable; observers read.")
WHO_EDITS = _("Only its editors and the chairs of the group change a deliverable.")
WHO_LEADS = _("Only the chairs of the group take a deliverable to its next step.")
WHO_COMMENTS = _("Observers, and members in their period of grace, read and do not comment.")
WHO_WITHDRAWS_COMMENT = _("Only whoever wrote a comment takes it back or says it is settled.")
WHO_WITHDRAWS = _("Only the chairs of the group and staff withdraw a publication.")


def can_create(viewer: Viewer, group: Group) -> bool:
    return viewer.may_write(group.pk) or viewer.is_chair(group.pk)


def can_edit(viewer: Viewer, deliverable: Deliverable, editor_ids: Collection[int]) -> bool:
    """Its editors while they have a seat that writes, and the chairs."""
    if viewer.is_chair(deliverable.group_id):
        return True
    return viewer.person_id in editor_ids and viewer.may_write(deliverable.group_id)


def can_lead(viewer: Viewer, deliverable: Deliverable) -> bool:
    """Name editors, open and close a review, publish: the chairs."""
    return viewer.is_chair(deliverable.group_id)


def can_comment(viewer: Viewer, deliverable: Deliverable) -> bool:
    """Members who write; in a review of the whole alliance everybody inside who writes."""
    if viewer.is_member(deliverable.group_id):
        return viewer.may_write(deliverable.group_id)
    is_wide = deliverable.level <= Level.ALLIANCE
    return is_wide and viewer.in_alliance and not viewer.read_only


def is_commenter(viewer: Viewer, comment: ReviewComment) -> bool:
    return viewer.person_id is not None and viewer.person_id == comment.author_id


def can_withdraw(viewer: Viewer, deliverable: Deliverable) -> bool:
    """A publication is withdrawn by the chairs, and by staff where nobody else is left to."""
    if viewer.is_chair(deliverable.group_id):
        return True
    return viewer.is_staff and deliverable.group_id not in viewer.break_glass_ids
