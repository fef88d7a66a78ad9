"""Lists of action items, of a group and of one person in all groups, as pages and as CSV."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.files.responses import made_file
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups.item_csv import items_csv
from workinggroups.groups.item_lists import (
    CHAIRED,
    DUE,
    MINE,
    STATES,
    Filters,
    filtered,
    owners_in,
    rows_of,
)
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import ActionItem, Group
from workinggroups.groups.models.action_items import ActionItemQuerySet
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_create_action_item

PAGE_SIZE = 50


@require_safe
@login_required
def group_items(request: PersonRequest, slug: str) -> HttpResponse:
    """The action items of a group. Filters: `state`, `owner`, `due` (`item_lists.Filters`)."""
    group = group_of_member_space(request, slug)
    filters = Filters.of(request.GET.dict())
    context = {
        **group_page_context(request, group, "actions"),
        **_list_context(request, _of_group(request, group), filters),
        "owners": owners_in(group, request.viewer),
        "csv_url": reverse("group-actions-csv", args=[slug]),
        "can_create": can_create_action_item(request.viewer, group),
    }
    return render(request, "groups/action_items.html", context)


@require_safe
@login_required
def group_items_csv(request: PersonRequest, slug: str) -> HttpResponse:
    """Download the filtered list of a group."""
    group = group_of_member_space(request, slug)
    items = _of_group(request, group)
    return _csv(request, items, f"{group.slug}-action-items.csv")


@require_safe
@login_required
def own_items(request: PersonRequest) -> HttpResponse:
    """The person's action items in all groups; `whose=chaired` are those of groups they chair."""
    filters = Filters.of(request.GET.dict())
    context = {
        **_list_context(request, _of_person(request), filters),
        "whose": _whose(request),
        "chairs": bool(request.viewer.chaired_ids),
        "csv_url": reverse("own-action-items-csv"),
    }
    return render(request, "groups/own_action_items.html", context)


@require_safe
@login_required
def own_items_csv(request: PersonRequest) -> HttpResponse:
    """Download the filtered list of the person's items."""
    return _csv(request, _of_person(request), "action-items.csv")


def _of_group(request: PersonRequest, group: Group) -> ActionItemQuerySet:
    return ActionItem.objects.within(group.pk, request.viewer.read_level(group.pk))


def _whose(request: PersonRequest) -> str:
    return CHAIRED if request.GET.get("whose") == CHAIRED else MINE


def _of_person(request: PersonRequest) -> ActionItemQuerySet:
    """Return the items of groups in which the person has a seat: their own, or all of the chaired."""
    visible = ActionItem.objects.visible_to(request.viewer)
    if _whose(request) == CHAIRED:
        return visible.filter(group_id__in=request.viewer.chaired_ids)
    return visible.filter(group_id__in=request.viewer.group_ids).owned_by(request.user.pk)


def _list_context(
    request: PersonRequest, items: ActionItemQuerySet, filters: Filters
) -> dict[str, object]:
    shown = filtered(items, filters, request.viewer).select_related("group", "closed_by")
    page = Paginator(shown.with_owners(), PAGE_SIZE).get_page(request.GET.get("page"))
    chosen = {key: value for key, value in request.GET.dict().items() if key != "page"}
    return {
        "page": page,
        "rows": rows_of(page.object_list, request.viewer),
        "filters": filters,
        "states": STATES,
        "due": DUE,
        "query": urlencode(chosen),
    }


def _csv(request: PersonRequest, items: ActionItemQuerySet, name: str) -> HttpResponse:
    """Answer with the items that pass the filters of the address.

    The file begins with a byte order mark, without which spreadsheet programs guess another
    encoding.
    """
    shown = filtered(items, Filters.of(request.GET.dict()), request.viewer)
    related = shown.select_related("group", "created_by", "closed_by").with_owners()
    content = items_csv(related, request.viewer).encode("utf-8-sig")
    return made_file(request, content, name, "text/csv; charset=utf-8")
