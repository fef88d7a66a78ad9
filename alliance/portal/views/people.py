"""The page of a person, and the directory of people who chose to be listed."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from alliance.portal import people
from alliance.portal.permissions import can_see_address
from common.access.reading import note_read
from common.http.errors import not_found_unless
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest

PAGE_SIZE = 50


@require_safe
@login_required
def person(request: PersonRequest, uuid: UUID) -> HttpResponse:
    viewer = request.viewer
    shown = get_object_or_404(people.people_seen_by(viewer), uuid=uuid)
    seats = people.seats_seen_by(viewer, shown)
    for seat in seats:
        note_read(request, seat.group_id, request.path)
    context = {
        "shown": shown,
        "affiliations": people.organizations_of([shown], viewer)[shown.pk],
        "seats": seats,
        "represents": people.representations_of(shown, viewer),
        "works": people.publications_of(shown),
        "can_see_address": can_see_address(viewer, shown),
    }
    return render(request, "portal/person.html", context)


@require_safe
@login_required
def directory(request: PersonRequest) -> HttpResponse:
    """List people for the alliance; others get a 404."""
    not_found_unless(request.viewer.in_alliance)
    query = " ".join(request.GET.get("q", "").split())[:80]
    listed = people.directory(request.viewer, query)
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page)
    affiliations = people.organizations_of(rows, request.viewer)
    context = {
        "page": page,
        "query": query,
        "rows": [(row, affiliations[row.pk]) for row in rows],
        "is_listed": request.user.in_directory,
    }
    return render(request, "portal/directory.html", context)
