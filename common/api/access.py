"""Who may use an endpoint at all. Apart from `api.py`, since DRF reads this while it loads itself."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """The default: an endpoint whose author forgot to say who may use it serves nobody."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        return False


class SignedIn(BasePermission):
    """Anybody signed in, by session or token; what they may see is each queryset's matter."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        return bool(request.user and request.user.is_authenticated)


class Anybody(BasePermission):
    """The public reads here too; each queryset says what."""
