"""The context of every page: the name of the site, the theme, and the navigation."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from alliance.portal import installation
from alliance.portal.navigation import Navigation, public_items
from common.http.requests import Request

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def site(request: Request) -> dict[str, object]:
    """Return the context of every template that is rendered for a request; no query by itself.

    Templates check `has_session` before anything that opens the session, so that all visitors
    without one get the same bytes. `layout` is the app shell for a signed-in person and the public
    site for others, on pages that both can read.
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
