"""Saving a draft from its form, and the pages that list a person's drafts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.drafts import actions
from common.drafts.choices import PREVIEWS_PER_MINUTE
from common.drafts.models import Draft
from common.drafts.posted import PostedDraft
from common.drafts.saved_time import saved_words
from common.errors import Conflict, DomainError, Invalid
from common.http import throttling
from common.http.errors import status_of
from common.http.redirects import with_draft
from common.http.requests import Request, is_fragment
from common.http.sign_in_required import login_required
from common.text import preview as previews


@require_POST
@login_required
def save(request: Request) -> HttpResponse:
    """Save a draft. Answers JSON to scripts, else redirects to the form."""
    wants_json = request.META.get("HTTP_ACCEPT", "").startswith("application/json")
    try:
        draft = _save(request)
    except DomainError as error:
        if not wants_json:
            raise
        return JsonResponse({"problem": error.message}, status=status_of(error))
    if wants_json:
        words = saved_words(request, draft)
        return JsonResponse({"uuid": str(draft.uuid), "version": draft.version, "words": words})
    messages.success(request, _("Draft saved. We keep it for 30 days."))
    return redirect(with_draft(draft.page, draft.uuid, draft.form))


def _save(request: Request) -> Draft:
    posted = PostedDraft.of(request.POST)
    person_uuid = request.viewer.person_uuid
    if posted is None or person_uuid is None:
        raise Invalid(_("We could not save this draft. Copy your text and reload the page."))
    if posted.owner and posted.owner != str(person_uuid):
        raise Conflict(
            _("Someone else is now signed in to this browser. Copy your text before you continue.")
        )
    return actions.save_posted(person_uuid=person_uuid, posted=posted)


@require_safe
@login_required
def token(request: Request) -> HttpResponse:
    """Return the CSRF token and who is signed in, for a page that was open during a new sign-in."""
    response = JsonResponse(
        {"token": get_token(request), "person": str(request.viewer.person_uuid)}
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def preview(request: Request) -> HttpResponse:
    """Render the text of one field. Nothing is stored."""
    throttling.check("preview", request.user.pk, PREVIEWS_PER_MINUTE, 60)
    name, _dot, kind = request.POST.get("preview", "").rpartition(".")
    context: dict[str, object] = {"kind": kind}
    try:
        context["preview"] = previews.preview(
            request.POST.get(name, ""),
            kind,
            page=request.POST.get("draft-page", ""),
            viewer=request.viewer,
        )
    except Invalid as error:
        context["problem"] = error.message
    template = "drafts/_preview.html" if is_fragment(request) else "drafts/preview.html"
    return render(request, template, context)


@require_safe
@login_required
def drafts(request: Request) -> HttpResponse:
    """List the reader's drafts, latest first."""
    drafts = Draft.objects.of(request.viewer.person_uuid).latest_first()
    return render(request, "drafts/list.html", {"drafts": [_row(draft) for draft in drafts]})


@require_safe
@login_required
def draft(request: Request, uuid: UUID) -> HttpResponse:
    """Show the text of one draft, so that it can be copied when its form is gone."""
    return render(request, "drafts/draft.html", _row(_own(request, uuid)))


@require_POST
@login_required
def discard(request: Request, uuid: UUID) -> HttpResponse:
    """Delete the draft."""
    actions.discard_draft(person_uuid=_own(request, uuid).person_uuid, uuid=uuid)
    if is_fragment(request):
        return HttpResponse("")
    messages.success(request, _("Draft discarded."))
    return redirect("drafts")


def _own(request: Request, uuid: UUID) -> Draft:
    return get_object_or_404(Draft.objects.of(request.viewer.person_uuid), uuid=uuid)


def _row(draft: Draft) -> dict[str, object]:
    return {"draft": draft, "url": with_draft(draft.page, draft.uuid, draft.form)}
