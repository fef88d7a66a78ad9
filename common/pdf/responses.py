"""Serving a PDF. Callers check first whether the viewer can read what it was made of."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from common.files.responses import attachment
from common.pdf.actions import touch
from common.pdf.keeping import bytes_of
from common.pdf.models import PdfFile


def serve(file: PdfFile, request: HttpRequest) -> HttpResponseBase:
    """Return the file as an attachment. Raises Http404 until it is made, and once its bytes are gone."""
    if not file.is_ready:
        raise Http404
    etag = f'"{file.sha256}"'
    touch(file)
    response = get_conditional_response(request, etag=etag) or _bytes(file)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _bytes(file: PdfFile) -> FileResponse:
    try:
        opened = bytes_of(file).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, content_type="application/pdf")
    response["Content-Disposition"] = attachment(file.name)
    response["Content-Length"] = str(file.bytes)
    return response
