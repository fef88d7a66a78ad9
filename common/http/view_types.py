"""The types of views, for the decorators that wrap them."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

AnyRequest = TypeVar("AnyRequest", bound=HttpRequest)
AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)
Arguments = ParamSpec("Arguments")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def mark(view: View, name: str) -> View:
    """Set this attribute of the view to True, for middleware and tests; return the view."""
    setattr(view, name, True)
    return view
