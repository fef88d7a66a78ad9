"""The minutes to print and to hand on: as a page, as PDF, and exactly as they were sealed."""

from uuid import UUID

from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.files.responses import made_file
from common.http.sign_in_required import login_required
from common.pdf.models import PdfFile
from common.pdf.responses import serve
from members.people.requests import PersonRequest
from workinggroups.meetings import documents, permissions
from workinggroups.meetings.attachments import pictures_for
from workinggroups.meetings.choices import SEAL_TEXT, PdfKind
from workinggroups.meetings.minutes_content import minutes_content
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.queries import seal_in_force
from workinggroups.meetings.views.fetch import meeting_of, meeting_page, page, series_of


@require_safe
@login_required
def minutes_print(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Show the minutes as they are printed, with their PDF files and how far those are."""
    meeting = meeting_of(request, slug, address)
    content = minutes_content(meeting)
    html = content.revision.html if content.revision else ""
    context = meeting_page(
        request,
        meeting,
        content=content,
        pictures=pictures_for(meeting, html),
        files=documents.shown_files(content),
        sees_gaps=permissions.sees_gaps(request.viewer, meeting.group),
    )
    return render(request, "meetings/minutes_print.html", context)


@require_POST
@login_required
def minutes_pdf_request(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Ask for a PDF; the page shows how far it is."""
    meeting = meeting_of(request, slug, address)
    try:
        kind = PdfKind(request.POST.get("kind", "minutes"))
    except ValueError:
        raise Http404 from None
    documents.request_minutes(meeting, kind)
    return redirect(f"{meeting.get_absolute_url()}minutes/print/#files")


@require_safe
@login_required
def minutes_pdf(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponseBase:
    """Download a PDF of the meeting."""
    meeting = meeting_of(request, slug, address)
    files = PdfFile.objects.filter(owner_uuid=meeting.uuid, kind__in=list(PdfKind))
    return serve(get_object_or_404(files, pk=uuid), request)


@require_safe
@login_required
def minutes_sealed(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Download exactly what was approved, whose checksum the record holds."""
    meeting = meeting_of(request, slug, address)
    seal = seal_in_force(meeting)
    if seal is None:
        raise Http404
    is_text = seal.form == SEAL_TEXT
    return made_file(
        request,
        seal.content.encode(),
        f"{slug}-{address}-sealed.{'md' if is_text else 'json'}",
        "text/markdown; charset=utf-8" if is_text else "application/json",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def series_minutes(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """List the approved minutes of a series by year; ask for the PDF of a year."""
    series = series_of(request, slug, uuid)
    approved = Meeting.objects.visible_to(request.viewer).filter(
        series=series, minutes_state="approved"
    )
    by_year = approved.annotate(year=ExtractYear("local_date")).values("year")
    years = list(by_year.annotate(count=Count("pk")).order_by("-year"))
    typed = request.POST.get("year") or request.GET.get("year", "")
    known = {str(row["year"]) for row in years}
    if typed and typed not in known:
        raise Http404
    year = int(typed) if typed else (years[0]["year"] if years else None)
    meetings = documents.approved_in(series, request.viewer, year) if year else []
    for meeting in meetings:
        meeting.group = series.group
    if request.method == "POST":
        if year is None:
            return redirect(request.path)
        documents.request_series(series, meetings, year)
        return redirect(f"{request.path}?year={year}")
    context = page(
        request,
        series.group,
        series=series,
        years=years,
        year=year,
        meetings=meetings,
        file=documents.file_of_series(series, meetings, year) if year else None,
        sees_gaps=permissions.sees_gaps(request.viewer, series.group),
    )
    return render(request, "meetings/series_minutes.html", context)


@require_safe
@login_required
def series_minutes_pdf(
    request: PersonRequest, slug: str, uuid: UUID, file: UUID
) -> HttpResponseBase:
    """Download a PDF with minutes of the series, if the reader can read all of them."""
    series = series_of(request, slug, uuid)
    row = get_object_or_404(PdfFile.objects.filter(owner_uuid=series.uuid), pk=file)
    if not documents.is_readable(row, request.viewer):
        raise Http404
    return serve(row, request)
