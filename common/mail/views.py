"""The development mailbox, which answers 404 outside of development."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.mail import mailbox


@require_safe
def mailbox_list(request: HttpRequest) -> HttpResponse:
    """List the caught mails, newest first, 50 a page."""
    if not settings.DEVELOPMENT:
        raise Http404
    letters, older = mailbox.letters(request.GET.get("before", ""))
    return render(request, "mail/mailbox.html", {"letters": letters, "older": older})


@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """Show one caught mail: its headers, its text with links, and its HTML."""
    letter = mailbox.find(name) if settings.DEVELOPMENT else None
    if letter is None:
        raise Http404
    return render(request, "mail/letter.html", {"letter": letter})
