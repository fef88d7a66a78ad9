"""Files that search could not read or pages cannot show: list them, and try them again."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alliance.portal import failed_files as queries
from common.access.reading import note_read
from common.http.errors import not_found_unless
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest

PAGE = 50
# How many files one click tries again.
AGAIN_MAX = 500


@require_safe
@login_required
def failed_files(request: PersonRequest) -> HttpResponse:
    """List the files that failed; with `?show=partly` those that search has read in part, and with
    `?show=infected` those in which a virus was found."""
    not_found_unless(request.viewer.is_staff)
    show = request.GET.get("show", "")
    lists = {"partly": queries.partly_read_files, "infected": queries.infected_files}
    rows = lists.get(show, queries.failed_files)
    page = Paginator(rows(), PAGE).get_page(request.GET.get("page"))
    files = queries.shown_files(list(page.object_list), request.viewer)
    for file in files:
        if file.is_readable and file.group is not None:
            note_read(request, file.group.pk, file.url)
    context = {
        "page": page,
        "files": files,
        "is_partly": show == "partly",
        "is_infected": show == "infected",
        "is_scanner_set": bool(settings.CLAMD_URL),
    }
    return render(request, "portal/failed_files.html", context)


@require_safe
@login_required
def pdf_files(request: PersonRequest) -> HttpResponse:
    """List the PDF files that failed, and those of which something is missing."""
    not_found_unless(request.viewer.is_staff)
    page = Paginator(queries.pdf_with_gaps(), PAGE).get_page(request.GET.get("page"))
    files = queries.shown_pdf(list(page.object_list), request.viewer)
    for shown in files:
        if shown.meeting is not None:
            note_read(request, shown.meeting.group_id, shown.meeting.get_absolute_url())
    return render(request, "portal/pdf_files.html", {"page": page, "files": files})


@require_POST
@login_required
def file_retry(request: PersonRequest, uuid: str) -> HttpResponse:
    not_found_unless(request.viewer.is_staff)
    files = queries.failed_files() | queries.partly_read_files()
    queries.try_again([get_object_or_404(files, pk=uuid)])
    messages.success(request, _("We will try the file again within a minute."))
    return redirect("staff-files")


@require_POST
@login_required
def file_retry_all(request: PersonRequest) -> HttpResponse:
    """Try everything that failed again, after a disk or a worker was repaired."""
    not_found_unless(request.viewer.is_staff)
    count = queries.try_again(list(queries.failed_files()[:AGAIN_MAX]))
    message = ngettext(
        "We will try %(count)d file again.", "We will try %(count)d files again.", count
    )
    messages.success(request, message % {"count": count})
    return redirect("staff-files")
