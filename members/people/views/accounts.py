"""Pages on which staff find accounts, suspend and restore them, and reset second factors."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.http.errors import not_found_unless
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.pagination import page_of
from common.http.sign_in_required import login_required
from members.people import actions, api_tokens, factor_resets
from members.people.forms import ResetSecondFactorForm
from members.people.models import ApiToken, Person, SecondFactorReset
from members.people.permissions import can_agree_to_reset, can_reset_second_factor, can_suspend
from members.people.recent_sign_in import recent_sign_in_for, recent_sign_in_required
from members.people.requests import PersonRequest
from members.people.second_factor import factors_of


def _account(request: PersonRequest, uuid: UUID) -> Person:
    """Return any person for staff. Raises Http404 for other viewers."""
    not_found_unless(request.viewer.is_staff)
    return get_object_or_404(Person, uuid=uuid)


@require_safe
@login_required
def accounts(request: PersonRequest) -> HttpResponse:
    """List all accounts, or those whose name or address matches the search."""
    not_found_unless(request.viewer.is_staff)
    words = request.GET.get("q", "").strip()[:100]
    page = page_of(Person.objects.matching(words), request.GET.dict())
    context = {"page": page, "words": words, "open_resets": factor_resets.open_resets()}
    return render(request, "people/accounts.html", context)


@require_safe
@login_required
def account(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Show one account with its state, second factors and tokens."""
    person = _account(request, uuid)
    reset = factor_resets.open_reset(person)
    context = {
        "person": person,
        "tokens": list(ApiToken.objects.filter(user=person)),
        "can_suspend": can_suspend(request.viewer, person),
        "factors": factors_of(person.pk),
        "reset": reset,
        "can_reset": can_reset_second_factor(request.viewer, person),
        "can_agree": reset is not None and can_agree_to_reset(request.viewer, reset),
        "resets": person.second_factor_resets.filter(done_at__isnull=False).select_related(
            "asked_by", "agreed_by"
        ),
    }
    return render(request, "people/account.html", context)


@require_POST
@recent_sign_in_required
def suspend(request: PersonRequest, uuid: UUID) -> HttpResponse:
    actions.suspend(actor=request.user, person=_account(request, uuid))
    messages.success(request, _("Account suspended. All its sign-ins and tokens have ended."))
    return redirect("staff-account", uuid=uuid)


@require_POST
@recent_sign_in_required
def restore(request: PersonRequest, uuid: UUID) -> HttpResponse:
    actions.restore(actor=request.user, person=_account(request, uuid))
    messages.success(request, _("Account restored."))
    return redirect("staff-account", uuid=uuid)


@require_POST
@login_required
def revoke(request: PersonRequest, uuid: UUID, token_uuid: UUID) -> HttpResponse:
    """Revoke a person's token; staff never see its secret."""
    tokens = ApiToken.objects.filter(user=_account(request, uuid)).select_related("user")
    token = get_object_or_404(tokens, uuid=token_uuid)
    api_tokens.revoke_token(actor=request.user, token=token)
    messages.success(request, _("Token revoked."))
    return redirect("staff-account", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def reset_second_factor(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Explain the reset of a person's second factor, then do it or ask a second staff member."""
    person = _account(request, uuid)
    can_reset_second_factor.require(request.viewer, person)
    form = ResetSecondFactorForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            reset = factor_resets.reset_second_factor(
                actor=request.user, person=person, **form.cleaned_data
            )
            messages.success(request, _outcome(reset))
            return redirect("staff-account", uuid=uuid)
    context = {
        "person": person,
        "form": form,
        "factors": factors_of(person.pk),
        "needs_second": factor_resets.needs_second_agreement(person),
    }
    status = status_of(form)
    return render(request, "people/reset_second_factor.html", context, status=status)


@require_POST
@recent_sign_in_required
def agree_to_reset(request: PersonRequest, uuid: UUID, reset_uuid: UUID) -> HttpResponse:
    """Carry out a reset that another staff member asked for."""
    reset = factor_resets.agree_to_reset(
        actor=request.user, reset=_reset(request, uuid, reset_uuid)
    )
    messages.success(request, _outcome(reset))
    return redirect("staff-account", uuid=uuid)


@require_POST
@recent_sign_in_required
def withdraw_reset(request: PersonRequest, uuid: UUID, reset_uuid: UUID) -> HttpResponse:
    """Withdraw a reset that waits for a second staff member."""
    factor_resets.withdraw_reset(actor=request.user, reset=_reset(request, uuid, reset_uuid))
    messages.success(request, _("Reset withdrawn. Nothing has changed for the person."))
    return redirect("staff-account", uuid=uuid)


def _reset(request: PersonRequest, uuid: UUID, reset_uuid: UUID) -> SecondFactorReset:
    resets = _account(request, uuid).second_factor_resets.select_related("person", "asked_by")
    return get_object_or_404(resets, uuid=reset_uuid)


def _outcome(reset: SecondFactorReset) -> str:
    if reset.done_at is None:
        return _("Reset requested. A second member of staff has to agree. We have e-mailed them.")
    return _(
        "Second factor reset. All sign-ins and tokens have ended. We have e-mailed the person."
    )
