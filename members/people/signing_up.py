"""Signing up: a name, an address and a password wait in the browser's session for a mailed code.

No account exists before its address is proved. So an address that already has one costs the same
hash, queries and mail as a new one, and nobody can claim an address that is not theirs.
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
# Further codes that one sign-up may ask for.
CODES_AGAIN = 2


@dataclass
class SigningUp:
    """What waits for the code; `code` is empty where the address already has an account."""

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
        return self.asked_again < CODES_AGAIN


def begin(request: HttpRequest, *, name: str, address: str, password: str, is_known: bool) -> None:
    """Mail a code to the address, or the news that it already has an account."""
    state = SigningUp(
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
    _mail(request, state)


def mail_again(request: HttpRequest, state: SigningUp) -> None:
    """Send another code, while this sign-up may ask for one; the former stops working."""
    if state.can_ask_again:
        state.asked_again += 1
        state.asked_at = time.time()
        _mail(request, state)


def waiting(request: HttpRequest) -> SigningUp | None:
    """The sign-up that waits in this browser for its code."""
    held = request.session.get(STATE)
    if not held:
        return None
    state = SigningUp(**held)
    if time.time() - state.asked_at > CODE_VALID.total_seconds():
        del request.session[STATE]
        return None
    return state


def finish(request: HttpRequest, state: SigningUp, code: str) -> Person:
    """Open the account whose address this code proves.

    Raises Invalid for a wrong code; WrongState after three, which end the sign-up; Conflict when
    the address was given an account meanwhile. Guesses are counted before they are compared.
    """
    if throttling.take("code", state.key, (CODE_ATTEMPTS, int(CODE_VALID.total_seconds()))):
        request.session.pop(STATE, None)
        raise WrongState(_("Too many wrong codes. Start again to get a new one."))
    if not state.code or not compare_user_code(actual=code, expected=state.code):
        raise Invalid(_("This is not the code we sent. Check the latest e-mail."), field="code")
    request.session.pop(STATE, None)
    return actions.create_person(
        actor=None,
        email=state.address,
        name=state.name,
        password_hash=state.password_hash,
        email_confirmed=True,
    )


def _mail(request: HttpRequest, state: SigningUp) -> None:
    adapter = get_adapter()
    code = adapter.generate_email_verification_code()
    if state.is_known:
        adapter.send_account_already_exists_mail(state.address)
    else:
        state.code = code
        adapter.send_mail("account/email/email_confirmation_signup", state.address, {"code": code})
    request.session[STATE] = asdict(state)
