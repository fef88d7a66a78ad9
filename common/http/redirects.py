"""Where a form redirects after its action."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """Redirect to the page of this site that the form names in `next`, else to `otherwise`."""
    target = request.POST.get("next", "")
    if is_own_path(target):
        return HttpResponseRedirect(target)
    return HttpResponseRedirect(otherwise)


# The size of the columns that store a path, in characters.
PATH_MAX = 500


def is_own_path(path: str) -> bool:
    """Whether this is a path of our site, so that a posted address cannot redirect elsewhere."""
    if not path.startswith("/") or len(path) > PATH_MAX or "\\" in path:
        return False
    return url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def with_draft(page: str, uuid: object, form: str) -> str:
    """Return the address of a page whose form is filled with a draft."""
    separator = "&" if urlsplit(page).query else "?"
    return f"{page}{separator}draft={uuid}#draft-{form}"
