"""The directory of groups: the public ones for everyone, more for people in the alliance."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.http.public_pages import public_page
from common.http.requests import Request
from common.names import name_contains
from common.vocabulary.models import FocusArea
from workinggroups.groups.choices import GroupState
from workinggroups.groups.queries import directory, with_figures

PAGE_SIZE = 30


@public_page
@require_safe
def groups(request: Request) -> HttpResponse:
    """Groups by focus area. Filters: `area` (a slug), `mine`, `concluded`, `q` (in the name)."""
    areas = list(FocusArea.objects.all())
    area = next((area for area in areas if area.slug == request.GET.get("area")), None)
    query = " ".join(request.GET.get("q", "").split())[:80]
    groups = directory(request.viewer)
    if area is not None:
        groups = groups.filter(focus_area=area)
    if query:
        groups = groups.filter(name_contains(query))
    if request.GET.get("mine"):
        groups = groups.filter(pk__in=request.viewer.group_ids)
    if not request.GET.get("concluded"):
        groups = groups.exclude(state=GroupState.CONCLUDED)
    page = Paginator(groups, PAGE_SIZE).get_page(request.GET.get("page"))
    listed = [group.pk for group in page]
    shown = with_figures(request.viewer, directory(request.viewer).filter(pk__in=listed))
    return render(
        request,
        "groups/directory.html",
        {
            "page": page,
            "by_area": [
                (area, list(rows))
                for area, rows in groupby(shown, key=lambda group: group.focus_area)
            ],
            "areas": areas,
            "area": area,
            "query": query,
            "mine": request.viewer.group_ids,
        },
    )
