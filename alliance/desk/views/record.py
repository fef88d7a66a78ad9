"""The record of formal acts: its public head, one's own acts, and all of them for staff."""

import json
from collections.abc import Iterable, Iterator

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.desk.acts import Act, acts
from common.access.reading import note_thing
from common.record.models import Record
from common.record.queries import export, head
from common.web.pagination import page_of
from common.web.public_pages import public_page
from common.web.requests import Request
from common.web.views import login_required
from members.people.requests import PersonRequest

PAGE = 50


@public_page
@require_safe
def record(request: Request) -> HttpResponse:
    """The newest link, for anybody to note down and compare later."""
    return render(request, "desk/record.html", {"head": head()})


@require_safe
@login_required
def own_acts(request: PersonRequest) -> HttpResponse:
    page = page_of(Record.objects.by_actor(request.user.uuid), request.GET, size=PAGE)
    context = {"page": page, "acts": _read(request, page.rows), "is_own": True}
    return render(request, "desk/acts.html", context)


@require_safe
@login_required
def all_acts(request: PersonRequest) -> HttpResponse:
    """Every act with who did it; names are read from today's accounts, never kept in the record."""
    if not request.viewer.is_staff:
        raise Http404
    page = page_of(Record.objects.newest(), request.GET, size=PAGE)
    context = {"page": page, "acts": _read(request, page.rows)}
    return render(request, "desk/acts.html", context)


def _read(request: PersonRequest, rows: Iterable[Record]) -> list[Act]:
    """The rows in words; the things they name are noted as read."""
    read = acts(rows, request.viewer)
    if request.viewer.break_glass_ids:
        for act in read:
            if act.thing is not None:
                note_thing(request, act.thing)
    return read


@require_safe
@login_required
def export_acts(request: PersonRequest) -> HttpResponseBase:
    """The whole chain as JSON lines, in the form that the stand-alone verifier reads."""
    if not request.viewer.is_staff:
        raise Http404
    response = StreamingHttpResponse(lines(), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="record.jsonl"'
    return response


def lines() -> Iterator[str]:
    for entry in export():
        yield json.dumps(entry, ensure_ascii=False) + "\n"
