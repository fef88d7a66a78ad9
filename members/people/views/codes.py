"""Pages to enter a mailed code, the same whether or not the address is known."""

from allauth.account import views as account
from allauth.account.internal.flows.signup import send_unknown_account_mail
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.forms import Form
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
    """allauth's page, with the same mails and queries for an unknown address."""

    def dispatch(self, request: Request, *args: object, **options: object) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **options)
        stage = getattr(request, "_login_stage", None)
        if stage is not None and stage.login.user is None:
            _query_nobody()
        return response

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super()._resend_form_valid(form)
        if not self._process.user:
            send_unknown_account_mail(self.request, self._process.state["email"])
        return response


class ConfirmResetCode(account.ConfirmPasswordResetCodeView):
    """allauth's page, with the same queries for an unknown address."""

    def form_invalid(self, form: Form) -> HttpResponse:
        if self._process.user is None:
            _query_nobody()
        response: HttpResponse = super().form_invalid(form)
        return response


confirm_sign_in_code = ConfirmSignInCode.as_view()
confirm_reset_code = ConfirmResetCode.as_view()


def _query_nobody() -> None:
    """Run the query that allauth runs for a known person, so that both take the same time."""
    Person.objects.filter(pk=0).first()


def confirm_address(request: Request) -> HttpResponseBase:
    """Take the code of a sign-up; answer with allauth's page for any other address."""
    sign_up = None if request.user.is_authenticated else signing_up.waiting(request)
    if sign_up is None:
        response: HttpResponseBase = account.email_verification_sent(request)
        return response
    if request.POST.get("action") == "resend":
        signing_up.mail_again(request, sign_up)
        return redirect("account_email_verification_sent")
    form = TypedCodeForm(posted(request))
    if form.is_valid():
        try:
            person = signing_up.finish(request, sign_up, form.cleaned_data["code"])
        except Invalid as error:
            add_refusal(form, error)
        except (WrongState, Conflict) as error:
            messages.error(request, error.message)
            return redirect("account_login")
        else:
            return sign_in(
                request, person, redirect_url=sign_up.next or settings.LOGIN_REDIRECT_URL
            )
    context = {
        "verify_form": form,
        "email": sign_up.address,
        "can_resend": sign_up.can_ask_again,
        "redirect_field_name": REDIRECT_FIELD_NAME,
        "redirect_field_value": sign_up.next,
    }
    template = "account/confirm_email_verification_code.html"
    return render(request, template, context, status=status_of(form))
