"""The address to which the button of a message is sent."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from common.errors import DomainError
from common.http.once import once
from common.http.redirects import back_to
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.undo.light_acts import take_back


@require_POST
@login_required
@once
def undo(request: Request) -> HttpResponse:
    """Take back the act that `undo` names; the page that the form names says so, or why not."""
    try:
        messages.success(request, take_back(request, request.POST.get("undo", "")))
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    return back_to(request, "/my/")
