"""The page of one publication, its citations, and its withdrawal."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
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
    """One version, or the latest; a withdrawn one is a tombstone with its reason."""
    versions = _versions(identifier)
    shown = _chosen(versions, number)
    renderer_version = shown.renderer_version  # type: ignore[attr-defined]  # annotated
    parts = (
        *("publication", shown.uuid, renderer_version, *_file_states(shown)),
        *shown.comment_states,  # type: ignore[attr-defined]  # annotated
        *((v.uuid, v.is_latest, v.withdrawn_at) for v in versions),
    )
    return answer(request, parts, lambda: _page(request, shown, versions))


@public_page
@uncounted
@require_safe
def full_text(request: Request, identifier: str, number: str) -> HttpResponse:
    """A long text on a page of its own."""
    found = standing(identifier, number)

    def page() -> HttpResponse:
        html = found.revision.html
        context = {
            "publication": found,
            "contents": _contents(html),
            "pictures": pictures.in_publication(found, html),
        }
        return render(request, "catalogue/text.html", context)

    renderer_version = found.revision.renderer_version
    parts = ("text", found.uuid, renderer_version, found.is_latest, *_file_states(found))
    return answer(request, parts, page)


@public_page
@uncounted
@require_safe
def cite(request: Request, identifier: str, number: str, ending: str) -> HttpResponse:
    """The citation as a file for a reference manager. A withdrawn version can still be cited."""
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
    """The chairs, or staff, take a version back; its page stays and says why."""
    found = standing(identifier, number)
    can_withdraw.require(request.viewer, found.deliverable)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        actions.withdraw(actor=request.user, publication=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("The version is withdrawn; everybody concerned is told."))
        return redirect("publication-version", identifier, number)
    context = {"form": form, "publication": found}
    return render(request, "catalogue/withdraw.html", context, status=status_of(form))


def standing(identifier: str, number: str) -> Publication:
    """A version that is served: published and not withdrawn; Http404 else."""
    rows = (
        Publication.objects.standing()
        .with_file_states()
        .select_related("revision", "deliverable__group")
    )
    found = rows.filter(identifier=identifier, number=number).first()
    if found is None:
        raise Http404
    return found


def _versions(identifier: str) -> list[Publication]:
    """All versions of the work, the newest first, with what the page shows of the chosen one."""
    found = versions_of_work(identifier)
    if not found:
        raise Http404
    return found


def _chosen(versions: list[Publication], number: str) -> Publication:
    for version in versions:
        if version.number == number or (not number and version.is_latest):
            return version
    raise Http404


def _page(request: Request, shown: Publication, versions: list[Publication]) -> HttpResponse:
    html = "" if shown.is_withdrawn else shown.revision.html
    files = (
        [] if shown.is_withdrawn else list(shown.revision.files.select_related("stored__picture"))
    )
    is_inline = len(html) <= TEXT_INLINE_CHARACTERS
    context: dict[str, Any] = {
        "publication": shown,
        "versions": versions,
        "latest": next(version for version in versions if version.is_latest),
        "licence": LICENCES.get(shown.licence),
        "area": FocusArea.objects.filter(slug=shown.focus_area_slug).first(),
        "result": publication_history.result_words(shown.approval),
        "trail": publication_history.history_of(shown),
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
    """What its pages show of its files, as `with_file_states` asked."""
    states: list[str] = publication.file_states
    # Without a scanner no file is kept back, whatever it waited for before.
    return [*states, bool(settings.CLAMD_URL)]


def _contents(html: str) -> list[tuple[str, str]]:
    """Anchor and words of each section of the text."""
    return [(anchor, plain(words)) for anchor, words in _HEADING.findall(html)]
