"""Show, cite and withdraw a publication."""

import re

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalogue import citations, publication_history
from catalogue.choices import TEXT_INLINE_CHARACTERS
from catalogue.forms import WithdrawForm
from catalogue.queries import versions_of_work
from catalogue.views.public import answer, is_impersonal
from common.files.responses import made_file
from common.http.form_handling import posted, status_of
from common.http.page_limit import uncounted
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.text.markdown import plain
from common.vocabulary.licences import LICENCES
from common.vocabulary.models import FocusArea
from members.people.recent_sign_in import recent_sign_in_required
from members.people.requests import PersonRequest
from workinggroups.deliverables import actions, pictures
from workinggroups.deliverables.models import Publication
from workinggroups.deliverables.permissions import can_withdraw

_HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)


@public_page
@uncounted
@require_safe
def publication(request: Request, identifier: str, number: str = "") -> HttpResponse:
    """Show a version, or the latest one; a withdrawn version is a tombstone with its reason."""
    versions = _versions(identifier)
    shown = _chosen(versions, number)
    annotated = vars(shown)
    parts = (
        *("publication", shown.uuid, annotated["renderer_version"], *_file_states(shown)),
        *annotated["comment_states"],
        *((v.uuid, v.is_latest, v.withdrawn_at) for v in versions),
    )
    return answer(request, parts, lambda: _page(request, shown, versions))


@public_page
@uncounted
@require_safe
def full_text(request: Request, identifier: str, number: str) -> HttpResponse:
    """Show a long text on a page of its own."""
    version = served_version(identifier, number)
    revision = version.revision

    def page() -> HttpResponse:
        context = {
            "publication": version,
            "contents": _contents(revision.html),
            "pictures": pictures.in_publication(version, revision.html),
        }
        return render(request, "catalogue/text.html", context)

    state = (version.uuid, revision.renderer_version, version.is_latest, *_file_states(version))
    return answer(request, ("text", *state), page)


@public_page
@uncounted
@require_safe
def cite(request: Request, identifier: str, number: str, ending: str) -> HttpResponse:
    """Send the citation as a file for a reference manager. A withdrawn version can be cited too."""
    shown = _chosen(_versions(identifier), number)
    if ending not in citations.FORMATS:
        raise Http404
    media_type, make = citations.FORMATS[ending]
    name = f"{shown.identifier}-{shown.number}.{ending}"
    return made_file(request, make(shown).encode(), name, media_type, public=True)


@uncounted
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_required
def withdraw(request: PersonRequest, identifier: str, number: str) -> HttpResponse:
    """Let the chairs, or staff, withdraw a version; its page stays and says why."""
    version = served_version(identifier, number)
    can_withdraw.require(request.viewer, version.deliverable)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        actions.withdraw(actor=request.user, publication=version, **form.cleaned_data)
        messages.success(
            request, _("Version withdrawn. The group and all contributors have been notified.")
        )
        return redirect("publication-version", identifier, number)
    context = {"form": form, "publication": version}
    return render(request, "catalogue/withdraw.html", context, status=status_of(form))


def served_version(identifier: str, number: str) -> Publication:
    """Return a version that is not withdrawn; raises Http404."""
    rows = (
        Publication.objects.standing()
        .with_file_states()
        .select_related("revision", "deliverable__group")
    )
    return get_object_or_404(rows, identifier=identifier, number=number)


def _versions(identifier: str) -> list[Publication]:
    """Return all versions of the work, the newest first; raises Http404."""
    versions = versions_of_work(identifier)
    if not versions:
        raise Http404
    return versions


def _chosen(versions: list[Publication], number: str) -> Publication:
    for version in versions:
        if version.number == number or (not number and version.is_latest):
            return version
    raise Http404


def _page(request: Request, shown: Publication, versions: list[Publication]) -> HttpResponse:
    html, files = "", []
    if not shown.is_withdrawn:
        html = shown.revision.html
        files = list(shown.revision.files.select_related("stored__picture"))
    is_inline = len(html) <= TEXT_INLINE_CHARACTERS
    context = {
        "publication": shown,
        "versions": versions,
        "latest": next(version for version in versions if version.is_latest),
        "licence": LICENCES.get(shown.licence),
        "area": FocusArea.objects.filter(slug=shown.focus_area_slug).first(),
        "result": publication_history.result_words(shown.approval),
        "history": publication_history.history_of(shown),
        "citation": citations.plain(shown),
        "address": citations.address(shown),
        "contents": _contents(html),
        "is_inline": is_inline,
        "files": files,
        "pictures": pictures.in_publication(shown, html, files=files) if is_inline else {},
        "can_withdraw": not shown.is_withdrawn
        and not is_impersonal(request)
        and can_withdraw(request.viewer, shown.deliverable),
    }
    return render(request, "catalogue/publication.html", context)


def _file_states(publication: Publication) -> list[object]:
    """Return what the pages of the publication show of its files."""
    # Without a scanner no file is held back, also not one that was waiting for it.
    return [*publication.file_states, bool(settings.CLAMD_URL)]


def _contents(html: str) -> list[tuple[str, str]]:
    """Return the anchor and heading of each section of the text."""
    return [(anchor, plain(words)) for anchor, words in _HEADING.findall(html)]
