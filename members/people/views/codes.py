"""The pages on which a mailed code is typed in: the same whether or not the address is known."""

from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.signup import send_unknown_account_mail
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from common.errors import Conflict, Invalid, WrongState
from common.http.form_handling import add_refusal, posted, status_of
from common.http.requests import Request
from members.people import signing_up
from members.people.forms import TypedCodeForm
from members.people.models import Person
from members.people.sign_in import sign_in


class ConfirmSignInCode(account.ConfirmLoginCodeView):
    """allauth's page, which mails again whatever it mailed first and asks the same queries."""

    def dispatch(self, request: Request, *args: Any, **options: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **options)
        stage = getattr(request, "_login_stage", None)
        if stage is not None and stage.login.user is None:
            _ask_for_nobody()
        return response

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super()._resend_form_valid(form)
        if not self._process.user:
            send_unknown_account_mail(self.request, self._process.state["email"])
        return response


class ConfirmResetCode(account.ConfirmPasswordResetCodeView):
    """allauth's page, which asks the same queries for an address that nobody has."""

    def form_invalid(self, form: Any) -> HttpResponse:
        if self._process.user is None:
            _ask_for_nobody()
        response: HttpResponse = super().form_invalid(form)
        return response


confirm_sign_in_code = ConfirmSignInCode.as_view()
confirm_reset_code = ConfirmResetCode.as_view()


def _ask_for_nobody() -> None:
    """The query that allauth asks where a code belongs to a person: the time is to be the same."""
    Person.objects.filter(pk=0).first()


def confirm_address(request: Request) -> HttpResponseBase:
    """Take the code of a sign-up; for any other address that waits for a code, allauth's page."""
    state = None if request.user.is_authenticated else signing_up.waiting(request)
    if state is None:
        response: HttpResponseBase = account.email_verification_sent(request)
        return response
    if request.POST.get("action") == "resend":
        signing_up.mail_again(request, state)
        return redirect("account_email_verification_sent")
    form = TypedCodeForm(posted(request))
    if form.is_valid():
        try:
            person = signing_up.finish(request, state, form.cleaned_data["code"])
        except Invalid as error:
            add_refusal(form, error)
        except (WrongState, Conflict) as error:
            messages.error(request, error.message)
            return redirect("account_login")
        else:
            return sign_in(request, person, redirect_url=state.next or settings.LOGIN_REDIRECT_URL)
    context = {
        "verify_form": form,
        "email": state.address,
        "can_resend": state.can_ask_again,
        "redirect_field_name": REDIRECT_FIELD_NAME,
        "redirect_field_value": state.next,
    }
    template = "account/confirm_email_verification_code.html"
    return render(request, template, context, status=status_of(form))
