"""Pages on which an applicant writes, sends, follows and withdraws an application."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
    """Show a sent application with its progress; a draft continues at its first missing step."""
    own = _own(request, uuid)
    if own.state == ApplicationState.DRAFT:
        if missing := missing_steps(own):
            return redirect("application-step", own.uuid, missing[0].code)
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
    """Ask one question. Valid answers are saved even if others on the page have errors."""
    own = _own(request, uuid)
    current = step_named(code)
    if current is None:
        raise Http404
    if own.state != ApplicationState.DRAFT:
        return redirect("application", own.uuid)
    form = current.form(posted(request), instance=own, initial=current.form.suggestions(own))
    if request.method == "POST":
        is_valid = form.is_valid()
        applications.save_step(actor=request.user, application=own, values=dict(form.cleaned_data))
        if "leave" in request.POST:
            messages.success(request, _("Answers saved. You can continue at any time."))
            return redirect("applications")
        if is_valid:
            return _next(own, current)
    context = {
        "application": own,
        "step": current,
        "question": current.question_for(own),
        "number": STEPS.index(current) + 1,
        "before": STEPS[STEPS.index(current) - 1] if current != STEPS[0] else None,
        "form": form,
        "progress": _progress(own, current),
    }
    return render(request, "onboarding/step.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def send(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Show all answers for a last check, and send the application."""
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
    """Explain what withdrawing means, then withdraw."""
    own = _own(request, uuid)
    if request.method == "POST":
        applications.withdraw(actor=request.user, application=own)
        messages.success(request, _("Application withdrawn."))
        return redirect("applications")
    if own.state not in applications.FROM["withdraw"]:
        return redirect("application", own.uuid)
    return render(request, "onboarding/withdraw.html", {"application": own})


def _own(request: PersonRequest, uuid: UUID) -> Application:
    """Return the viewer's own application. Raises Http404; staff see others' in the queue."""
    rows = Application.objects.select_related("organization")
    return get_object_or_404(rows, applicant=request.user, uuid=uuid)


def _next(own: Application, current: Step) -> HttpResponse:
    following = STEPS.index(current) + 1
    if following < len(STEPS):
        return redirect("application-step", own.uuid, STEPS[following].code)
    return redirect("application-send", own.uuid)


def _progress(own: Application, current: Step | None) -> list[tuple[Step, bool, bool]]:
    """Return each step with whether it is complete and whether it is the current one."""
    return [(one, is_complete(one, own), one is current) for one in STEPS]
