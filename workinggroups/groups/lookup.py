"""Finding the group at an address, or answering as if it did not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpResponse

from common.access import Viewer
from common.addresses.moved import moved
from common.http.requests import Request
from common.http.sign_in_required import ask_to_sign_in
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import (
    can_manage_people,
    can_read_content,
    can_see_people,
    can_see_profile,
)
from workinggroups.groups.queries import group_by_slug

Arguments = ParamSpec("Arguments")


def visible_group(
    viewer: Viewer, slug: str, sees: Callable[[Viewer, Group], bool] = can_see_profile
) -> Group:
    """Return the group if this viewer sees its profile, or more of it, with its charter's number and
    last day.

    Raises the same Http404 as for a group that does not exist.
    """
    group = group_by_slug.first(slug)
    if group is None or not (can_see_profile(viewer, group) and sees(viewer, group)):
        raise Http404
    return group


def group_of_member_space(request: Request, slug: str) -> Group:
    """Return the group if this viewer reads its meetings, discussion, decisions and drafts.

    Raises Http404 where the viewer sees the profile at most. For views under `login_required`, which
    sends anonymous visitors to the sign-in page whether or not the group exists.
    """
    return visible_group(request.viewer, slug, can_read_content)


def readable_group(request: Request, slug: str, ref: tuple[str, UUID]) -> Group:
    """Return the group for a page about this object, named by kind and uuid.

    As `group_of_member_space`, and for viewers who hold a grant of the object. The caller still loads
    the object from what the viewer can see.
    """
    holds_it = request.viewer.holds_grant(*ref)
    return visible_group(request.viewer, slug, can_see_profile if holds_it else can_read_content)


def require_manager(viewer: Viewer, group: Group) -> None:
    """Raise NotAllowed for a viewer who does not decide who takes part; Http404 for one who does not
    even see who does."""
    if not (can_see_people(viewer, group) or viewer.is_staff):
        raise Http404
    can_manage_people.require(viewer, group)


def hide_from_anonymous(
    view: Callable[Concatenate[Request, Arguments], HttpResponse],
) -> Callable[Concatenate[Request, Arguments], HttpResponse]:
    """Ask anonymous visitors to sign in where the view raises Http404, as for any private page.

    For pages that belong to a group's profile, which may be public.
    """

    @wraps(view)
    def checked(
        request: Request, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if request.viewer.is_anonymous:
                return moved(request) or ask_to_sign_in(request)
            raise

    return checked
