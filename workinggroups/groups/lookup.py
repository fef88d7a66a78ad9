"""Finding the group of an address, with the one rule of what a stranger is told."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import Http404
from django.http.response import HttpResponseBase

from common.access import Viewer
from common.addresses.moved import moved
from common.http.requests import Request
from common.http.sign_in_required import ask_to_sign_in
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import can_read_content, can_see_profile
from workinggroups.groups.queries import group_by_slug

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def visible_group(viewer: Viewer, slug: str) -> Group:
    """The group whose card this viewer may see, with its charter's number and last day.

    Http404 as for a group that does not exist.
    """
    group = group_by_slug.first(slug)
    if group is None or not can_see_profile(viewer, group):
        raise Http404
    return group


def group_of_member_space(request: Request, slug: str) -> Group:
    """The group whose meetings, discussion, decisions and drafts this viewer may read.

    For views under `login_required`, which has already sent strangers to the sign-in page, for
    groups that exist and groups that do not. Http404 where the viewer sees the card at most.
    """
    group = visible_group(request.viewer, slug)
    if not can_read_content(request.viewer, group):
        raise Http404
    return group


def hide_from_anonymous(view: View) -> View:
    """For pages that go with a group's card, which may be public: what a stranger does not find
    asks for the sign-in, whether it exists or not; somebody signed in gets the one 404."""

    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if request.viewer.is_anonymous:
                return moved(request) or ask_to_sign_in(request)
            raise

    return cast(View, checked)
