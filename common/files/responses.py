"""Serving a stored file, or the copy that pages show of a picture.

Callers check first whether the viewer may read it.
"""

import re
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from whitenoise.responders import SlicedFile

from common.files.choices import PictureState, State
from common.files.models import PictureCopy, StoredFile
from common.files.pictures import make_again
from common.files.scanning import refuse_unscanned
from common.http.conditional import conditional, etag_of_content

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def attachment(name: str) -> str:
    """Return the Content-Disposition that saves a file under `name` (RFC 6266, section 4).

    Browsers read `filename*`. Other programs (`curl -OJ`) read `filename` alone and save its bytes
    as they come: those are the name in UTF-8, so that the lines of SHA256SUMS find the file.
    """
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    if name.isascii() and "%" not in name:
        return f'attachment; filename="{quoted}"'
    # A header is text in Latin-1 here: each byte of the UTF-8 is one character.
    as_bytes = quoted.encode().decode("latin-1")
    return f"attachment; filename=\"{as_bytes}\"; filename*=UTF-8''{quote(name, safe='')}"


def show_picture(
    stored: StoredFile, request: HttpRequest | None = None, *, public: bool = False
) -> HttpResponseBase:
    """Return the copy of a picture that pages show.

    Raises Http404 where there is none, and WrongState until the virus scanner has passed the file.
    """
    copy: PictureCopy | None = getattr(stored, "picture", None)
    if stored.state != State.STORED or copy is None or copy.state != PictureState.READY:
        raise Http404
    refuse_unscanned(stored)
    etag = f'"{copy.sha256}"'
    unchanged = get_conditional_response(request, etag=etag) if request else None
    return _guarded(unchanged or _picture(copy), etag, public=public)


def _picture(copy: PictureCopy) -> FileResponse:
    try:
        file = (Path(settings.MEDIA_ROOT) / copy.path).open("rb")
    except FileNotFoundError:
        make_again([copy])
        raise Http404 from None
    response = FileResponse(file, content_type=copy.media_type)
    response["Content-Length"] = str(copy.bytes)
    response["Content-Disposition"] = "inline"
    return response


def download(
    stored: StoredFile, request: HttpRequest | None = None, *, public: bool = False
) -> HttpResponseBase:
    """Return the file as an attachment that no browser runs, whole or in the one requested range.

    With `request`, If-None-Match, Range and If-Range are answered (RFC 9110, sections 13 and 14).
    `public` is for published files, which shared caches may keep for five minutes. Raises Http404
    when the file was discarded, and WrongState until the virus scanner has passed the file.
    """
    if stored.state != State.STORED:
        raise Http404
    refuse_unscanned(stored)
    etag = f'"{stored.sha256}"'
    headers = request.META if request and request.method in {"GET", "HEAD"} else {}
    unchanged = get_conditional_response(request, etag=etag) if request else None
    return _guarded(unchanged or _bytes(stored, headers, etag), etag, public=public)


def made_file(
    request: HttpRequest, content: bytes, name: str, media_type: str, *, public: bool = False
) -> HttpResponse:
    """Return a file made for this request as an attachment, or 304 if the client has it.

    `public` is for content that is the same for everybody; shared caches may keep it five minutes.
    """

    def response() -> HttpResponse:
        file = HttpResponse(content, content_type=media_type)
        file["Content-Disposition"] = attachment(name)
        file["X-Content-Type-Options"] = "nosniff"
        return file

    max_age = 300 if public else 0
    return conditional(request, etag_of_content(content), response, public=public, max_age=max_age)


def _guarded(response: HttpResponseBase, etag: str, *, public: bool) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=300" if public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # django-csp sets the page's policy only where there is none yet.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _bytes(stored: StoredFile, headers: dict[str, str], etag: str) -> HttpResponseBase:
    span = _span(headers, etag, stored.bytes)
    if span == "unsatisfiable":
        refusal = HttpResponse(status=416)
        refusal["Content-Range"] = f"bytes */{stored.bytes}"
        return refusal
    try:
        file = (Path(settings.MEDIA_ROOT) / stored.path).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    start, end = span if isinstance(span, tuple) else (0, stored.bytes - 1)
    content = SlicedFile(file, start, end) if span else file
    response = FileResponse(content, content_type=stored.media_type)
    response["Content-Disposition"] = attachment(stored.name)
    response["Content-Length"] = str(end - start + 1)
    response["Accept-Ranges"] = "bytes"
    if span:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end}/{stored.bytes}"
    return response


def _span(headers: dict[str, str], etag: str, size: int) -> tuple[int, int] | str | None:
    """Return the first and last requested byte, None for the whole file, or "unsatisfiable".

    Several ranges and malformed ones get the whole file (RFC 9110, section 14.2).
    """
    span = _RANGE.fullmatch(headers.get("HTTP_RANGE", ""))
    if not span or headers.get("HTTP_IF_RANGE", etag) != etag or span[0] == "bytes=-":
        return None
    first, last = span.groups()
    if not first:  # a number of bytes at the end
        length = min(int(last), size)
        return (size - length, size - 1) if length else "unsatisfiable"
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    return (start, end) if start < size else "unsatisfiable"
