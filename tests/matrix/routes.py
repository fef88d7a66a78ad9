"""Every address the site answers, with its methods, as the URL resolver knows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    methods: frozenset[str]
    callback: Any


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: Any, prefix: str) -> Iterator[Route]:
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(entry.name or pattern, pattern, _methods(entry.callback), entry.callback)
        else:
            yield from _walk(entry.url_patterns, pattern)


def _methods(callback: Any) -> frozenset[str]:
    """As Django's decorators of views or a DRF view declare them; HEAD goes with GET."""
    declared = _decorated(callback)
    if declared is None and (actions := getattr(callback, "actions", None)):
        declared = {method.upper() for method in actions}
    if declared is None and (view := getattr(callback, "cls", None)):
        declared = {name.upper() for name in view.http_method_names if hasattr(view, name)}
    if declared is None and hasattr(callback, "view_class"):
        declared = {
            name.upper()
            for name in callback.view_class.http_method_names
            if hasattr(callback.view_class, name)
        }
    return frozenset(declared or ()) - {"HEAD", "OPTIONS"}


def _decorated(view: Any) -> list[str] | None:
    """The list that `require_http_methods`, outermost or below other decorators, was given."""
    while hasattr(view, "__code__"):
        held = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))
        if "request_method_list" in held:
            return list(held["request_method_list"].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return None
