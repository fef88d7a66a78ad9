"""The page of what led to a decision, deliverable or publication, and what followed."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.provenance import provenance_of
from common.access.reading import note_object_read
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest


@public_page
@require_safe
def of_publication(request: Request, uuid: UUID) -> HttpResponse:
    """Show the steps that the reader can see, without sign-in too."""
    return _page(request, "publication", uuid)


@require_safe
@login_required
def of_decision(request: PersonRequest, uuid: UUID) -> HttpResponse:
    return _page(request, "decision", uuid)


@require_safe
@login_required
def of_deliverable(request: PersonRequest, uuid: UUID) -> HttpResponse:
    return _page(request, "deliverable", uuid)


def _page(request: Request, kind: str, uuid: UUID) -> HttpResponse:
    provenance = provenance_of(kind, uuid, request.viewer)
    if provenance is None:
        raise Http404
    if request.viewer.break_glass_ids:
        for obj in provenance.objects:
            note_object_read(request, obj)
    return render(request, "portal/provenance.html", {"provenance": provenance})
