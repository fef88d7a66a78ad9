"""Former addresses lead to the present one, for those who may know the thing."""

import re
from collections.abc import Callable

from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from common.addresses.kinds import addressed_kind, with_address
from common.addresses.spelling import address_of

ADDRESS_IN_ROUTE = re.compile(r"<(?P<kind>\w+)_address:(?P<name>\w+)>")


class FormerAddresses:
    """Middleware: where a page is missing, look whether its address is a former one.

    Asks only after a 404, so that an ordinary request costs nothing. Every such 404 asks the same
    single query, whether the thing is hidden, was never there, or has the address now.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        return moved(request) or response


def moved(request: HttpRequest) -> HttpResponse | None:
    """The redirect to where this page is now, or None if the viewer knows no such thing.

    GET gets 301. Anything else gets 308, which sends the form again and loses nothing typed.
    """
    match = request.resolver_match
    if match is None or (found := ADDRESS_IN_ROUTE.search(match.route)) is None:
        return None
    kind, name = addressed_kind(found["kind"]), found["name"]
    typed = match.kwargs[name]
    things = kind.visible(request.viewer)  # type: ignore[attr-defined]
    known = things.filter(uuid__in=with_address(kind.name, typed, address_of(typed)))
    # What was typed letter by letter goes before another spelling of it.
    exact = Q(uuid__in=with_address(kind.name, typed))
    current = (
        known.order_by(Case(When(exact, then=0), default=1)).values_list("slug", flat=True).first()
    )
    if current is None or current == typed:
        return None
    path = reverse(match.view_name, kwargs={**match.kwargs, name: current})
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponse(status=301 if request.method in {"GET", "HEAD"} else 308)
    response["Location"] = f"{path}?{query}" if query else path
    # Who may follow depends on the reader, and staff can give a thing its former address back.
    response["Cache-Control"] = "private, no-cache"
    return response
