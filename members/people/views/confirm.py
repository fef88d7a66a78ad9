"""Confirm who a person is by a mailed code, if they have neither password nor authenticator."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.http import throttling
from common.http.form_handling import status_of
from common.http.sign_in_required import login_required
from members.people import mails
from members.people.anonymous_mail import may_mail
from members.people.choices import CODE_ATTEMPTS, CODE_VALID
from members.people.forms import CodeForm
from members.people.requests import PersonRequest
from members.people.sessions import guesses_one_by_one

STATE = "confirm_by_code"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@guesses_one_by_one
def confirm_by_code(request: PersonRequest) -> HttpResponse:
    """Ask for a mailed code, then go on with what the person was about to do.

    A person with a password or an authenticator is sent to that page instead. Only a POST sends
    the mail, since programs follow links.
    """
    way = get_adapter().get_reauthentication_methods(request.user)[0]
    if way["url"] != request.path:
        return redirect(f"{way['url']}?{request.GET.urlencode()}")
    if request.method == "POST" and "send" in request.POST:
        return _send(request)
    code = _open_code(request)
    typed = request.POST if code and request.method == "POST" else None
    form = CodeForm(typed, expected=code)
    if form.is_valid():
        del request.session[STATE]
        record_authentication(request, request.user, method="code", reauthenticated=True)
        resumed: HttpResponse | None = resume_request(request)
        return resumed or redirect("settings_profile")
    if form.is_bound:
        _count_attempt(request)
    context = {"form": form, "is_sent": bool(code), "next": request.GET.get("next", "")}
    return render(request, "people/confirm_by_code.html", context, status=status_of(form))


def _send(request: PersonRequest) -> HttpResponse:
    throttling.check("code", request.user.pk, limit=3, per_seconds=60)
    code = get_adapter().generate_login_code()
    request.session[STATE] = {"code": code, "at": time.time(), "left": CODE_ATTEMPTS}
    if may_mail(request, request.user.email):
        mails.queue_code(to_address=request.user.email, purpose="confirm_person", code=code)
    return redirect(request.get_full_path())


def _open_code(request: PersonRequest) -> str:
    """Return the mailed code; "" once it has expired or was guessed wrongly too often."""
    state = request.session.get(STATE)
    if state is None:
        return ""
    if time.time() - state["at"] > CODE_VALID.total_seconds() or state["left"] <= 0:
        del request.session[STATE]
        return ""
    return str(state["code"])


def _count_attempt(request: PersonRequest) -> None:
    request.session[STATE]["left"] -= 1
    request.session.modified = True
