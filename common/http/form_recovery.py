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

from common.http.input_text import CONTROL
from common.http.redirects import is_own_path, with_draft

# Never shown or sent again: someone who reads the screen later must not learn or reuse them.
SECRET_WORDS = ("password", "code", "secret", "token", "otp")


def is_secret(name: str) -> bool:
    """Whether the field, by its name, holds a password, a code or another secret."""
    return any(word in name.lower() for word in SECRET_WORDS)


# Hidden fields for drafts (`common.drafts`) and for `once`, beside the fields of the form itself.
DRAFT_NAMES = frozenset(
    {
        *("draft", "draft-tab", "draft-version", "draft-page", "draft-form", "draft-label"),
        *("draft-owner", "draft-save", "preview"),
        "once",
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
        return RecoveredForm(list(_fields(request.POST)), _file_names(request))
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        return RecoveredForm()


def _file_names(request: HttpRequest) -> list[str]:
    return [str(getattr(uploaded, "name", "")) for uploaded in request.FILES.values()]


def _fields(posted: QueryDict) -> Iterator[RecoveredField]:
    for name, values in posted.lists():
        if is_secret(name):
            continue
        for value in values:
            yield RecoveredField(CONTROL.sub("", name), CONTROL.sub("", value))
