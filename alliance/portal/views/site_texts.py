"""The public pages whose text staff edit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.portal.actions import edit_site_text
from alliance.portal.forms import SiteTextForm
from alliance.portal.models import SiteText
from alliance.portal.permissions import can_edit_site_texts
from common.errors import Conflict, Invalid
from common.http.errors import not_found_unless
from common.http.public_pages import public_page
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest


@public_page
@require_safe
def site_text(request: HttpRequest, slug: str) -> HttpResponse:
    text = get_object_or_404(SiteText, slug=slug)
    return render(request, "portal/site_text.html", {"text": text})


@require_safe
@login_required
def site_texts(request: PersonRequest) -> HttpResponse:
    not_found_unless(can_edit_site_texts(request.viewer))
    texts = SiteText.objects.select_related("edited_by")
    return render(request, "portal/site_texts.html", {"texts": texts})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Edit a page. On a conflict, show the saved text too; saving again then replaces it."""
    not_found_unless(can_edit_site_texts(request.viewer))
    text = get_object_or_404(SiteText, slug=slug)
    if request.method == "GET":
        form = SiteTextForm(
            initial={"title": text.title, "source": text.source, "version": text.version}
        )
        return render(request, "portal/site_text_edit.html", {"text": text, "form": form})
    form = SiteTextForm(request.POST)
    if form.is_valid():
        try:
            edit_site_text(actor=request.user, text=text, **form.cleaned_data)
        except Conflict:
            text.refresh_from_db()
            context = {"text": text, "form": form.against(text.version), "saved_meanwhile": text}
            return render(request, "portal/site_text_edit.html", context, status=409)
        except Invalid as error:
            form.add_error("source", error.message)
        else:
            messages.success(request, _("Page saved."))
            return redirect(text)
    return render(request, "portal/site_text_edit.html", {"text": text, "form": form}, status=422)
