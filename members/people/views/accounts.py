"""Staff look after accounts: find one, suspend or restore it, end its tokens."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.web.pagination import page_of
from common.web.views import member_required, methods
from members.people import actions
from members.people.models import ApiToken, Person
from members.people.permissions import can_suspend
from members.people.recent_sign_in import recent_sign_in_required
from members.people.requests import PersonRequest


def _account(request: PersonRequest, uuid: UUID) -> Person:
    """Any person, for staff; for everybody else no account page exists."""
    person: Person | None = Person.objects.filter(uuid=uuid).first()
    if person is None or not request.viewer.is_staff:
        raise Http404
    return person


@methods("GET")
@member_required
def accounts(request: PersonRequest) -> HttpResponse:
    """All accounts, newest first, or those whose name or address holds what is searched."""
    if not request.viewer.is_staff:
        raise Http404
    words = request.GET.get("q", "").strip()[:100]
    page = page_of(Person.objects.matching(words), request.GET.dict())
    return render(request, "people/accounts.html", {"page": page, "words": words})


@methods("GET")
@member_required
def account(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """One account: its state, when it was last used, its tokens."""
    person = _account(request, uuid)
    context = {
        "person": person,
        "tokens": list(ApiToken.objects.filter(user=person)),
        "may_suspend": can_suspend(request.viewer, person),
    }
    return render(request, "people/account.html", context)


@methods("POST")
@recent_sign_in_required
def suspend(request: PersonRequest, uuid: UUID) -> HttpResponse:
    person = _account(request, uuid)
    actions.suspend(actor=request.user, person=person)
    messages.success(request, _("The account is suspended, and all its sign-ins have ended."))
    return redirect("staff-account", uuid=uuid)


@methods("POST")
@recent_sign_in_required
def restore(request: PersonRequest, uuid: UUID) -> HttpResponse:
    person = _account(request, uuid)
    actions.restore(actor=request.user, person=person)
    messages.success(request, _("The account is restored."))
    return redirect("staff-account", uuid=uuid)


@methods("POST")
@member_required
def revoke(request: PersonRequest, uuid: UUID, token_uuid: UUID) -> HttpResponse:
    """Staff end a token of somebody's; they never see its secret."""
    person = _account(request, uuid)
    token = ApiToken.objects.filter(user=person, uuid=token_uuid).select_related("user").first()
    if token is None:
        raise Http404
    actions.revoke_token(actor=request.user, token=token)
    messages.success(request, _("The token is revoked."))
    return redirect("staff-account", uuid=uuid)
