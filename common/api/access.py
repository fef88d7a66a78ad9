"""Who can use an endpoint at all. A module of its own, since DRF imports it while it loads."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """The default, so that an endpoint without `permission_classes` serves nobody."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        return False


class SignedIn(BasePermission):
    """Everybody who is signed in, by session or token; each queryset filters what they can see."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        return bool(request.user and request.user.is_authenticated)


class Anybody(BasePermission):
    """Everybody, signed in or not; each queryset filters what they can see."""
