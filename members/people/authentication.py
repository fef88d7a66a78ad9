"""Signing in to the API by a personal token."""

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
from members.people import actions, second_factor
from members.people.choices import SEEN_EVERY, Scope
from members.people.models import ApiToken, Person


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer …`. The token acts with its owner's rights of this moment, no more.

    One query, and none of knox's deleting of expired tokens on the way. Reading wants the scope
    "read", everything else "write".
    """

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        try:
            found: tuple[Person, ApiToken] | None = super().authenticate(request)
        except AuthenticationFailed:
            count_visitor(request._request)
            raise
        if found is None:
            if not request._request.user.is_authenticated and "HTTP_AUTHORIZATION" in request.META:
                count_visitor(request._request)
        else:
            count_account(found[0].pk)
            self._check_scope(found[1], request.method or "")
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[Person, ApiToken]:
        try:
            secret = token.decode("ascii")
        except UnicodeDecodeError:
            raise AuthenticationFailed(_("This token is not valid.")) from None
        digest = hash_token(secret)
        known = ApiToken.objects.filter(
            token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH], expiry__gt=timezone.now()
        ).select_related("user")
        for candidate in known:
            if compare_digest(candidate.digest, digest) and candidate.user.is_active:
                self._check_second_factor(candidate.user)
                self._note_use(candidate)
                return candidate.user, candidate
        raise AuthenticationFailed(_("This token is not valid."))

    def _check_second_factor(self, person: Person) -> None:
        """A token made before its owner had such a role is no way around the second factor."""
        if second_factor.needs_second_factor(person.pk) and not second_factor.has_one(person.pk):
            raise PermissionDenied(_("Your role needs a second factor. Set one up."))

    def _check_scope(self, token: ApiToken, method: str) -> None:
        wanted = Scope.READ if method in SAFE_METHODS else Scope.WRITE
        if wanted not in token.scopes:
            raise PermissionDenied(_("This token may not do that: it lacks a scope."))

    def _note_use(self, token: ApiToken) -> None:
        used = token.last_used_at
        if used is None or timezone.now() - used > SEEN_EVERY:
            actions.note_token_used(token=token)
