"""Finding the group of an address, with the one rule of what a stranger is told."""

from django.http import Http404

from common.access import Viewer
from common.web.requests import Request
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import can_read_content


def visible_group(viewer: Viewer, slug: str) -> Group:
    """The group whose card this viewer may see. Http404 as for a group that does not exist."""
    found = Group.objects.visible_to(viewer).select_related("focus_area").filter(slug=slug)
    group: Group | None = found.first()
    if group is None:
        raise Http404
    return group


def group_of_member_space(request: Request, slug: str) -> Group:
    """The group whose meetings, discussion, decisions and drafts this viewer may read.

    For views under `member_required`, which has already sent strangers to the sign-in page, for
    groups that exist and groups that do not. Http404 where the viewer sees the card at most.
    """
    group = visible_group(request.viewer, slug)
    if not can_read_content(request.viewer, group):
        raise Http404
    return group
