"""What every page knows: the name of the site, the theme, and the ways through it."""

from typing import Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from alliance.portal import installation
from alliance.portal.navigation import Navigation, public_items
from common.http.requests import Request

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def site(request: Request) -> dict[str, Any]:
    """The context of every template that is drawn for a request; costs no query by itself.

    `has_session` guards whatever would open the session: a visitor without one gets the same
    bytes as every other. `layout` is the desk for somebody signed in and the journal for all
    others, for pages that both may read.
    """
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    theme = request.COOKIES.get(THEME_COOKIE, "")
    is_signed_in = has_session and request.user.is_authenticated
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "DEVELOPMENT": settings.DEVELOPMENT,
        "is_demo": installation.is_demo,
        "has_session": has_session,
        "theme": theme if theme in THEMES else "",
        "layout": "base_app.html" if is_signed_in else "base_public.html",
        "nav": SimpleLazyObject(lambda: Navigation(request)),
        "public_nav": public_items(request.path),
    }
