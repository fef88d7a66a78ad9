"""The choice of theme, kept in a cookie so that it works without signing in."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from alliance.portal.context import THEME_COOKIE
from alliance.portal.forms import AppearanceForm
from common.http.form_handling import posted
from common.http.requests import Request

YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: Request) -> HttpResponse:
    """Choose light, dark, or the theme of the reader's system."""
    form = AppearanceForm(posted(request), initial={"theme": request.COOKIES.get(THEME_COOKIE, "")})
    if not form.is_valid():
        return render(request, "portal/appearance.html", {"form": form})
    response = HttpResponseRedirect(request.path)
    if theme := form.cleaned_data["theme"]:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=YEAR, secure=settings.SECURE, samesite="Lax"
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
