"""Reading and checking the hidden draft fields of a posted form."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict

from common.http.form_recovery import DRAFT_NAMES
from common.http.redirects import PATH_MAX, is_own_path

# Query parameters that choose what is shown beside the form, and not the form's object.
IGNORED_PARAMETERS = frozenset({"draft", "page", "after", "cursor", "with", "against"})


@dataclass(frozen=True)
class PostedDraft:
    """The identity of a draft as its form posts it, and the values to save."""

    uuid: UUID
    tab: str
    version: int
    page: str
    form: str
    label: str
    owner: str
    # The field to preview and the kind of its text, such as "source.notes"; "" for other posts.
    preview: str
    fields: dict[str, list[str]]

    @classmethod
    def of(cls, data: QueryDict) -> Self | None:
        """Return the draft that a posted form names; None when it names none or is malformed."""
        page, form = data.get("draft-page", ""), data.get("draft-form", "")
        try:
            uuid = UUID(data.get("draft", ""))
        except ValueError:
            return None
        if not form or len(form) > 80 or not is_own_path(page):
            return None
        given = data.get("draft-version", "")
        version = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
        return cls(
            uuid=uuid,
            tab=data.get("draft-tab", "")[:16],
            version=version,
            page=page,
            form=form,
            label=data.get("draft-label", "")[:120],
            owner=data.get("draft-owner", ""),
            preview=data.get("preview", "")[:120],
            fields={
                name: [str(value) for value in values]
                for name, values in data.lists()
                if name not in DRAFT_NAMES and name != "csrfmiddlewaretoken"
            },
        )


def page_of(request: HttpRequest) -> str:
    """Return the address of the page without query parameters that do not concern its form."""
    query = [
        (name, value)
        for name, value in parse_qsl(request.META.get("QUERY_STRING", ""))
        if name not in IGNORED_PARAMETERS
    ]
    page = f"{request.path}?{urlencode(query)}" if query else request.path
    return page if len(page) <= PATH_MAX else request.path[:PATH_MAX]
