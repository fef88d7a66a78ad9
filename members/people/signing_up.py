"""Sign up: a name, an address and a password wait in the session for a mailed code.

No account exists before its address is proved. So a known address costs the same hash, queries and
mail as a new one, and nobody can claim an address that is not theirs.
"""

import time
from dataclasses import asdict, dataclass
from uuid import uuid4

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.cryptokit import compare_user_code
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.errors import Invalid, WrongState
from common.http import throttling
from members.people import actions
from members.people.choices import CODE_ATTEMPTS, CODE_VALID
from members.people.models import Person

STATE = "signing_up"
# Further codes that one sign-up can ask for.
MORE_CODES_AT_MOST = 2


@dataclass
class SigningUp:
    """A sign-up that waits for its code; `code` is "" if the address already has an account."""

    key: str
    name: str
    address: str
    password_hash: str
    code: str
    is_known: bool
    asked_at: float
    asked_again: int
    next: str

    @property
    def can_ask_again(self) -> bool:
        return self.asked_again < MORE_CODES_AT_MOST


def begin(request: HttpRequest, *, name: str, address: str, password: str, is_known: bool) -> None:
    """Mail the address a code, or that it already has an account."""
    sign_up = SigningUp(
        key=uuid4().hex,
        name=name,
        address=address,
        password_hash=make_password(password),
        code="",
        is_known=is_known,
        asked_at=time.time(),
        asked_again=0,
        next=get_next_redirect_url(request) or "",
    )
    _mail(request, sign_up)


def mail_again(request: HttpRequest, sign_up: SigningUp) -> None:
    """Mail another code if the sign-up can ask for one; the former code stops working."""
    if sign_up.can_ask_again:
        sign_up.asked_again += 1
        sign_up.asked_at = time.time()
        _mail(request, sign_up)


def waiting(request: HttpRequest) -> SigningUp | None:
    """Return the sign-up that waits in this session for its code."""
    stored = request.session.get(STATE)
    if not stored:
        return None
    sign_up = SigningUp(**stored)
    if time.time() - sign_up.asked_at > CODE_VALID.total_seconds():
        del request.session[STATE]
        return None
    return sign_up


def finish(request: HttpRequest, sign_up: SigningUp, code: str) -> Person:
    """Create the account whose address this code proves.

    Raises Invalid for a wrong code; WrongState after three, which end the sign-up; Conflict when
    the address has got an account meanwhile. Guesses are counted before they are compared.
    """
    if throttling.count_within_limits(
        "code", sign_up.key, (CODE_ATTEMPTS, int(CODE_VALID.total_seconds()))
    ):
        request.session.pop(STATE, None)
        raise WrongState(_("Too many wrong codes. Start again to get a new one."))
    if not sign_up.code or not compare_user_code(actual=code, expected=sign_up.code):
        raise Invalid(_("This is not the code we sent. Check the latest e-mail."), field="code")
    request.session.pop(STATE, None)
    return actions.create_person(
        actor=None,
        email=sign_up.address,
        name=sign_up.name,
        password_hash=sign_up.password_hash,
        email_confirmed=True,
    )


def _mail(request: HttpRequest, sign_up: SigningUp) -> None:
    adapter = get_adapter()
    code = adapter.generate_email_verification_code()
    if sign_up.is_known:
        adapter.send_account_already_exists_mail(sign_up.address)
    else:
        sign_up.code = code
        template = "account/email/email_confirmation_signup"
        adapter.send_mail(template, sign_up.address, {"code": code})
    request.session[STATE] = asdict(sign_up)
