"""Saving a draft from its form, and the pages on which somebody finds their drafts again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.drafts import actions
from common.drafts.choices import PREVIEWS_PER_MINUTE
from common.drafts.models import Draft
from common.drafts.posted import PostedDraft
from common.drafts.wording import saved_words
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
    """Keep what stands in a form; a script is told when, a browser without one is led back."""
    wants_json = request.META.get("HTTP_ACCEPT", "").startswith("application/json")
    try:
        draft = _save(request)
    except DomainError as error:
        if not wants_json:
            raise
        return JsonResponse({"problem": error.message}, status=status_of(error))
    if wants_json:
        return JsonResponse(
            {
                "uuid": str(draft.uuid),
                "version": draft.version,
                "words": _("Draft saved %(when)s") % {"when": saved_words(request, draft)},
            }
        )
    messages.success(request, _("Draft saved. It is kept for 30 days."))
    return redirect(with_draft(draft.page, draft.uuid, draft.form))


def _save(request: Request) -> Draft:
    posted = PostedDraft.of(request.POST)
    person_uuid = request.viewer.person_uuid
    if posted is None or person_uuid is None:
        raise Invalid(_("This form says too little about itself to be kept. Reload its page."))
    if posted.owner and posted.owner != str(person_uuid):
        raise Conflict(
            _("Somebody else is signed in in this browser now. Copy your text before you go on.")
        )
    return actions.save_draft(
        person_uuid=person_uuid,
        uuid=posted.uuid,
        page=posted.page,
        form=posted.form,
        fields=posted.fields,
        label=posted.label,
        tab=posted.tab,
        version=posted.version,
    )


@require_safe
@login_required
def token(request: Request) -> HttpResponse:
    """The token for forms and who is signed in, for a page that stayed open through a sign-in."""
    response = JsonResponse(
        {"token": get_token(request), "person": str(request.viewer.person_uuid)}
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def preview(request: Request) -> HttpResponse:
    """The text of one field as it will be shown. Nothing is stored."""
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
    """All drafts of the reader, the latest first."""
    found = Draft.objects.of(request.viewer.person_uuid).latest_first()
    return render(request, "drafts/list.html", {"drafts": [_row(draft) for draft in found]})


@require_safe
@login_required
def draft(request: Request, uuid: UUID) -> HttpResponse:
    """The words of one draft to copy, wherever its form has gone."""
    return render(request, "drafts/draft.html", _row(_own(request, uuid)))


@require_POST
@login_required
def discard(request: Request, uuid: UUID) -> HttpResponse:
    """The draft is gone for good."""
    actions.discard_draft(person_uuid=_own(request, uuid).person_uuid, uuid=uuid)
    if is_fragment(request):
        return HttpResponse("")
    messages.success(request, _("Draft discarded."))
    return redirect("drafts")


def _own(request: Request, uuid: UUID) -> Draft:
    found = Draft.objects.of(request.viewer.person_uuid).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _row(draft: Draft) -> dict[str, object]:
    return {"draft": draft, "url": with_draft(draft.page, draft.uuid, draft.form)}
