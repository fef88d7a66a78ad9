"""Redirect former addresses to the current one, for viewers who may know the thing."""

import re

from django.db.models import Case, Q, When
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from common.addresses.kinds import addressed_kind, with_address
from common.addresses.spelling import address_of
from common.http.requests import Request

ADDRESS_IN_ROUTE = re.compile(r"<(?P<kind>\w+)_address:(?P<name>\w+)>")


class FormerAddresses(MiddlewareMixin):
    """Middleware: on a 404, redirect if the address is a former one.

    Only a 404 makes a query, so an ordinary request costs nothing. Every such 404 makes the same
    single query, whether the thing is hidden, never existed, or has the address now.
    """

    def process_response(self, request: Request, response: HttpResponseBase) -> HttpResponseBase:
        redirect = moved(request) if response.status_code == 404 else None
        return redirect or response


def moved(request: Request) -> HttpResponse | None:
    """Return the redirect to the page's current address; None if the viewer knows no such thing.

    GET and HEAD get 301. Anything else gets 308, which sends the form again, so no input is lost.
    """
    match = request.resolver_match
    if match is None or (part := ADDRESS_IN_ROUTE.search(match.route)) is None:
        return None
    kind, name = addressed_kind(part["kind"]), part["name"]
    typed = match.kwargs[name]
    known = kind.visible(request.viewer).filter(
        uuid__in=with_address(kind.name, typed, address_of(typed))
    )
    # The address exactly as typed comes before another spelling of it.
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
