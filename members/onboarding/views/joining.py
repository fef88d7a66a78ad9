"""Pages that lead to an application: what joining means, then an address and its code."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import Invalid, WrongState
from common.http.form_handling import posted, status_of
from common.http.once import once
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from members.onboarding import requests
from members.onboarding.actions import addresses, applications
from members.onboarding.forms.people import StartForm
from members.onboarding.forms.steps import STEPS
from members.onboarding.models import AgreementVersion, Application
from members.people.forms import TypedCodeForm
from members.people.models import Person
from members.people.requests import PersonRequest
from members.people.sign_in import sign_in


@public_page
@require_safe
def join(request: Request) -> HttpResponse:
    """Explain membership, the steps to it, and what the application asks."""
    context = {"steps": STEPS, "texts": list(AgreementVersion.objects.in_force())}
    return render(request, "onboarding/join.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def start(request: Request) -> HttpResponse:
    """Start an application for a signed-in person; mail a code to anyone else first.

    The response is the same whether or not the address has an account.
    """
    if request.user.is_authenticated:
        return _begin_signed_in(request)
    form = StartForm(posted(request))
    if not form.is_valid():
        status = status_of(form)
        return render(request, "onboarding/start.html", {"form": form}, status=status)
    requests.mail_code(request, address=form.cleaned_data["email"], name=form.cleaned_data["name"])
    return redirect("join-code")


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Request) -> HttpResponse:
    """Take the mailed code, sign the person in and lead on to their application."""
    if request.user.is_authenticated:
        return redirect("applications")
    address = requests.mailed_to(request)
    if not address:
        return redirect("join-start")
    form = TypedCodeForm(posted(request))
    context = {"form": form, "address": address}
    if not form.is_valid():
        status = status_of(form)
        return render(request, "onboarding/code.html", context, status=status)
    try:
        proof = requests.prove_address(request, code=form.cleaned_data["code"])
    except (Invalid, WrongState) as error:
        form.add_error("code", error.message)
        return render(request, "onboarding/code.html", context, status=422)
    person, _is_new = addresses.person_behind(proof=proof)
    return sign_in(request, person, redirect_url=_next_page(person))


@require_safe
@login_required
def own_applications(request: PersonRequest) -> HttpResponse:
    """List the person's own applications."""
    own = Application.objects.filter(applicant=request.user).select_related("organization")
    return render(request, "onboarding/applications.html", {"applications": list(own)})


def _begin_signed_in(request: Request) -> HttpResponse:
    if request.method != "POST":
        return redirect("applications")
    assert isinstance(request.user, Person)
    application = applications.begin(actor=request.user)
    return redirect("application-step", application.uuid, STEPS[0].code)


def _next_page(person: Person) -> str:
    """Return the URL of the list for a person with applications, else of a new application."""
    has_applied = Application.objects.filter(applicant=person).exists()
    if has_applied or not person.is_active:
        return reverse("applications")
    application = applications.begin(actor=person)
    return reverse("application-step", args=[application.uuid, STEPS[0].code])
