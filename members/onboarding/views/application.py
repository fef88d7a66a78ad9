"""An application in the hands of its applicant: step by step, checked, sent, followed, withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.http.form_handling import posted, status_of
from common.http.sign_in_required import login_required
from members.onboarding import queries
from members.onboarding.actions import applications
from members.onboarding.choices import ApplicationState
from members.onboarding.forms.steps import STEPS, Step, is_complete, missing_steps, step_named
from members.onboarding.models import Application
from members.onboarding.permissions import can_sign
from members.people.requests import PersonRequest


@require_safe
@login_required
def application(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Where it stands: on with a draft, or what happens to one that was sent."""
    own = _own(request, uuid)
    if own.state == ApplicationState.DRAFT:
        missing = missing_steps(own)
        first = missing[0].code if missing else ""
        if first:
            return redirect("application-step", own.uuid, first)
        return redirect("application-send", own.uuid)
    context = {
        "application": own,
        "answers": [(step, step.answers(own)) for step in STEPS],
        "signatory": queries.signatory_of(own.organization) if own.organization else None,
        "can_sign": own.organization is not None and can_sign(request.viewer, own.organization),
        "is_member": own.state == ApplicationState.APPROVED
        and not Application.objects.awaiting_signature().filter(pk=own.pk).exists(),
        "can_withdraw": own.state in applications.FROM["withdraw"],
    }
    return render(request, "onboarding/application.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def step(request: PersonRequest, uuid: UUID, code: str) -> HttpResponse:
    """One question. What is right is kept even where something else on the page is wrong."""
    own = _own(request, uuid)
    here = step_named(code)
    if here is None:
        raise Http404
    if own.state != ApplicationState.DRAFT:
        return redirect("application", own.uuid)
    form = here.form(posted(request), instance=own, initial=here.form.suggestions(own))
    if request.method == "POST":
        is_valid = form.is_valid()
        applications.save_step(actor=request.user, application=own, values=dict(form.cleaned_data))
        if "leave" in request.POST:
            messages.success(request, _("Answers saved. You can continue at any time."))
            return redirect("applications")
        if is_valid:
            return _next(own, here)
    context = {
        "application": own,
        "step": here,
        "question": here.question_for(own),
        "number": STEPS.index(here) + 1,
        "before": STEPS[STEPS.index(here) - 1] if here != STEPS[0] else None,
        "form": form,
        "progress": _progress(own, here),
    }
    return render(request, "onboarding/step.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def send(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Every answer once more, then it goes to staff."""
    own = _own(request, uuid)
    if own.state != ApplicationState.DRAFT:
        return redirect("application", own.uuid)
    missing = missing_steps(own)
    if request.method == "POST" and not missing:
        applications.send(actor=request.user, application=own)
        messages.success(request, _("Application sent."))
        return redirect("application", own.uuid)
    context = {
        "application": own,
        "answers": [(step, step.answers(own), step in missing) for step in STEPS],
        "missing": missing,
        "progress": _progress(own, None),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "onboarding/send.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Says what withdrawing means, then does it."""
    own = _own(request, uuid)
    if request.method == "POST":
        applications.withdraw(actor=request.user, application=own)
        messages.success(request, _("Application withdrawn."))
        return redirect("applications")
    if own.state not in applications.FROM["withdraw"]:
        return redirect("application", own.uuid)
    return render(request, "onboarding/withdraw.html", {"application": own})


def _own(request: PersonRequest, uuid: UUID) -> Application:
    """The applicant's own application; for staff, too, others' are worked on in the queue."""
    found = Application.objects.filter(applicant=request.user, uuid=uuid)
    own = found.select_related("organization").first()
    if own is None:
        raise Http404
    return own


def _next(own: Application, here: Step) -> HttpResponse:
    place = STEPS.index(here) + 1
    if place < len(STEPS):
        return redirect("application-step", own.uuid, STEPS[place].code)
    return redirect("application-send", own.uuid)


def _progress(own: Application, here: Step | None) -> list[tuple[Step, bool, bool]]:
    """The list of steps: each with whether it is complete and whether one is there."""
    return [(one, is_complete(one, own), one is here) for one in STEPS]
