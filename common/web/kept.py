"""What somebody typed into a form that could not be taken, so that the error page gives it back.

Nothing is stored: the text goes back into the page it came from, which makes this safe for
anonymous senders and bounded by the request's own size limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from common.web.hygiene import CONTROL

# Never shown or sent again: whoever reads the screen later must not learn or reuse them.
SECRET_WORDS = ("password", "code", "secret", "token", "otp")


@dataclass(frozen=True)
class KeptField:
    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").replace("-", " ").strip().capitalize()

    @property
    def is_long(self) -> bool:
        return len(self.value) > 80 or "\n" in self.value


@dataclass(frozen=True)
class Kept:
    """A posted form: its fields in order, and the names of files that have to be chosen again."""

    fields: list[KeptField] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(item.value.strip() for item in self.fields)

    @property
    def readable(self) -> list[KeptField]:
        """Fields worth showing to a person: not the empty ones."""
        return [item for item in self.fields if item.value.strip()]


def kept(request: HttpRequest) -> Kept:
    """The form that `request` posts, without secrets and what is no text; nothing if unreadable."""
    if request.method != "POST":
        return Kept()
    try:
        return Kept(list(_fields(request.POST)), _file_names(request))
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        return Kept()


def _file_names(request: HttpRequest) -> list[str]:
    return [str(getattr(uploaded, "name", "")) for uploaded in request.FILES.values()]


def _fields(posted: QueryDict) -> Iterator[KeptField]:
    for name, values in posted.lists():
        if any(word in name.lower() for word in SECRET_WORDS):
            continue
        for value in values:
            yield KeptField(CONTROL.sub("", name), CONTROL.sub("", value))
