"""A person's API tokens: list, create, revoke."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Invalid, WrongState
from common.http.form_handling import posted
from common.http.sign_in_required import login_required
from members.people import api_tokens
from members.people.forms import TokenForm
from members.people.models import ApiToken
from members.people.recent_sign_in import recent_sign_in_for, recent_sign_in_required
from members.people.requests import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def tokens(request: PersonRequest) -> HttpResponse:
    """List the person's tokens and create one; only the response to the form shows a secret."""
    form = TokenForm(posted(request))
    secret = _create(request, form) if form.is_valid() else ""
    context = {
        "form": TokenForm() if secret else form,
        "secret": secret,
        "tokens": list(ApiToken.objects.filter(user=request.user)),
    }
    status = 422 if form.is_bound and not secret else 200
    response = render(request, "people/tokens.html", context, status=status)
    if secret:
        response["Cache-Control"] = "private, no-store"
    return response


def _create(request: PersonRequest, form: TokenForm) -> str:
    """Create a token and return its secret; "" with an error in the form if that was refused."""
    try:
        _token, secret = api_tokens.create_token(
            actor=request.user,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            valid=form.valid(),
        )
    except (Invalid, WrongState) as error:
        form.add_error(getattr(error, "field", None), error.message)
        return ""
    return secret


@require_POST
@recent_sign_in_required
def revoke(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Revoke a token of the person."""
    own = ApiToken.objects.filter(user=request.user).select_related("user")
    token = get_object_or_404(own, uuid=uuid)
    api_tokens.revoke_token(actor=request.user, token=token)
    messages.success(request, _("Token revoked."))
    return redirect("settings_tokens")
