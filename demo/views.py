"""One-click sign-in as a person of the demo. The page exists in development only."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.http.requests import Request
from demo.cast import CAST, PASSWORD, address_of
from members.people.models import Person
from members.people.sign_in import sign_in_at_once


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """List the roles of the demo; a POST signs in as the person who has one of them."""
    if not settings.DEVELOPMENT:
        raise Http404
    people = {
        person.email: person
        for person in Person.objects.active().filter(email__in=[role.email for role in CAST])
    }
    if request.method == "POST":
        person = people.get(address_of(request.POST.get("role", "")) or "")
        if person is None:
            raise Http404
        sign_in_at_once(request, person)
        return redirect(settings.LOGIN_REDIRECT_URL)
    cast = [(role, people.get(role.email)) for role in CAST]
    context = {"cast": cast, "password": PASSWORD}
    return render(request, "demo/sign_in.html", context)
