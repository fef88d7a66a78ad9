"""Finding the text that is none: control characters, lone surrogates, bytes that are not UTF-8.

Nobody types them, no XML can hold them (section 2.2), so one in a title would break a feed for all
its readers, and no mail may carry them in a header.

Each part of a request is first judged as a whole by the cheapest test that can clear it; only a
part that fails is taken apart to name the field.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

# NUL to unit separator but for tab, line feed and carriage return; DEL; the two that are none.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xef\xbf[\xbe\xbf]")
SUSPICIOUS_ESCAPE = re.compile(rb"\\(?:[bf]|u(?:00[017]|[dD][89a-fA-F]|[fF]{3}[eEfF]))")
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"


def dirty_field(request: HttpRequest) -> str | None:
    """The name of the first part of `request` that holds no text, or None when all is clean.

    Raises `RequestDataTooBig` when the body is larger than a form may be.
    """
    # Bytes of a path that are not UTF-8 are "%FF" in text by now, as in the name of a file: text.
    if CONTROL.search(request.path_info):
        return _("address")
    query = str(request.META.get("QUERY_STRING", "")).encode("latin-1", "replace")
    if (field := _dirty_pair(query)) is not None:
        return field
    if request.method in {"GET", "HEAD"}:
        return None
    return _dirty_body(request)


def drop_dirty_cookies(request: HttpRequest) -> None:
    """Forgets cookies with a NUL, which quoting ("\\000") can smuggle past the server."""
    if "\\" not in request.META.get("HTTP_COOKIE", ""):
        return
    for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
        del request.COOKIES[name]


def has_bad_characters(text: str) -> bool:
    return bool(CONTROL.search(text)) or (not text.isascii() and not _is_encodable(text))


def _dirty_body(request: HttpRequest) -> str | None:
    if request.content_type == FORM:
        return _dirty_pair(request.body)
    if request.content_type == MULTIPART:
        return _dirty_multipart(request)
    if request.content_type == JSON or (request.content_type or "").endswith("+json"):
        return _dirty_json(request.body)
    return None


def _is_text(value: bytes) -> bool:
    if CONTROL_BYTES.search(value):
        return False
    if value.isascii():
        return True
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _dirty_pair(encoded: bytes) -> str | None:
    """The field of a URL-encoded query or form whose name or value is no text."""
    if _is_text(unquote_to_bytes(encoded) if b"%" in encoded else encoded):
        return None
    for pair in encoded.split(b"&"):
        name, _equals, value = pair.partition(b"=")
        if not (_is_text(unquote_to_bytes(name)) and _is_text(unquote_to_bytes(value))):
            return _shown(unquote_to_bytes(name).decode(errors="replace"))
    return ""


def _shown(name: str) -> str:
    """The name of a field, fit to be shown."""
    return CONTROL.sub("\ufffd", name)[:60]


def _dirty_multipart(request: HttpRequest) -> str | None:
    posted: QueryDict = request.POST
    for name, values in posted.lists():
        if has_bad_characters(name) or any(has_bad_characters(value) for value in values):
            return _shown(name)
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
        # Not JSON at all: the parser says so in its own words.
        return None
    return next(_dirty_paths(loaded, ""), None)


def _dirty_paths(value: Any, path: str) -> Iterator[str]:
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
