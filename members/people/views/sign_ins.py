"""Where a person is signed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.http.sign_in_required import login_required
from members.people import actions
from members.people.queries import sign_ins_of
from members.people.requests import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign_ins(request: PersonRequest) -> HttpResponse:
    """List the person's sign-ins; a POST ends all but the current one."""
    own_key = request.session.session_key
    if request.method == "POST":
        actions.end_sign_ins(person=request.user, except_key=own_key)
        messages.success(request, _("Signed out everywhere else."))
        return redirect("settings_sign_ins")
    context = {"sign_ins": sign_ins_of(request.user), "own_key": own_key}
    return render(request, "people/sign_ins.html", context)
