"""Finding invalid text: control characters, lone surrogates, bytes that are not UTF-8.

Nobody types them. XML cannot hold them (section 2.2), so that one in a title would break a feed for
all its readers, and a mail header cannot either.

Each part of a request is first checked as a whole by the cheapest test that can clear it; only a
part that fails is taken apart to name the field.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from common.http.pasted_text import (
    CLEANABLE_BYTES,
    CLEANABLE_ESCAPE,
    clean_controls,
    cleaned_form,
    cleaned_json,
    place_in_bytes,
    place_in_form,
    place_in_text,
)

# NUL to unit separator except tab, line feed and carriage return; DEL; the two noncharacters.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xef\xbf[\xbe\xbf]")
SUSPICIOUS_ESCAPE = re.compile(rb"\\(?:[bf]|u(?:00[017]|[dD][89a-fA-F]|[fF]{3}[eEfF]))")
# Fields with a password, a code or another secret, which is compared byte for byte: never cleaned,
# and never shown or sent again, since someone who reads the screen later must not learn it.
SECRET = re.compile("password|code|secret|token|otp", re.IGNORECASE)
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"


def dirty_field(request: HttpRequest) -> str | None:
    """Return the name of the first part of `request` with invalid text, or None.

    Raises `RequestDataTooBig` when the body is larger than a form can be.
    """
    # By now, bytes of a path that are not UTF-8 are "%FF" in text, which is valid.
    if CONTROL.search(request.path_info):
        return _("address")
    query = str(request.META.get("QUERY_STRING", "")).encode("latin-1", "replace")
    if (field := _dirty_pair(query)) is not None:
        return field
    if request.method in {"GET", "HEAD"}:
        return None
    if request.content_type == FORM:
        return _dirty_form(request)
    if request.content_type == MULTIPART:
        return _dirty_multipart(request)
    return _dirty_json(request.body) if _is_json(request) else None


def count_parts(request: HttpRequest) -> None:
    """Raise TooManyFieldsSent or TooManyFilesSent for a posted form that is over a limit."""
    if request.method not in {"GET", "HEAD"} and request.content_type in {FORM, MULTIPART}:
        len(request.POST)


def clean_body(request: HttpRequest) -> None:
    """Remove or replace the control characters in the values of a posted form or JSON.

    Secrets stay as they were sent. Raises `RequestDataTooBig` for a body larger than a form can be.
    """
    if request.method in {"GET", "HEAD"}:
        return
    if request.content_type == FORM:
        body = request.body
        if CLEANABLE_BYTES.search(unquote_to_bytes(body)):
            _clean_form(request)
    elif request.content_type == MULTIPART:
        values = (value for _name, given in request.POST.lists() for value in given)
        if any(clean_controls(value) is not value for value in values):
            _clean_form(request)
    elif _is_json(request):
        _clean_json(request)


def _clean_form(request: HttpRequest) -> None:
    request.POST = cleaned_form(request.POST, SECRET)  # type: ignore[assignment]


def _clean_json(request: HttpRequest) -> None:
    body = request.body
    if CLEANABLE_ESCAPE.search(body) or CLEANABLE_BYTES.search(body):
        with suppress(UnicodeDecodeError):
            request._body = cleaned_json(body.decode()).encode()


def _is_json(request: HttpRequest) -> bool:
    return request.content_type == JSON or (request.content_type or "").endswith("+json")


def place_of(request: HttpRequest, field: str) -> tuple[int, int] | None:
    """Return line and column of the invalid text in this field of a refused body."""
    with suppress(ValueError, IndexError, RecursionError):
        if request.content_type == FORM:
            return place_in_form(request.body, field)
        if _is_json(request):
            return place_in_bytes(request.body) or _place_in_json(request.body, field)
    return None


def _place_in_json(body: bytes, path: str) -> tuple[int, int] | None:
    value = json.loads(body)
    for step in path.split(".") if path != "body" else []:
        if isinstance(value, list):
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
        else:  # the address was refused, and the body can be anything
            return None
    return place_in_text(value) if isinstance(value, str) else None


def drop_dirty_cookies(request: HttpRequest) -> None:
    """Drop cookies with a NUL, which quoting ("\\000") can smuggle past the server."""
    if "\\" not in request.META.get("HTTP_COOKIE", ""):
        return
    for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
        del request.COOKIES[name]


def has_bad_characters(text: str) -> bool:
    return bool(CONTROL.search(text)) or place_in_text(text) is not None


def _is_text(value: bytes) -> bool:
    if CONTROL_BYTES.search(value):
        return False
    return value.isascii() or place_in_bytes(value) is None


def _dirty_pair(encoded: bytes) -> str | None:
    """Return the field of a URL-encoded query or form whose name or value is invalid text."""
    if _is_text(unquote_to_bytes(encoded)):
        return None
    for pair in encoded.split(b"&"):
        name, _equals, value = pair.partition(b"=")
        if not (_is_text(unquote_to_bytes(name)) and _is_text(unquote_to_bytes(value))):
            return _shown(unquote_to_bytes(name).decode(errors="replace"))
    return ""


def _shown(name: str) -> str:
    """Return the name of a field with control characters replaced, for a message."""
    return CONTROL.sub("\ufffd", name)[:60]


def _dirty_form(request: HttpRequest) -> str | None:
    """Do the same for a posted form, whose values can have been cleaned since they were sent."""
    body = request.body
    if _is_text(unquote_to_bytes(body)):
        return None
    for pair in body.split(b"&"):
        if place_in_bytes(unquote_to_bytes(pair)) is not None:
            name = unquote_to_bytes(pair.partition(b"=")[0])
            return _shown(name.decode(errors="replace"))
    return _dirty_values(request.POST)


def _dirty_values(posted: QueryDict) -> str | None:
    for name, values in posted.lists():
        if has_bad_characters(name) or any(has_bad_characters(value) for value in values):
            return _shown(name)
    return None


def _dirty_multipart(request: HttpRequest) -> str | None:
    if (field := _dirty_values(request.POST)) is not None:
        return field
    for name, uploaded in request.FILES.items():
        if has_bad_characters(getattr(uploaded, "name", "") or ""):
            return _shown(name)
    return None


def _dirty_json(body: bytes) -> str | None:
    if not _is_text(body):
        return "body"
    if not SUSPICIOUS_ESCAPE.search(body):
        return None
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError):
        # Not JSON at all: the parser refuses it.
        return None
    return next(_dirty_paths(loaded, ""), None)


def _dirty_paths(value: object, path: str) -> Iterator[str]:
    if isinstance(value, str):
        if has_bad_characters(value):
            yield path or "body"
    elif isinstance(value, dict):
        for key, item in value.items():
            if has_bad_characters(key):
                yield path or "body"
            yield from _dirty_paths(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _dirty_paths(item, f"{path}.{index}" if path else str(index))
