"""Downloads of a publication: its files, its text, and their checksums."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from catalogue.views.publications import served_version
from common.files.responses import download as serve
from common.files.responses import made_file, show_picture
from common.http.page_limit import uncounted
from common.http.public_pages import public_page
from workinggroups.deliverables import checksums
from workinggroups.deliverables.models import RevisionFile


@require_safe
def download(request: HttpRequest, identifier: str, number: str, name: str) -> HttpResponseBase:
    """Send a file of a version that is not withdrawn."""
    return serve(_file(identifier, number, name).stored, request, public=True)


@uncounted
@require_safe
def figure(request: HttpRequest, identifier: str, number: str, name: str) -> HttpResponseBase:
    """Send the copy of a picture that the text of a version shows."""
    return show_picture(_file(identifier, number, name).stored, request, public=True)


@public_page
@require_safe
def text_source(request: HttpRequest, identifier: str, number: str) -> HttpResponse:
    """Send the Markdown of which the checksum is, byte for byte, under its name in the manifest."""
    version = served_version(identifier, number)
    return _plain(request, version.revision.source, checksums.TEXT_NAME, "text/markdown")


@public_page
@require_safe
def manifest(request: HttpRequest, identifier: str, number: str) -> HttpResponse:
    """Send the manifest of which the approved checksum is, as `sha256sum --check` reads it."""
    version = served_version(identifier, number)
    files = version.revision.files.select_related("stored")
    text = checksums.manifest(version.revision.source, files)
    return _plain(request, text, checksums.MANIFEST_NAME, "text/plain")


def _file(identifier: str, number: str, name: str) -> RevisionFile:
    version = served_version(identifier, number)
    files = RevisionFile.objects.select_related("stored__picture")
    return get_object_or_404(files, revision=version.revision_id, name=name)


def _plain(request: HttpRequest, text: str, name: str, media_type: str) -> HttpResponse:
    return made_file(request, text.encode(), name, f"{media_type}; charset=utf-8", public=True)
