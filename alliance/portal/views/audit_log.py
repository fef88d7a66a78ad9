"""The record of formal acts: its public head, the reader's own acts, and all acts for staff."""

import json
from collections.abc import Iterable, Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.audit_log import AuditEntry, audit_entries
from common.access.reading import note_object_read
from common.http.errors import not_found_unless
from common.http.pagination import page_of
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.record.models import Record
from common.record.queries import export, head
from members.people.requests import PersonRequest

PAGE = 50


@public_page
@require_safe
def record(request: Request) -> HttpResponse:
    """Show the newest link of the chain, so that anyone can note it down and compare it later."""
    return render(request, "portal/record.html", {"head": head()})


@require_safe
@login_required
def own_acts(request: PersonRequest) -> HttpResponse:
    page = page_of(Record.objects.by_actor(request.user.uuid), request.GET, size=PAGE)
    context = {"page": page, "entries": _entries(request, page.rows), "is_own": True}
    return render(request, "portal/audit_log.html", context)


@require_safe
@login_required
def all_acts(request: PersonRequest) -> HttpResponse:
    """List every act with its actor; names come from current accounts, not from the record."""
    not_found_unless(request.viewer.is_staff)
    page = page_of(Record.objects.newest(), request.GET, size=PAGE)
    context = {"page": page, "entries": _entries(request, page.rows)}
    return render(request, "portal/audit_log.html", context)


def _entries(request: PersonRequest, records: Iterable[Record]) -> list[AuditEntry]:
    """Return the records in words; note the objects that they name as read."""
    entries = audit_entries(records, request.viewer)
    if request.viewer.break_glass_ids:
        for entry in entries:
            if entry.object is not None:
                note_object_read(request, entry.object)
    return entries


@require_safe
@login_required
def export_acts(request: PersonRequest) -> HttpResponseBase:
    """Stream the whole chain as JSON lines, as the stand-alone verifier reads it."""
    not_found_unless(request.viewer.is_staff)
    response = StreamingHttpResponse(lines(), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="record.jsonl"'
    return response


def lines() -> Iterator[str]:
    for entry in export():
        yield json.dumps(entry, ensure_ascii=False) + "\n"
