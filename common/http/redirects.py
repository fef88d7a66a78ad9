"""Where a form leads once it has done its work."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """To the page of this site that the form names in `next`, else to `otherwise`."""
    target = request.POST.get("next", "")
    if is_own_path(target):
        return HttpResponseRedirect(target)
    return HttpResponseRedirect(otherwise)


# As many characters as a stored path may have.
PATH_MAX = 500


def is_own_path(path: str) -> bool:
    """A path of this site: a posted address can send nobody elsewhere."""
    if not path.startswith("/") or len(path) > PATH_MAX or "\\" in path:
        return False
    return url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def with_draft(page: str, uuid: object, form: str) -> str:
    """The address of a page whose form is filled with a draft."""
    joint = "&" if urlsplit(page).query else "?"
    return f"{page}{joint}draft={uuid}#draft-{form}"
