"""What was typed into a refused form, so that the error page can show it again.

Nothing is stored: the text goes into the error page, which makes this safe for anonymous senders
and bounded by the size limit of the request.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from common.http.input_text import CONTROL, SECRET
from common.http.redirects import is_own_path, with_draft

# Hidden fields for drafts (`common.drafts`) and for `once`, beside the fields of the form itself.
DRAFT_NAMES = frozenset(
    {
        *("draft", "draft-tab", "draft-version", "draft-page", "draft-form", "draft-label"),
        *("draft-owner", "draft-save", "preview", "once"),
    }
)


@dataclass(frozen=True)
class RecoveredField:
    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").replace("-", " ").strip().capitalize()

    @property
    def is_long(self) -> bool:
        return len(self.value) > 80 or "\n" in self.value


@dataclass(frozen=True)
class RecoveredForm:
    """A posted form: its fields in order, and the names of files that have to be selected again."""

    fields: list[RecoveredField] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.readable)

    @property
    def readable(self) -> list[RecoveredField]:
        """The fields to show to a person: not the empty ones and not those of the draft."""
        return [item for item in self.fields if item.value.strip() and item.name not in DRAFT_NAMES]

    @property
    def page(self) -> str:
        """The address of the page with the form; "" when the form does not say."""
        page = self._posted("draft-page")
        return page if is_own_path(page) else ""

    @property
    def draft_url(self) -> str:
        """The address of the page with the form, filled with its draft; "" without a draft."""
        form = self._posted("draft-form")
        try:
            return with_draft(self.page, UUID(self._posted("draft")), form) if self.page else ""
        except ValueError:
            return ""

    def _posted(self, name: str) -> str:
        return next((item.value for item in self.fields if item.name == name), "")


def recovered_form(request: HttpRequest) -> RecoveredForm:
    """Return the posted form without secrets and control characters; empty when it is unreadable."""
    if request.method != "POST":
        return RecoveredForm()
    try:
        files = [str(getattr(uploaded, "name", "")) for uploaded in request.FILES.values()]
        return RecoveredForm(list(_fields(request.POST)), files)
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        return RecoveredForm()


def _fields(posted: QueryDict) -> Iterator[RecoveredField]:
    for name, values in posted.lists():
        if not SECRET.search(name):
            for value in values:
                yield RecoveredField(CONTROL.sub("", name), CONTROL.sub("", value))
