"""Sign in to the API with a personal token."""

from hmac import compare_digest

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from common.http.page_limit import count_account, count_visitor
from members.people import api_tokens, second_factor
from members.people.choices import SEEN_EVERY, Scope
from members.people.models import ApiToken, Person


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer …`. The token has the rights that its owner has at this moment.

    One query; unlike knox, expired tokens are not deleted here. Reading needs the scope "read",
    everything else "write".
    """

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        try:
            caller: tuple[Person, ApiToken] | None = super().authenticate(request)
        except AuthenticationFailed:
            count_visitor(request._request)
            raise
        if caller is None:
            if not request._request.user.is_authenticated and "HTTP_AUTHORIZATION" in request.META:
                count_visitor(request._request)
        else:
            count_account(caller[0].pk)
            self._check_scope(caller[1], request.method or "")
        return caller

    def authenticate_credentials(self, token: bytes) -> tuple[Person, ApiToken]:
        try:
            secret = token.decode("ascii")
        except UnicodeDecodeError:
            raise AuthenticationFailed(_("This token is not valid.")) from None
        digest = hash_token(secret)
        candidates = ApiToken.objects.filter(
            token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH], expiry__gt=timezone.now()
        ).select_related("user")
        for candidate in candidates:
            if compare_digest(candidate.digest, digest) and candidate.user.is_active:
                self._check_second_factor(candidate.user)
                self._note_use(candidate)
                return candidate.user, candidate
        raise AuthenticationFailed(_("This token is not valid."))

    def _check_second_factor(self, person: Person) -> None:
        """Refuse a token whose owner has since got a role that requires a second factor."""
        is_required = second_factor.needs_second_factor(person.pk)
        if is_required and not second_factor.has_authenticator(person.pk):
            raise PermissionDenied(
                _("Your role requires a second factor. Set one up in your settings.")
            )

    def _check_scope(self, token: ApiToken, method: str) -> None:
        scope = Scope.READ if method in SAFE_METHODS else Scope.WRITE
        if scope not in token.scopes:
            raise PermissionDenied(_("This token does not have the scope for this request."))

    def _note_use(self, token: ApiToken) -> None:
        last_used_at = token.last_used_at
        if last_used_at is None or timezone.now() - last_used_at > SEEN_EVERY:
            api_tokens.note_token_used(token=token)
