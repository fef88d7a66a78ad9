"""The public pages of the site itself: its home, its API, and the texts that staff edit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.portal.actions import edit_site_text
from alliance.portal.api_pages import problems, sections
from alliance.portal.forms import SiteTextForm
from alliance.portal.landing_page import landing_page
from alliance.portal.models import SiteText
from alliance.portal.permissions import can_edit_site_texts
from common.errors import Conflict, Invalid
from common.http.errors import not_found_unless
from common.http.form_handling import posted, status_of
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest


@public_page
@require_safe
def home(request: Request) -> HttpResponse:
    """Show the alliance as an anonymous visitor sees it, the same to everybody."""
    return render(request, "portal/home.html", {"home": landing_page()})


@public_page
@require_safe
def api_page(request: Request) -> HttpResponse:
    """Show what each operation of the API takes and returns, from its OpenAPI schema."""
    return render(request, "portal/api.html", {"sections": sections(), "problems": problems()})


@public_page
@require_safe
def site_text(request: Request, slug: str) -> HttpResponse:
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
    initial = {"title": text.title, "source": text.source, "version": text.version}
    form = SiteTextForm(posted(request), initial=initial)
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
    context = {"text": text, "form": form}
    return render(request, "portal/site_text_edit.html", context, status=status_of(form))
